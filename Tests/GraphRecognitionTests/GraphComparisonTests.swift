import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertGraphRecognition

/// A copy of a matrix that has few bits is told from another matrix by what rounding may do.
@Suite struct GraphComparisonTests {
  private let width = 8
  /// Rows of very different sizes, of which four share a scale where blocks of 32 numbers run on over their ends.
  private var rows: [Float] {
    (0..<32 * 8).map { index in
      let number = Float(index * 7919 % 101) / 50 - 1
      return index / 8 % 4 == 0 ? number : number / 8
    }
  }

  private func rounded(_ values: [Float]) throws -> [Float] {
    let table = try #require(FourBitTable.all[0]).map { Float($0) }
    return stride(from: 0, to: values.count, by: 32).flatMap { start -> [Float] in
      let block = values[start..<start + 32]
      let scale = block.map(abs).max() ?? 1
      return block.map { value in
        scale * (table.min { abs($0 - value / scale) < abs($1 - value / scale) } ?? 0)
      }
    }
  }

  private func relation(
    _ copy: [Float], rowsPerScale: Int
  ) throws -> GraphComparison.Relation {
    let contents = ["copy": copy, "table": rows]
    let constants = ["copy", "table"].map { name in
      GraphConstant(
        tensor: TensorDescription(name: name, type: .float32, shape: Shape([32, width])),
        values: nil, isDequantized: name == "copy", bits: name == "copy" ? 4 : 8,
        rowsPerScale: name == "copy" ? rowsPerScale : 1)
    }
    let graph = try #require(
      OperatorGraph(
        nodes: [], inputs: [], outputs: [],
        constants: Dictionary(uniqueKeysWithValues: constants.map { ($0.tensor.name, $0) })))
    var comparison = GraphComparison(graph: graph)
    return try comparison.relation(of: GraphSource("copy"), to: GraphSource("table")) {
      (tensor, body) throws(FileError) in
      if let values = contents[tensor] { try unsafe body(values.span.bytes) }
    }
  }

  @Test func blocksThatRunOnOverRowsAreHeldToTheirOwnScale() throws {
    let copy = try rounded(rows)
    #expect(try relation(copy, rowsPerScale: 6) == .near)
    #expect(try relation(copy, rowsPerScale: 1) == .different)
  }

  @Test func anotherMatrixIsNoRounding() throws {
    #expect(try relation(try rounded(rows.reversed()), rowsPerScale: 6) == .different)
    var one = try rounded(rows)
    one[77] += 0.3
    #expect(try relation(one, rowsPerScale: 6) == .different)
  }
}

import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertGraphEngine
@testable import AlbertGraphs

/// TensorFlow Lite files whose graphs refer to themselves, to each other, or to nothing.
@Suite struct LiteHostileTests {
  private typealias Operator = LiteFile.Operator
  private static let add = 0

  private static func refusal(_ operators: [Operator]) -> String? {
    let error = #expect(throws: FileError.self) { try LiteFile(operators: operators).model() }
    return error?.message
  }

  @Test func aRightOneRuns() throws {
    let file = LiteFile(operators: [Operator(code: Self.add, inputs: [0, 0], outputs: [1])])
    let result = try GraphEngine(try file.model()).run(["value0": GraphRunner.floats([1, 2], [2])])
    #expect(result[0].doubles == [2, 4])
  }

  /// Data of two values that share some of their bytes; all of them they may share.
  @Test func overlappingDataAreNamed() throws {
    var file = LiteFile(operators: [Operator(code: Self.add, inputs: [0, 1], outputs: [2])])
    file.values += [[2]]
    file.outputs = [2]
    func notes(_ second: Range<Int32>) throws -> [ArchiveNote] {
      file.data = [1: 40..<48, 3: second]
      return try GraphArchive(try file.model()).notes
    }
    #expect(try notes(40..<48).isEmpty)
    #expect(try notes(48..<56).isEmpty)
    let found = try notes(44..<52)
    #expect(found.map(\.code) == ["data-overlaps"])
    #expect(
      found.first?.message
        == "the data of 'value1' and 'value3' overlap by 4 bytes (they lie at 40–48 and 44–52), so that "
        + "one of them is not read from where it is")
  }

  @Test func ringsAreErrors() {
    let ring = [
      Operator(code: Self.add, inputs: [0, 2], outputs: [1]),
      Operator(code: Self.add, inputs: [0, 1], outputs: [2]),
    ]
    #expect(Self.refusal(ring)?.contains("waits for its own result") == true)
    let own = [Operator(code: Self.add, inputs: [1, 1], outputs: [1])]
    #expect(Self.refusal(own)?.contains("waits for its own result") == true)
    let long = (0..<3000).map { index in
      Operator(code: Self.add, inputs: [Int32(index), 0], outputs: [Int32(index + 1)])
    }
    var file = LiteFile(operators: long)
    file.values = [[Int32]](repeating: [2], count: 3001)
    file.operators[0].inputs = [3000, 0]
    let error = #expect(throws: FileError.self) { try file.model() }
    #expect(error?.message.contains("waits for its own result") == true)
  }

  @Test func valuesThatTwoGiveOrNoneAreErrors() {
    let twice = [
      Operator(code: Self.add, inputs: [0, 0], outputs: [1]),
      Operator(code: Self.add, inputs: [0, 0], outputs: [1]),
    ]
    #expect(Self.refusal(twice)?.contains("two nodes give the value 'value1'") == true)
    let nothing = [Operator(code: Self.add, inputs: [0, 2], outputs: [1])]
    #expect(Self.refusal(nothing)?.contains("takes 'value2', which nothing gives") == true)
    let beyond = [Operator(code: Self.add, inputs: [0, 9], outputs: [1])]
    #expect(Self.refusal(beyond)?.contains("are values that there are not") == true)
    let before = [Operator(code: Self.add, inputs: [0, -2], outputs: [1])]
    #expect(Self.refusal(before)?.contains("are values that there are not") == true)
  }

  /// A branch or a loop names graphs by their place: its own, one that is not there, or none.
  @Test(arguments: [(118, "IF"), (119, "WHILE"), (129, "CALL_ONCE"), (31, "CALL")], [0, 1, 7, -1])
  func branchesAndLoopsAreNamedAndNotFollowed(_ known: (code: Int, name: String), graph: Int32)
    throws
  {
    var file = LiteFile(operators: [
      Operator(code: known.code, inputs: [0], outputs: [1], settings: [0: graph, 1: graph])
    ])
    file.graphs = 2
    let model = try file.model()
    let error = #expect(throws: FileError.self) { try GraphEngine(model) }
    #expect(error?.message.contains("tflite.\(known.name) (version 1)") == true)
  }

  @Test func aFileWithoutAGraphIsRefused() {
    var file = LiteFile()
    file.graphs = 0
    let error = #expect(throws: FileError.self) { try file.model() }
    #expect(error?.message.contains("the graph of the TensorFlow Lite model") == true)
  }

  /// Whatever an operator's code, too few, missing and odd values are an error or run; they never end the
  /// program.
  @Test(arguments: [[], [-1], [0], [0, -1], [-1, 0], [0, 0], [0, 0, 0, 0, 0]] as [[Int32]])
  func operatorsSurviveAnyValues(inputs: [Int32]) {
    for code in 0...210 {
      for outputs in [[], [-1], [1], [1, -1, 2]] as [[Int32]] {
        for setting in [0, 1, -1, .max] as [Int32] {
          let file = LiteFile(operators: [
            Operator(
              code: code, inputs: inputs, outputs: outputs, settings: [0: setting, 1: setting])
          ])
          do {
            let engine = try GraphEngine(try file.model())
            _ = try engine.run(["value0": GraphRunner.floats([1, 2], [2])], budget: 0.001)
          } catch is FileError {
          } catch {
            Issue.record("operator \(code): \(error)")
          }
        }
      }
    }
  }
}

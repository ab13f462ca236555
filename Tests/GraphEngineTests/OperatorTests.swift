import AlbertBytes
import AlbertGraphs
import AlbertTensors
import Testing

@testable import AlbertGraphEngine

/// Operators at their corners; ONNX's own tests cover the rest.
@Suite struct OperatorTests {
  private typealias Run = GraphRunner

  @Test func additionRepeatsExtentsOfOne() throws {
    let sum = try Run.run(
      "Add", [Run.floats([1, 2, 3], [3, 1]), Run.floats([10, 20], [1, 2])])[0]
    #expect(sum.dimensions == [3, 2])
    #expect(sum.doubles == [11, 21, 12, 22, 13, 23])
  }

  @Test func integersOverflowAsTheirTypeDoes() throws {
    let bytes = GraphValue([Int64(250), 7], .uint8, Shape([2]))
    #expect(try Run.run("Add", [bytes, bytes])[0].integers == [244, 14])
    let signed = GraphValue([Int64(-128), 100], .int8, Shape([2]))
    #expect(try Run.run("Mul", [signed, signed])[0].integers == [0, 16])
  }

  @Test func unsignedIntegersOf64BitsKeepAllOfThem() throws {
    let large = GraphValue([Int64(bitPattern: .max), 3], .uint64, Shape([2]))
    let two = GraphValue([Int64(2), 2], .uint64, Shape([2]))
    #expect(try Run.run("Div", [large, two])[0].integers == [Int64.max, 1])
    #expect(try Run.run("Greater", [large, two])[0].doubles == [1, 1])
    #expect(try Run.run("Max", [large, two])[0].integers == [-1, 3])
  }

  @Test func divisionByZeroNamesTheNode() throws {
    let error = #expect(throws: FileError.self) {
      try Run.run("Div", [Run.integers([4]), Run.integers([0])])
    }
    #expect(
      error?.message
        == "node 'n' (Div): an integer is divided by zero; it takes int64 [1], int64 [1]")
  }

  /// As numbers these are 2^63, which no integer is, and minus infinity.
  @Test func integersWhoseLogarithmIsNoneEndInNoCrash() throws {
    let most = Run.integers([.max, 3], [1, 2])
    #expect(try Run.run("ReduceLogSumExp", [most])[0].integers == [.max])
    #expect(try Run.run("ReduceLogSumExp", [Run.integers([4, 4], [1, 2])])[0].integers == [4])
    let error = #expect(throws: FileError.self) {
      try Run.run("ReduceLogSumExp", [Run.integers([], [1, 0])])
    }
    #expect(
      error?.message
        == "node 'n' (ReduceLogSumExp): of no elements there is no result; it takes int64 [1, 0]")
  }

  /// Read as later versions have it, such a node would be computed without what it states.
  @Test(arguments: [
    ("ReduceMean", "axes", 18), ("ReduceSum", "axes", 13), ("Squeeze", "axes", 13),
    ("Clip", "max", 11),
  ])
  func anAttributeThatIsAnInputIsNotPassedOver(
    _ operation: String, _ name: String, _ since: Int
  ) throws {
    let x = Run.floats([1, 2], [1, 2])
    let stated: [String: GraphAttribute] =
      operation == "Clip" ? ["max": .number(1.5)] : ["axes": .integers([0])]
    let error = #expect(throws: FileError.self) {
      try Run.run(operation, [x], stated, version: since)
    }
    #expect(
      error?.message
        == "node 'n' (\(operation)): it states '\(name)' as an attribute, which is an input since version "
        + "\(since) and would be passed over")
    let before = try Run.run(operation, [x], stated, version: since - 1)[0].doubles
    #expect(before == (operation == "Clip" ? [1, 1.5] : [1, 2]))
  }

  /// Each of them, in the first version in which it is an input and in the newest.
  @Test func everyAttributeThatMovedIsNamed() {
    let rows = OperatorTable.all.flatMap { row in row.moved.map { (row, $0) } }
    #expect(rows.count == 23)
    for (row, moved) in rows {
      for version in [moved.since, 21] {
        let error = #expect(throws: FileError.self, "\(row.name) \(moved.name)") {
          try Run.run(
            row.name, [Run.floats([1, 2], [1, 2])], [moved.name: .integers([0])], version: version)
        }
        let what = "'\(moved.name)' as an attribute, which is an input since version \(moved.since)"
        #expect(error?.message.contains(what) == true, "\(row.name) \(moved.name)")
      }
    }
  }

  /// Rows that lie together are moved together, which must not show.
  @Test func axesOfEveryOrderAreMovedElementByElement() throws {
    let extents = [2, 3, 1, 4]
    let x = Run.integers(Array(0..<24), extents)
    for order in [[0, 1, 2, 3], [0, 2, 1, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
      let y = try Run.run("Transpose", [x], ["perm": .integers(order)])[0]
      #expect(y.dimensions == order.map { extents[$0] })
      let (own, strides) = (y.shape.strides, x.shape.strides)
      for place in 0..<24 {
        let from = order.indices.reduce(0) {
          $0 + place / own[$1] % y.dimensions[$1] * strides[order[$1]]
        }
        #expect(y.integers[place] == Int64(from))
      }
    }
    let empty = GraphValue([Double](), .float32, Shape([2, 0, 3]))
    #expect(
      try Run.run("Transpose", [empty], ["perm": .integers([2, 0, 1])])[0].dimensions == [3, 2, 0])
    let none = try Run.run("Gather", [empty, Run.integers([1, 0])], ["axis": .integer(0)])[0]
    #expect(none.dimensions == [2, 0, 3])
    let tiled = try Run.run("Tile", [Run.integers([1, 2]), Run.integers([3])])[0]
    #expect(tiled.integers == [1, 2, 1, 2, 1, 2])
    let back = try Run.run(
      "Slice",
      [
        x, Run.integers([3, 2]), Run.integers([-9, -9]), Run.integers([3, 1]),
        Run.integers([-2, -1]),
      ]
    )[0]
    #expect(back.dimensions == [2, 3, 1, 2])
    #expect(back.integers == [11, 9, 7, 5, 3, 1, 23, 21, 19, 17, 15, 13])
  }

  @Test func castsRoundOnlyWhereTheyNarrow() throws {
    // 1/3 as it is computed in Float64: a cast to the type that the graph declares is none.
    let third = Run.floats([1.0 / 3], [1])
    let same = try Run.run("Cast", [third], ["to": .integer(GraphType.float32.code)])[0]
    #expect(same.doubles == [1.0 / 3])
    let half = try Run.run("Cast", [third], ["to": .integer(GraphType.float16.code)])[0]
    #expect(half.doubles == [Double(Float16(1.0 / 3))])
  }

  @Test func theDeclaredModeRoundsEveryValue() throws {
    let third = try Run.run(
      "Div", [Run.floats([1], [1]), Run.floats([3], [1])], mode: .declared)[0]
    #expect(third.doubles == [Double(Float(1) / 3)])
  }

  @Test(arguments: [
    ([1], [4], [2], [2.0, 4]), ([-1], [-5], [-1], [4, 3, 2, 1]), ([3], [1], [1], []),
    ([0], [Int.max], [Int.max], [1]), ([Int.min], [Int.max], [1], [1, 2, 3, 4]),
  ])
  func slicesAsPython(start: [Int], end: [Int], step: [Int], expected: [Double]) throws {
    let part = try Run.run(
      "Slice",
      [
        Run.floats([1, 2, 3, 4], [4]), Run.integers(start), Run.integers(end), Run.integers([0]),
        Run.integers(step),
      ])[0]
    #expect(part.doubles == expected)
  }

  @Test func einsumIsTheProductThatItsLettersSay() throws {
    let a = Run.floats((0..<12).map(Double.init), [2, 2, 3])
    let b = Run.floats((0..<12).map { Double($0) / 2 }, [2, 2, 3])
    let scores = try Run.run("Einsum", [a, b], ["equation": .text("bid,bjd->bij")])[0]
    let turned = try Run.run("Transpose", [b], ["perm": .integers([0, 2, 1])])[0]
    #expect(scores.doubles == (try Run.run("MatMul", [a, turned])[0].doubles))
    let trace = try Run.run(
      "Einsum", [Run.floats([1, 2, 3, 4], [2, 2])], ["equation": .text("ii->")])[0]
    #expect(trace.doubles == [5])
    let spread = try Run.run(
      "Einsum", [Run.floats([1, 2], [2, 1]), Run.floats([3, 4], [2])],
      ["equation": .text("...i,...j")])
    #expect(spread[0].dimensions == [2, 1, 2])
  }

  @Test func theOldSoftmaxTakesAllAxesBehindOne() throws {
    let x = Run.floats([0, 0, 0, 0], [1, 2, 2])
    #expect(try Run.run("Softmax", [x], version: 11)[0].doubles == [0.25, 0.25, 0.25, 0.25])
    #expect(try Run.run("Softmax", [x], version: 13)[0].doubles == [0.5, 0.5, 0.5, 0.5])
  }

  @Test func aProductIsTheSameInPartsOnAnyProcessor() {
    let (rows, depth, columns) = (7, 300, 401)
    let a = (0..<rows * depth).map { Double($0 % 17) - 8 }
    let b = (0..<depth * columns).map { Double($0 % 23) - 11 }
    let product = MatrixProduct.multiply(
      a, b, [(0, 0)], rows: rows, depth: depth, columns: columns)
    for row in [0, 3, 6] {
      for column in [0, 191, 192, 400] {
        // Integers, so that every order of the sum gives the same.
        let expected = (0..<depth).reduce(0) { $0 + a[row * depth + $1] * b[$1 * columns + column] }
        #expect(product[row * columns + column] == expected)
      }
    }
  }

  private static let written: [(Double, Double)] = [
    (Double(Float(2).squareRoot()), 2.0.squareRoot()), (Double(Float(0.044715)), 0.044715),
    (Double(Float(1e-12)), 1e-12),
    (Double(Float(0.7978845608028654)), (2 / Double.pi).squareRoot()),
    (Double(Float(1 / 8.0.squareRoot())), 1 / 8.0.squareRoot()), (-0.5, -0.5), (3, 3),
    // A trained number is what it is.
    (Double(Float(0.123_456_79)), Double(Float(0.123_456_79))),
  ]

  @Test(arguments: written)
  func writtenNumbersAreTakenAsTheyWereMeant(stored: Double, meant: Double) {
    #expect(abs(MeantNumber.exact(stored) - meant) < 1e-16)
  }
}

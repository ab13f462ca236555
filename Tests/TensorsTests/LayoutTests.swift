import Testing

@testable import AlbertTensors

@Suite struct LayoutTests {
  @Test(arguments: Layout.allCases)
  func fromCanonicalUndoesToCanonical(_ layout: Layout) throws {
    let canonical =
      switch layout {
      case .heads: Shape([12])
      case .repeatedRow: Shape([1, 20])
      default: Shape([12, 20])
      }
    let shape = try #require(layout.storedShape(of: canonical, heads: 4))
    #expect(layout.canonicalShape(of: shape) == canonical)
    // The row for padding is zero.
    let padding = layout == .afterPaddingRow ? 20 : 0
    #expect(shape.count == canonical.count + padding)
    for size in [1, 2, 4, 8] {
      let numbers = (0..<canonical.count * size).map {
        UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8)
      }
      let stored = [UInt8](repeating: 0, count: padding * size) + numbers
      let turned = layout.toCanonical(stored, canonical: canonical, elementSize: size)
      #expect(
        layout.fromCanonical(turned, canonical: canonical, elementSize: size) == stored)
      #expect((turned == numbers) == !layout.transposes)
    }
  }

  @Test func headsThatDoNotDivideDoNotFit() {
    #expect(Layout.outputHeads.storedShape(of: Shape([10, 4]), heads: 4) == nil)
    #expect(Layout.outputHeads.storedShape(of: Shape([12, 4]), heads: 4) == Shape([4, 4, 3]))
    #expect(Layout.inputHeads.storedShape(of: Shape([5, 12]), heads: 4) == Shape([4, 3, 5]))
    #expect(Layout.transposed.storedShape(of: Shape([3]), heads: 1) == nil)
  }

  @Test func aTensorOfAnotherRankHasNoCanonicalShape() {
    for layout in Layout.allCases where layout != .canonical && layout != .repeatedRow {
      #expect(layout.canonicalShape(of: Shape([2, 3, 4, 5])) == nil)
    }
    #expect(Layout.afterPaddingRow.canonicalShape(of: Shape([0, 4])) == nil)
    #expect(Layout.oneSequence.canonicalShape(of: Shape([2, 3, 4])) == nil)
    #expect(Layout.repeatedRow.canonicalShape(of: Shape([2, 3, 4])) == Shape([1, 4]))
    #expect(Layout.repeatedRow.canonicalShape(of: Shape([4])) == nil)
    #expect(Layout.repeatedRow.storedShape(of: Shape([2, 4]), heads: 1) == nil)
  }

  @Test(arguments: [(1, 1), (3, 5), (64, 64), (17, 1000), (1000, 17), (700, 513)])
  func transposingInBlocksEqualsTransposingAtOnce(_ rows: Int, _ columns: Int) {
    for size in [1, 2, 4, 8] {
      let bytes = (0..<rows * columns * size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
      var streamed: [UInt8] = []
      streamTransposed(bytes, rows: rows, columns: columns, elementSize: size) { window in
        unsafe window.withUnsafeBytes { unsafe streamed.append(contentsOf: $0) }
      }
      #expect(
        streamed == transpose(bytes, rows: rows, columns: columns, elementSize: size))
    }
  }

  @Test(arguments: [(0, 3), (1, 1), (5, 1), (17, 33), (64, 70)])
  func numbersAreTransposedLikeBytes(rows: Int, columns: Int) {
    let numbers = (0..<rows * columns).map { Double($0) }
    let turned = numbers.transposed(rows: rows, columns: columns)
    #expect(turned == (0..<columns).flatMap { c in (0..<rows).map { numbers[$0 * columns + c] } })
    #expect(turned.transposed(rows: columns, columns: rows) == numbers)
  }

  @Test func transposingPutsEachElementWhereItBelongs() {
    // [[1, 2, 3], [4, 5, 6]] becomes [[1, 4], [2, 5], [3, 6]].
    #expect(
      transpose([1, 2, 3, 4, 5, 6], rows: 2, columns: 3, elementSize: 1) == [1, 4, 2, 5, 3, 6])
  }
}

@Suite struct ShapeTests {
  @Test func shapesThatOverflowAreRefused() {
    #expect(Shape(checking: [1 << 40, 1 << 40]) == nil)
    #expect(Shape(checking: [0, 1 << 40, 1 << 40]) == nil)
    #expect(Shape(checking: [-1]) == nil)
    #expect(Shape(checking: Array(repeating: 1, count: 65)) == nil)
    #expect(Shape(checking: [])?.count == 1)
    #expect(Shape(checking: [3, 0, 4])?.count == 0)
  }
}

@Suite struct NumberTests {
  @Test func bfloat16RoundsToNearestEven() {
    func bits(_ pattern: UInt32) -> UInt16 { BFloat16(Float(bitPattern: pattern)).bitPattern }
    #expect(bits(0x3F80_0000) == 0x3F80)
    #expect(bits(0x3F80_8000) == 0x3F80)
    #expect(bits(0x3F81_8000) == 0x3F82)
    #expect(bits(0x3F80_8001) == 0x3F81)
    #expect(bits(0x7F7F_FFFF) == 0x7F80)
    #expect(BFloat16(Float.nan).float.isNaN)
    #expect(BFloat16(-Float.infinity).float == -.infinity)
  }

  @Test func statisticsLeaveNonFiniteNumbersOut() {
    var statistics = TensorStatistics()
    statistics.add([1, -2, 0, -0.0, .nan, .infinity, -.infinity, 3])
    #expect(statistics.count == 8)
    #expect(statistics.nan == 1)
    #expect(statistics.infinite == 2)
    #expect(statistics.zeros == 2)
    #expect(statistics.min == -2)
    #expect(statistics.max == 3)
    #expect(statistics.mean == 0.4)
    #expect(!statistics.isConstant)
    var constant = TensorStatistics()
    constant.add([Float](repeating: 0.5, count: 40))
    #expect(constant.isConstant)
    #expect(constant.standardDeviation == 0)
    #expect(TensorStatistics().mean.isNaN)
  }

  @Test func histogramsHoldEveryNumberOnce() {
    var statistics = TensorStatistics()
    statistics.add((0..<10_000).map { Float($0) / 5_000 - 1 })
    let shares = statistics.histogram(10, in: -1...1)
    #expect(abs(shares.reduce(0, +) - 1) < 0.01)
    for share in shares { #expect(abs(share - 0.1) < 0.02) }
  }

  @Test func aRowThatRepeatsIsTheFirst() {
    let row = Shape([1, 2])
    let stored: [UInt8] = [1, 2, 1, 2, 1, 2]
    #expect(Layout.repeatedRow.fits(Shape([1, 3, 2]), canonical: row, heads: 1))
    #expect(Layout.repeatedRow.fits(Shape([3, 2]), canonical: row, heads: 1))
    #expect(!Layout.repeatedRow.fits(Shape([3, 2]), canonical: Shape([2, 2]), heads: 1))
    #expect(!Layout.repeatedRow.fits(Shape([2, 3]), canonical: row, heads: 1))
    #expect(Layout.repeatedRow.toCanonical(stored, canonical: row, elementSize: 1) == [1, 2])
  }
}

import CAlbertKernels
import Testing

/// The products of plain matrices with this processor's instructions against those without.
@Suite struct PortableProductTests {
  private static let sizes = [(1, 1, 1), (3, 5, 7), (8, 257, 24), (9, 600, 25), (33, 300, 193)]

  /// Deterministic numbers between -1 and 1.
  private static func numbers(_ count: Int, _ seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 52) - 1
    }
  }

  @Test(arguments: sizes)
  func float64(_ rows: Int, _ depth: Int, _ columns: Int) {
    let (a, b) = (Self.numbers(rows * depth, 1), Self.numbers(depth * columns, 2))
    var (fast, portable) = (
      [Double](repeating: 0, count: rows * columns), [Double](repeating: 0, count: rows * columns)
    )
    unsafe albertkit_product(a, depth, b, columns, &fast, columns, rows, depth, columns)
    unsafe albertkit_product_portable(
      a, depth, b, columns, &portable, columns, rows, depth, columns)
    // Products and sums are rounded together in one of them, each at most half a unit of what is summed up.
    let tolerance = Double(depth * depth) * 0x1p-53
    for (one, other) in zip(fast, portable) { #expect(abs(one - other) <= tolerance) }
  }

  /// A panel gives the same bits as a matrix that is laid out for each product, however many of its columns
  /// count.
  @Test(arguments: 1...24)
  func panel(_ columns: Int) {
    let width = albertkit_panel_columns()
    let (rows, depth, columns) = (9, 600, min(columns, width))
    let a = Self.numbers(rows * depth, 5)
    // What lies beyond the columns that count must not matter.
    let panel = Self.numbers(depth * width, 6)
    let b = (0..<depth).flatMap { panel[$0 * width..<$0 * width + columns] }
    var (one, other) = (
      [Double](repeating: 0.5, count: rows * columns),
      [Double](repeating: 0.5, count: rows * columns)
    )
    unsafe albertkit_panel_product(
      a, depth, panel, &one, columns, rows, depth, columns, albertkit_rows_ahead())
    unsafe albertkit_product(a, depth, b, columns, &other, columns, rows, depth, columns)
    #expect(one == other)
  }

  @Test(arguments: sizes, [16, 128, 256])
  func float32(_ size: (Int, Int, Int), _ panel: Int) {
    let (rows, depth, columns) = size
    let a = Self.numbers(rows * depth, 3).map { Float($0) }
    let b = Self.numbers(depth * columns, 4).map { Float($0) }
    var (fast, portable) = (
      [Float](repeating: 7, count: rows * columns), [Float](repeating: 9, count: rows * columns)
    )
    unsafe albertkit_single_product(
      a, depth, b, columns, &fast, columns, rows, depth, columns, panel)
    unsafe albertkit_single_product_portable(
      a, depth, b, columns, &portable, columns, rows, depth, columns, panel)
    #expect(fast == portable)
  }

  /// Every half-precision number, and others from odd addresses, each by what Swift makes of it.
  @Test func wideningIsExact() {
    let patterns = (0...UInt16.max).map { $0 }
    func bytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
      values.flatMap { value in
        (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> (8 * T($0))) }
      }
    }
    let singles: [Float] =
      Self.numbers(777, 5).map { Float($0) }
      + [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan]
    let doubles = Self.numbers(300, 6) + [.leastNonzeroMagnitude, -.infinity, .nan]
    let cases: [(albertkit_element, [UInt8], [Double])] = [
      (albertkit_float16, bytes(patterns), patterns.map { Double(Float16(bitPattern: $0)) }),
      (
        albertkit_bfloat16, bytes(patterns),
        patterns.map { Double(Float(bitPattern: UInt32($0) << 16)) }
      ),
      (albertkit_float32, bytes(singles.map(\.bitPattern)), singles.map { Double($0) }),
      (albertkit_float64, bytes(doubles.map(\.bitPattern)), doubles),
    ]
    for (element, bytes, expected) in cases {
      for offset in [0, 1] {
        let source = [UInt8](repeating: 0xFF, count: offset) + bytes
        for isPortable in [false, true] {
          // One more than is filled.
          var found = [Double](repeating: 7, count: expected.count + 1)
          unsafe source.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            let widen = unsafe isPortable ? albertkit_widen_portable : albertkit_widen
            unsafe widen(&found, base + offset, Int32(element.rawValue), expected.count)
          }
          #expect(found.popLast() == 7)
          for (one, other) in zip(found, expected) {
            #expect(one.isNaN ? other.isNaN : one.bitPattern == other.bitPattern)
          }
        }
      }
    }
  }

  /// Some rows' blocks at once are what each of them is by itself, and nothing else is written.
  @Test func rowsAreWidenedWhereTheyBelong() {
    let (rows, stride, block) = (7, 40, 19)
    let values = (0..<rows * stride).map { Float($0) * 0.37 - 11 }
    var found = [Double](repeating: .infinity, count: rows * 24)
    unsafe values.withUnsafeBufferPointer { values in
      guard let from = values.baseAddress else { return }
      unsafe albertkit_widen_rows(
        &found, 24, from + 5, stride * 4, Int32(albertkit_float32.rawValue), rows, block)
    }
    for row in 0..<rows {
      for column in 0..<24 {
        let wanted = column < block ? Double(values[row * stride + 5 + column]) : .infinity
        #expect(found[row * 24 + column] == wanted)
      }
    }
  }
}

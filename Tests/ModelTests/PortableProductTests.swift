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
}

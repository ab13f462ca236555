import AlbertPlatform
import AlbertTensors
import Testing

@testable import AlbertReferenceModel

/// The blocked products of the reference engine against the three loops that define them.
@Suite struct MatrixProductTests {
  private static func numbers(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var state = seed
    return Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 52) - 1
      })
  }

  /// Sizes around those of tiles, strips and blocks.
  @Test(arguments: [1, 3, 8, 25, 129], [1, 7, 96, 97, 200])
  func areThoseOfTheDefinition(_ tokens: Int, _ outputs: Int) {
    for depth in [1, 5, 255, 256, 257, 600] {
      let x = Self.numbers(tokens, depth, 1)
      let w = Self.numbers(outputs, depth, 2)
      let expected = MatrixProduct.plain(x, w)
      let whole = MatrixProduct.product(x, w)
      // A sum of n terms, each at most 1, is off by no more than n roundings of its size.
      let tolerance = Double(depth * depth) * 0x1p-53
      for (found, value) in zip(whole.values, expected.values) {
        #expect(abs(found - value) <= tolerance)
      }
      for parallelism in [Parallelism.oneCore, .allCores] {
        let strips = unsafe w.values.withUnsafeBytes {
          unsafe MatrixProduct.product(
            x, WeightMatrix(bytes: $0, type: .float64, columns: depth), outputs: outputs,
            parallelism)
        }
        #expect(strips.rows == outputs && strips.columns == tokens)
        // The same sums in the same order, to the last bit.
        #expect(strips.transposed.values == whole.values, "\(tokens) x \(depth) x \(outputs)")
      }
    }
  }

  @Test func anythingNotANumberStaysSo() {
    var x = Self.numbers(9, 300, 3)
    x[4, 299] = .nan
    let y = MatrixProduct.product(x, Self.numbers(30, 300, 4))
    for token in 0..<9 {
      for output in 0..<30 { #expect(y[token, output].isNaN == (token == 4)) }
    }
  }

  @Test func turningTwiceIsNothing() {
    for (rows, columns) in [(1, 1), (1, 70), (33, 64), (100, 31)] {
      let x = Self.numbers(rows, columns, 5)
      #expect(x.transposed[columns - 1, rows - 1] == x[rows - 1, columns - 1])
      #expect(x.transposed.transposed.values == x.values)
    }
  }
}

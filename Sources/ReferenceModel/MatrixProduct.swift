/// The one product of the forward pass, y[t, o] = Σ_k x[t, k] · w[o, k].
///
/// Written as three loops it would wait for memory and for each addition. So x is laid out anew in
/// panels of 8 tokens, w in strips of 32 outputs, and k is cut into blocks that stay in the cache.
/// Within a block one step multiplies 8 tokens by 2 outputs. Every y[t, o] is summed up in the order
/// of k by one thread, so it does not depend on how many threads there are.
enum MatrixProduct {
  typealias Lanes = SIMD8<Double>
  /// Two outputs' weights of one k.
  typealias Pair = SIMD2<Double>

  static let tokensPerPanel = 8
  static let outputsPerStrip = 32
  static let blockDepth = 256

  /// Blocks of 0..<depth.
  static func blocks(_ depth: Int) -> [Range<Int>] {
    stride(from: 0, to: depth, by: blockDepth).map { $0..<min($0 + blockDepth, depth) }
  }
}

/// Tokens packed for the product: panels[block][panel][k in block], each of 8 tokens.
///
/// Absent tokens of the last panel are zeros.
@safe struct Panels: ~Copyable {
  let tokens: Int
  let depth: Int
  let count: Int
  private let storage: UnsafeMutablePointer<MatrixProduct.Lanes>

  init(_ x: Matrix, _ parallelism: Parallelism) {
    let lanes = MatrixProduct.tokensPerPanel
    let count = (x.rows + lanes - 1) / lanes
    let depth = x.columns
    let storage = UnsafeMutablePointer<MatrixProduct.Lanes>.allocate(capacity: count * depth)
    unsafe x.values.withUnsafeBufferPointer { values in
      parallelism.run(count) { panel in
        let present = min(lanes, x.rows - panel * lanes)
        for block in MatrixProduct.blocks(depth) {
          let target = unsafe storage + (block.lowerBound * count + panel * block.count)
          for (index, k) in block.enumerated() {
            var packed = MatrixProduct.Lanes.zero
            for lane in 0..<present {
              packed[lane] = unsafe values[(panel * lanes + lane) * depth + k]
            }
            unsafe (target + index).initialize(to: packed)
          }
        }
      }
    }
    tokens = x.rows
    self.depth = depth
    self.count = count
    unsafe self.storage = storage
  }

  deinit { unsafe storage.deallocate() }

  /// The panel's tokens at every k of the block.
  func panel(_ index: Int, _ block: Range<Int>) -> UnsafePointer<MatrixProduct.Lanes> {
    unsafe UnsafePointer(storage + (block.lowerBound * count + index * block.count))
  }
}

extension Panels {
  /// Computes outputs `outputs` (at most a strip) for all tokens.
  ///
  /// `weights` fills in one output's weights for a block of k, every second place of the buffer;
  /// `store` takes y[t, o]. Where `isCancelled` says so, the rest is left out.
  func multiply(
    _ outputs: Range<Int>, unless isCancelled: () -> Bool = { false },
    weights: (_ output: Int, _ block: Range<Int>, UnsafeMutablePointer<Double>) -> Void,
    store: (_ token: Int, _ output: Int, Double) -> Void
  ) {
    let pairs = (outputs.count + 1) / 2
    // [pairs][k in block]: of an odd number of outputs the last pair's second stays zero.
    let strip = UnsafeMutablePointer<MatrixProduct.Pair>.allocate(
      capacity: pairs * min(depth, MatrixProduct.blockDepth))
    unsafe strip.initialize(repeating: .zero, count: pairs * min(depth, MatrixProduct.blockDepth))
    // [panels][pairs][2]: 8 tokens' sums each.
    let sums = UnsafeMutablePointer<MatrixProduct.Lanes>.allocate(capacity: count * pairs * 2)
    unsafe sums.initialize(repeating: .zero, count: count * pairs * 2)
    defer {
      unsafe strip.deallocate()
      unsafe sums.deallocate()
    }

    for block in MatrixProduct.blocks(depth) {
      if isCancelled() { return }
      for (index, output) in outputs.enumerated() {
        let pair = unsafe UnsafeMutableRawPointer(strip + index / 2 * block.count)
        unsafe weights(
          output, block, pair.assumingMemoryBound(to: Double.self) + index % 2)
      }
      for panel in 0..<count {
        let x = unsafe self.panel(panel, block)
        for pair in 0..<pairs {
          unsafe accumulate(
            x, UnsafePointer(strip + pair * block.count), block.count,
            into: sums + (panel * pairs + pair) * 2)
        }
      }
    }
    for token in 0..<tokens {
      let (panel, lane) = token.quotientAndRemainder(dividingBy: MatrixProduct.tokensPerPanel)
      for (index, output) in outputs.enumerated() {
        unsafe store(token, output, sums[panel * pairs * 2 + index][lane])
      }
    }
  }
}

extension MatrixProduct {
  /// x wᵀ of two matrices, on the calling thread.
  static func product(_ x: Matrix, _ w: Matrix) -> Matrix {
    var y = Matrix(rows: x.rows, columns: w.rows)
    let panels = Panels(x, .oneCore)
    for first in stride(from: 0, to: w.rows, by: outputsPerStrip) {
      unsafe panels.multiply(
        first..<min(first + outputsPerStrip, w.rows),
        weights: { output, block, target in
          for (index, k) in block.enumerated() { unsafe target[2 * index] = w[output, k] }
        },
        store: { token, output, value in y[token, output] = value })
    }
    return y
  }
}

/// 8 tokens by 2 outputs: the innermost loop.
///
/// Written with what the compiler turns into vector instructions even where it does not optimise.
private func accumulate(
  _ x: UnsafePointer<MatrixProduct.Lanes>, _ w: UnsafePointer<MatrixProduct.Pair>, _ depth: Int,
  into sums: UnsafeMutablePointer<MatrixProduct.Lanes>
) {
  var first = unsafe sums[0]
  var second = unsafe sums[1]
  var k = 0
  while k < depth {
    let tokens = unsafe x[k]
    let weights = unsafe w[k]
    first = first + tokens * MatrixProduct.Lanes(repeating: weights.x)
    second = second + tokens * MatrixProduct.Lanes(repeating: weights.y)
    k += 1
  }
  unsafe sums[0] = first
  unsafe sums[1] = second
}

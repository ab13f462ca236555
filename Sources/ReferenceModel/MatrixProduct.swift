internal import CAlbertKernels

/// The one product of the forward pass, y[t, o] = Σ_k x[t, k] · w[o, k].
///
/// `plain` says what it is. The others cut it into blocks for the kernel that computes products of Float64
/// matrices, whose sums are taken in the order of k too, in blocks of 256 terms; a y[t, o] therefore depends
/// neither on how many threads there are nor on what else is computed.
enum MatrixProduct {
  /// Outputs that one thread computes at a time.
  static let outputsPerStrip = 96
  static let blockDepth = 256

  /// x wᵀ as it is defined: what the others must give but for the rounding of sums.
  static func plain(_ x: Matrix, _ w: Matrix) -> Matrix {
    var y = Matrix(rows: x.rows, columns: w.rows)
    for token in 0..<x.rows {
      for output in 0..<w.rows {
        for k in 0..<x.columns { y[token, output] += x[token, k] * w[output, k] }
      }
    }
    return y
  }

  /// x wᵀ of two matrices, on the calling thread.
  static func product(_ x: Matrix, _ w: Matrix) -> Matrix {
    var y = Matrix(rows: x.rows, columns: w.rows)
    let turned = w.transposed
    unsafe y.values.withUnsafeMutableBufferPointer { y in
      unsafe turned.values.withUnsafeBufferPointer { w in
        unsafe x.values.withUnsafeBufferPointer { values in
          guard let y = y.baseAddress, let w = w.baseAddress,
            let values = values.baseAddress
          else { return }
          unsafe albertkit_product(
            values, x.columns, w, turned.columns, y, turned.columns, x.rows, x.columns,
            turned.columns)
        }
      }
    }
    return y
  }

  /// w xᵀ, [outputs, tokens], of weights that are widened where they are used.
  ///
  /// Where `isCancelled` says so, the rest is left out.
  static func product(
    _ x: Matrix, _ w: WeightMatrix, outputs: Int, _ parallelism: Parallelism,
    unless isCancelled: () -> Bool = { false }
  ) -> Matrix {
    let (tokens, depth) = (x.rows, x.columns)
    let panels = Panels(x)
    var y = Matrix(rows: outputs, columns: tokens)
    let strips = (outputs + outputsPerStrip - 1) / outputsPerStrip
    let rowsAtOnce = unsafe panels.count == 1 ? w.rowsAtOnce(of: outputsPerStrip) : outputsPerStrip
    unsafe y.values.withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      parallelism.run(strips) { index in
        let first = index * outputsPerStrip
        let end = min(first + outputsPerStrip, outputs)
        let widened = UnsafeMutablePointer<Double>.allocate(capacity: rowsAtOnce * blockDepth)
        let memory = unsafe UnsafeMutableRawBufferPointer.allocate(
          byteCount: w.memory(rows: rowsAtOnce), alignment: 64)
        defer {
          unsafe widened.deallocate()
          unsafe memory.deallocate()
        }
        for first in stride(from: first, to: end, by: rowsAtOnce) {
          let count = min(rowsAtOnce, end - first)
          let rows = unsafe w.strip(first..<first + count, in: memory)
          for start in stride(from: 0, to: depth, by: blockDepth) {
            if isCancelled() { return }
            let block = start..<min(start + blockDepth, depth)
            let next = block.upperBound..<min(block.upperBound + blockDepth, depth)
            unsafe rows.decode(count, block, widened, stride: blockDepth)
            // This thread will most likely take the strip after the other threads' then. (Rows that are read
            // into memory cannot be fetched before.)
            let following =
              unsafe memory.isEmpty ? first + parallelism.width * outputsPerStrip : outputs
            let ahead =
              unsafe next.isEmpty
              ? w.place(of: following..<following + count, 0..<block.count)
              : rows.place(of: 0..<count, next)
            unsafe panels.multiply(
              widened, rows: count, block, into: y + first * tokens, tokens: tokens, ahead)
          }
        }
      }
    }
    return y
  }

  /// The rows of a matrix as columns, laid out for the kernel once for all products with them.
  private struct Panels {
    let count: Int
    private let depth: Int
    private let width = albertkit_panel_columns()
    private let values: [Double]

    init(_ x: Matrix) {
      let (depth, width) = (x.columns, width)
      self.depth = depth
      count = (x.rows + width - 1) / width
      let (count, size) = (count, depth * width)
      let stride = MemoryLayout<Double>.stride
      values = unsafe [Double](unsafeUninitializedCapacity: count * size) { target, initialized in
        unsafe x.values.withUnsafeBufferPointer { source in
          guard let to = target.baseAddress, let from = source.baseAddress else { return }
          for panel in 0..<count {
            let first = panel * width
            let rows = min(width, x.rows - first)
            // What no row fills is multiplied too.
            if rows < width { unsafe (to + panel * size).initialize(repeating: 0, count: size) }
            unsafe albertkit_transpose(
              from + first * depth, depth * stride, to + panel * size, width * stride, rows, depth,
              stride)
          }
        }
        initialized = count * size
      }
    }

    /// Adds the products of some rows' block of terms to `y`, [rows, tokens], and fetches what is next.
    @unsafe func multiply(
      _ a: UnsafePointer<Double>, rows: Int, _ block: Range<Int>,
      into y: UnsafeMutablePointer<Double>, tokens: Int, _ ahead: albertkit_rows_ahead
    ) {
      unsafe values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        for panel in 0..<count {
          let first = panel * width
          unsafe albertkit_panel_product(
            a, blockDepth, values + first * depth + block.lowerBound * width, y + first, tokens,
            rows, block.count, min(width, tokens - first),
            panel == 0 ? ahead : albertkit_rows_ahead())
        }
      }
    }
  }
}

internal import AlbertBytes
internal import CAlbertKernels

/// Products of Float64 matrices on all cores.
package enum MatrixProduct {
  /// Columns that one call of the kernel computes.
  private static let columnsPerPart = 192
  /// Products below this are not worth another thread.
  private static let leastShared = 1 << 18

  /// The products of row-major matrices, one for each pair of places in `a` and `b` where its matrices begin.
  package static func multiply(
    _ a: [Double], _ b: [Double], _ pairs: [(a: Int, b: Int)], rows: Int, depth: Int, columns: Int
  ) -> [Double] {
    let size = rows * columns
    guard size > 0, !pairs.isEmpty else { return [] }
    let parts = (columns + columnsPerPart - 1) / columnsPerPart
    return unsafe [Double](unsafeUninitializedCapacity: pairs.count * size) { result, count in
      unsafe result.initialize(repeating: 0)
      count = pairs.count * size
      guard depth > 0, let base = result.baseAddress else { return }
      // Each call writes columns of a matrix of its own.
      nonisolated(unsafe) let target = unsafe base
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          guard let aBase = a.baseAddress, let bBase = b.baseAddress else { return }
          nonisolated(unsafe) let left = unsafe aBase
          nonisolated(unsafe) let right = unsafe bBase
          let call: @Sendable (Int) -> Void = { index in
            let (product, part) = index.quotientAndRemainder(dividingBy: parts)
            let first = part * columnsPerPart
            let width = min(columnsPerPart, columns - first)
            let pair = pairs[product]
            unsafe albertkit_product(
              left + pair.a, depth, right + pair.b + first, columns,
              target + product * size + first, columns, rows, depth, width)
          }
          let work = pairs.count * parts
          if Double(size) * Double(depth) * Double(pairs.count) < Double(leastShared) {
            for index in 0..<work { call(index) }
          } else {
            Machine.concurrently(work, call)
          }
        }
      }
    }
  }

  /// The same in Float32 with the sums in onnxruntime's order: fused, and begun anew every `panel` terms
  /// (MLAS, `MlasSgemmKernel`).
  static func multiplySingle(
    _ a: [Double], _ b: [Double], _ pairs: [(a: Int, b: Int)], rows: Int, depth: Int, columns: Int,
    panel: Int
  ) -> [Double] {
    let size = rows * columns
    guard size > 0, !pairs.isEmpty else { return [] }
    let (left, right) = (a.map { Float($0) }, b.map { Float($0) })
    let parts = (columns + columnsPerPart - 1) / columnsPerPart
    let result = unsafe [Float](unsafeUninitializedCapacity: pairs.count * size) { result, count in
      unsafe result.initialize(repeating: 0)
      count = pairs.count * size
      guard depth > 0, let base = result.baseAddress else { return }
      // Each call writes columns of a matrix of its own.
      nonisolated(unsafe) let target = unsafe base
      unsafe left.withUnsafeBufferPointer { a in
        unsafe right.withUnsafeBufferPointer { b in
          guard let aBase = a.baseAddress, let bBase = b.baseAddress else { return }
          nonisolated(unsafe) let left = unsafe aBase
          nonisolated(unsafe) let right = unsafe bBase
          let call: @Sendable (Int) -> Void = { index in
            let (product, part) = index.quotientAndRemainder(dividingBy: parts)
            let first = part * columnsPerPart
            let width = min(columnsPerPart, columns - first)
            let pair = pairs[product]
            unsafe albertkit_single_product(
              left + pair.a, depth, right + pair.b + first, columns,
              target + product * size + first, columns, rows, depth, width, panel)
          }
          let work = pairs.count * parts
          if Double(size) * Double(depth) * Double(pairs.count) < Double(leastShared) {
            for index in 0..<work { call(index) }
          } else {
            Machine.concurrently(work, call)
          }
        }
      }
    }
    return result.map(Double.init)
  }

  /// The terms after which onnxruntime begins a sum anew: of weights, which it packs once, and of others,
  /// where that depends on the matrix' shape.
  static func panel(depth: Int, columns: Int, isPacked: Bool) -> Int {
    guard !isPacked else { return 256 }
    var (panel, strip) = (128, 128)
    if columns >= depth {
      while panel / 2 >= depth, panel > 1 { panel /= 2 }
    } else {
      while strip > 16, strip / 2 >= columns {
        strip /= 2
        panel *= 2
      }
    }
    return panel
  }
}

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
}

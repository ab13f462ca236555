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
    unsafe products(a, b, pairs, rows: rows, depth: depth, columns: columns) {
      a, b, target, width in
      unsafe albertkit_product(a, depth, b, columns, target, columns, rows, depth, width)
    }
  }

  /// The same in Float32 with the sums in onnxruntime's order: fused, and begun anew every `panel` terms
  /// (MLAS, `MlasSgemmKernel`).
  static func multiplySingle(
    _ a: [Double], _ b: [Double], _ pairs: [(a: Int, b: Int)], rows: Int, depth: Int, columns: Int,
    panel: Int
  ) -> [Double] {
    let (left, right) = (a.each { Float($0) }, b.each { Float($0) })
    let result = unsafe products(left, right, pairs, rows: rows, depth: depth, columns: columns) {
      a, b, target, width in
      unsafe albertkit_single_product(
        a, depth, b, columns, target, columns, rows, depth, width, panel)
    }
    return result.map(Double.init)
  }

  /// The products, of which `kernel` computes some columns: from the first of `a`, the first of `b`'s columns
  /// and the first of the zeros that they take the place of, on all cores where it is worth it.
  private static func products<Number: FloatingPoint & Sendable>(
    _ a: [Number], _ b: [Number], _ pairs: [(a: Int, b: Int)], rows: Int, depth: Int, columns: Int,
    _ kernel:
      @escaping @Sendable (
        UnsafePointer<Number>, UnsafePointer<Number>, UnsafeMutablePointer<Number>, _ width: Int
      ) -> Void
  ) -> [Number] {
    let size = rows * columns
    guard size > 0, !pairs.isEmpty else { return [] }
    let parts = (columns + columnsPerPart - 1) / columnsPerPart
    return unsafe [Number](unsafeUninitializedCapacity: pairs.count * size) { result, count in
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
            let pair = pairs[product]
            unsafe kernel(
              left + pair.a, right + pair.b + first, target + product * size + first,
              min(columnsPerPart, columns - first))
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

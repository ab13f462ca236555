internal import CAlbertKernels

/// Hands a row-major [rows, columns] matrix as [columns, rows] to `body`, in order, a block of about
/// a mebibyte at a time, so that no second matrix is held.
package func streamTransposed<Failure: Error>(
  _ bytes: [UInt8], rows: Int, columns: Int, elementSize: Int,
  _ body: (RawSpan) throws(Failure) -> Void
) throws(Failure) {
  precondition(bytes.count == rows * columns * elementSize, "the bytes do not fill the matrix")
  guard rows > 0, columns > 0 else { return }
  let height = max(1, min(columns, (1 << 20) / (rows * elementSize)))
  var block = [UInt8](repeating: 0, count: height * rows * elementSize)
  for start in stride(from: 0, to: columns, by: height) {
    let count = min(height, columns - start)
    transpose(
      bytes, rows: rows, columns: columns, start..<start + count, elementSize: elementSize,
      into: &block)
    try body(unsafe block.span.bytes.extracting(0..<count * rows * elementSize))
  }
}

/// A row-major [rows, columns] matrix as [columns, rows].
package func transpose(_ bytes: [UInt8], rows: Int, columns: Int, elementSize: Int) -> [UInt8] {
  precondition(bytes.count == rows * columns * elementSize, "the bytes do not fill the matrix")
  var result = [UInt8](repeating: 0, count: bytes.count)
  transpose(
    bytes, rows: rows, columns: columns, 0..<columns, elementSize: elementSize, into: &result)
  return result
}

/// Writes some columns of a matrix that fills `bytes` as rows, from the beginning of `target` on.
private func transpose(
  _ bytes: [UInt8], rows: Int, columns: Int, _ range: Range<Int>, elementSize: Int,
  into target: inout [UInt8]
) {
  precondition([1, 2, 4, 8].contains(elementSize), "elements of \(elementSize) bytes do not occur")
  precondition(
    range.lowerBound >= 0 && range.upperBound <= columns
      && range.count * rows * elementSize <= target.count,
    "the columns are not in the matrix, or too many")
  guard !bytes.isEmpty, !range.isEmpty else { return }
  unsafe target.withUnsafeMutableBytes { target in
    unsafe bytes.withUnsafeBytes { source in
      guard let to = target.baseAddress, let from = source.baseAddress else { return }
      unsafe albertkit_transpose(
        from + range.lowerBound * elementSize, columns * elementSize, to, rows * elementSize, rows,
        range.count, elementSize)
    }
  }
}

extension [Double] {
  /// A row-major [rows, columns] matrix as [columns, rows].
  package func transposed(rows: Int, columns: Int) -> [Double] {
    precondition(count == rows * columns, "the numbers do not fill the matrix")
    let size = MemoryLayout<Double>.stride
    return unsafe [Double](unsafeUninitializedCapacity: count) { target, initialized in
      unsafe withUnsafeBytes { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        unsafe albertkit_transpose(from, columns * size, to, rows * size, rows, columns, size)
      }
      initialized = count
    }
  }
}

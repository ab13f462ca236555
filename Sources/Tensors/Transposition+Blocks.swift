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
    let range = start..<min(start + height, columns)
    switch elementSize {
    case 1: fill(&block, from: bytes, rows, columns, range, as: UInt8.self)
    case 2: fill(&block, from: bytes, rows, columns, range, as: UInt16.self)
    case 4: fill(&block, from: bytes, rows, columns, range, as: UInt32.self)
    case 8: fill(&block, from: bytes, rows, columns, range, as: UInt64.self)
    default: preconditionFailure("elements of \(elementSize) bytes do not occur")
    }
    try body(unsafe block.span.bytes.extracting(0..<range.count * rows * elementSize))
  }
}

/// Writes some columns of the matrix as rows, in tiles that stay in the first cache level.
private func fill<Element: BitwiseCopyable>(
  _ block: inout [UInt8], from bytes: [UInt8], _ rows: Int, _ columns: Int, _ range: Range<Int>,
  as type: Element.Type
) {
  let tile = 16
  let size = MemoryLayout<Element>.size
  unsafe block.withUnsafeMutableBytes { target in
    unsafe bytes.withUnsafeBytes { source in
      for columnStart in stride(from: range.lowerBound, to: range.upperBound, by: tile) {
        let columnEnd = min(columnStart + tile, range.upperBound)
        for rowStart in stride(from: 0, to: rows, by: tile) {
          let rowEnd = min(rowStart + tile, rows)
          for column in columnStart..<columnEnd {
            let line = (column - range.lowerBound) * rows
            for row in rowStart..<rowEnd {
              let element = unsafe source.loadUnaligned(
                fromByteOffset: (row * columns + column) * size, as: type)
              unsafe target.storeBytes(of: element, toByteOffset: (line + row) * size, as: type)
            }
          }
        }
      }
    }
  }
}

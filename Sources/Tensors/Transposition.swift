/// A row-major [rows, columns] matrix as [columns, rows], element by element, in square blocks that
/// stay in the first cache level.
package func transpose(_ bytes: [UInt8], rows: Int, columns: Int, elementSize: Int) -> [UInt8] {
  precondition(bytes.count == rows * columns * elementSize, "the bytes do not fill the matrix")
  switch elementSize {
  case 1: return transpose(bytes, rows: rows, columns: columns, as: UInt8.self)
  case 2: return transpose(bytes, rows: rows, columns: columns, as: UInt16.self)
  case 4: return transpose(bytes, rows: rows, columns: columns, as: UInt32.self)
  case 8: return transpose(bytes, rows: rows, columns: columns, as: UInt64.self)
  default: preconditionFailure("elements of \(elementSize) bytes do not occur")
  }
}

private func transpose<Element: BitwiseCopyable>(
  _ bytes: [UInt8], rows: Int, columns: Int, as type: Element.Type
) -> [UInt8] {
  let block = 64
  let size = MemoryLayout<Element>.size
  return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
    unsafe bytes.withUnsafeBytes { source in
      let target = UnsafeMutableRawBufferPointer(target)
      for rowStart in stride(from: 0, to: rows, by: block) {
        let rowEnd = min(rowStart + block, rows)
        for columnStart in stride(from: 0, to: columns, by: block) {
          let columnEnd = min(columnStart + block, columns)
          for column in columnStart..<columnEnd {
            for row in rowStart..<rowEnd {
              let element = unsafe source.loadUnaligned(
                fromByteOffset: (row * columns + column) * size, as: type)
              unsafe target.storeBytes(
                of: element, toByteOffset: (column * rows + row) * size, as: type)
            }
          }
        }
      }
    }
    count = bytes.count
  }
}

package import AlbertBytes

extension TensorBytes {
  /// Bytes of the part of a matrix that is in memory while a larger one is turned.
  ///
  /// Of twice as wide a panel half as many, longer rows are read; two tensors are worked on at a time.
  package static let panelSize = 32 << 20

  /// Hands a row-major [rows, columns] matrix as [columns, rows] to `body`, in order.
  ///
  /// One that is in a file is turned in panels: a few columns of all rows, or of some rows where a single
  /// column is more than a panel.
  package func streamTransposed(
    rows: Int, columns: Int, elementSize: Int, panel: Int = Self.panelSize,
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    precondition(count == rows * columns * elementSize, "the bytes do not fill the matrix")
    guard rows > 0, columns > 0 else { return }
    switch self {
    case .memory(let bytes):
      try AlbertTensors.streamTransposed(
        bytes, rows: rows, columns: columns, elementSize: elementSize, body)
    case .file(let file, let range):
      let height = min(rows, max(1, panel / elementSize))
      let width = min(columns, max(1, panel / (height * elementSize)))
      var bytes: [UInt8] = []
      for column in stride(from: 0, to: columns, by: width) {
        let width = min(width, columns - column)
        for row in stride(from: 0, to: rows, by: height) {
          let height = min(height, rows - row)
          let first = range.lowerBound + (row * columns + column) * elementSize
          if bytes.count != height * width * elementSize {
            bytes = [UInt8](repeating: 0, count: height * width * elementSize)
          }
          try file.read(
            rows: height, of: width * elementSize, every: columns * elementSize, from: first,
            into: &bytes)
          try AlbertTensors.streamTransposed(
            bytes, rows: height, columns: width, elementSize: elementSize, body)
        }
      }
    }
  }
}

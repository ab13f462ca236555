internal import AlbertBytes

/// One piece of a partitioned tensor, read from front to back in parts of any length.
protocol SlicePieceReader {
  /// Appends the next `count` bytes of the content, which the piece is known to have.
  mutating func append(_ count: Int, to output: inout [UInt8]) throws(FileError)

  /// Checks what can be checked only when all was read.
  func finish() throws(FileError)
}

extension SliceGrid {
  /// Puts the tensor together from its pieces, in row-major order, and hands it to `body` a window
  /// at a time.
  ///
  /// The window's size is a multiple of every element's, so no element is torn.
  func gather<Reader: SlicePieceReader>(
    _ pieces: [Reader], elementSize: Int, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var pieces = pieces
    var output: [UInt8] = []
    try forEachRun { (piece, elements) throws(FileError) in
      var missing = elements * elementSize
      while missing > 0 {
        let count = min(missing, SourceFile.windowSize - output.count)
        try pieces[piece].append(count, to: &output)
        missing -= count
        guard output.count == SourceFile.windowSize else { continue }
        try unsafe body(output.span.bytes)
        output.removeAll(keepingCapacity: true)
      }
    }
    if !output.isEmpty { try unsafe body(output.span.bytes) }
    for piece in pieces { try piece.finish() }
  }
}

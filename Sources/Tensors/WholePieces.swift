internal import AlbertBytes

/// Cuts bytes that come in windows of any length into runs of whole pieces: elements, or rows.
package struct WholePieces {
  private let size: Int
  /// The beginning of a piece that a window cut.
  private var held: [UInt8] = []

  /// Pieces of `size` bytes; where elements have no size, every byte is one.
  package init(of size: Int) {
    self.size = max(1, size)
  }

  /// Hands on the pieces that `window` completes: one that another window began, then all others as one run.
  package mutating func take<Failure: Error>(
    _ window: RawSpan, _ body: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    var start = 0
    if !held.isEmpty {
      start = min(size - held.count, window.byteCount)
      held.append(window.extracting(0..<start))
      guard held.count == size else { return }
      try unsafe body(held.span.bytes)
      held.removeAll(keepingCapacity: true)
    }
    let end = window.byteCount - (window.byteCount - start) % size
    if start < end { try body(window.extracting(start..<end)) }
    if end < window.byteCount { held.append(window.extracting(end..<window.byteCount)) }
  }
}

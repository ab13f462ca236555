package import AlbertBytes

/// A container that is laid out before a tensor is read: where each one's bytes go, and what stands
/// around them.
///
/// Writing has always the same order. A layout is made of the tensors' descriptions; their bytes are
/// streamed to `ranges`, by any thread and in any order; `finish` writes all else once the digests
/// of what streamed by are known. No layout holds a tensor's bytes.
package protocol ArchiveLayout: Sendable {
  /// Where the bytes of each tensor go, in the order in which the tensors were given.
  var ranges: [Range<Int>] { get }

  /// The ranges that the bytes of the tensor at `index` fill one after another; all but one of them
  /// only where the container writes large tensors in pieces.
  func pieces(of index: Int) -> [Range<Int>]

  /// The size of the whole file.
  var byteCount: Int { get }

  /// Which digest of each tensor the container keeps.
  var digest: TensorDigest.Kind { get }

  /// Writes everything but the tensors' bytes.
  func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError)
}

extension ArchiveLayout {
  /// The tensor's range alone.
  package func pieces(of index: Int) -> [Range<Int>] { [ranges[index]] }

  /// None.
  package var digest: TensorDigest.Kind { .none }
}

extension ArchiveLayout {
  /// Hands the bytes of one tensor to its argument, in windows and in order.
  package typealias Produce =
    (_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) -> Void

  /// Writes the bytes of the tensor at `index` to their places as `produce` hands them over.
  ///
  /// Throws `mismatch`, which names `tensor` and `path`, where they are not as many as it needs.
  package func write(
    _ index: Int, _ tensor: String, to sink: some ByteSink, path: String, _ produce: Produce
  ) throws(FileError) -> TensorDigest {
    let pieces = pieces(of: index)
    let size = pieces.reduce(0) { $0 + $1.count }
    func mismatch(_ found: String) -> FileError {
      FileError(
        path, .mismatch(of: "the tensor's content", expected: "\(size) bytes", found: found),
        tensor: tensor)
    }
    var hasher = TensorHasher(digest)
    var room = pieces[...]
    var failure: FileError?
    do throws(FileError) {
      try produce { (window) throws(FileError) in
        hasher.update(window)
        var start = 0
        while start < window.byteCount {
          guard let range = room.first else { throw mismatch("more") }
          let count = min(range.count, window.byteCount - start)
          try sink.write(window.extracting(start..<start + count), at: range.lowerBound)
          start += count
          if count == range.count {
            room.removeFirst()
          } else {
            room[room.startIndex] = range.lowerBound + count..<range.upperBound
          }
        }
      }
      let missing = room.reduce(0) { $0 + $1.count }
      guard missing == 0 else { throw mismatch("\(size - missing) bytes") }
    } catch {
      failure = error
    }
    // Thrown out here, since the hasher must not be consumed on one way only.
    if let failure { throw failure }
    return hasher.digest
  }
}

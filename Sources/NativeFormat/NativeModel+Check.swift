public import Bytes

extension NativeModel {
  /// A tensor whose bytes are not those that were written.
  public struct Failure: Equatable, Sendable {
    /// The tensor's name.
    public let tensor: String
    /// What differs, with both digests.
    public let message: String

    /// States a failure.
    public init(tensor: String, message: String) {
      self.tensor = tensor
      self.message = message
    }
  }

  /// Verifies every tensor's digest and returns those that fail.
  ///
  /// Throws `changed` where the file changes meanwhile, and `cancelled` where the observer gives up.
  public func check(_ observer: WorkObserver = WorkObserver()) throws(FileError) -> [Failure] {
    let total = header.layout.byteCount
    var done = 0
    var failures: [Failure] = []
    for (place, expected) in zip(header.layout.places, header.digests) {
      let found = try digest(of: place, observer) { observer.progress(done + $0, total) }
      done += place.range.count
      if found != expected {
        failures.append(
          Failure(
            tensor: place.tensor.name,
            message: "its bytes do not match their digest: expected \(expected), found \(found)"))
      }
    }
    try checkUnchanged()
    return failures
  }

  private func digest(
    of place: NativeLayout.Place, _ observer: WorkObserver, _ progress: (_ done: Int) -> Void
  ) throws(FileError) -> XXH3Digest {
    try withBytes(of: place) { (bytes) throws(FileError) in
      var hasher = XXH3Hasher()
      var position = 0
      while position < bytes.byteCount {
        try observer.check(path)
        let count = min(Self.window, bytes.byteCount - position)
        hasher.update(bytes.extracting(position..<position + count))
        position += count
        progress(position)
      }
      return hasher.digest()
    }
  }

  /// Bytes between two questions whether to go on.
  private static let window = 16 << 20
}

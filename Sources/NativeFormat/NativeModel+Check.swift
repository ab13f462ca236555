public import AlbertBytes

extension NativeModel {
  /// A tensor whose bytes are not those that were written.
  public struct Failure: Equatable, Sendable {
    /// The tensor's name.
    public let tensor: String
    /// What differs, with both digests.
    public let message: String

    /// States a failure.
    package init(tensor: String, message: String) {
      self.tensor = tensor
      self.message = message
    }
  }

  /// Verifies every tensor's digest and returns those that fail.
  ///
  /// - Parameter observer: Told of bytes, and asked between windows whether to give up.
  /// - Returns: The tensors whose bytes are not those that were written; none in a sound file.
  /// - Throws: ``FileError`` `changed` where the file changes meanwhile, and `cancelled` where the
  ///   observer gives up.
  public func check(_ observer: WorkObserver = WorkObserver()) throws(FileError) -> [Failure] {
    var failures: [Failure] = []
    try compareDigests(observer) { (tensor, expected, found) in
      failures.append(
        Failure(
          tensor: tensor,
          message: "its bytes do not match their digest: expected \(expected), found \(found)"))
    }
    try checkUnchanged()
    return failures
  }

  /// Verifies every tensor's digest, and throws where one's bytes are not those that were written.
  ///
  /// Reads the whole file once, at some gigabytes per second.
  ///
  /// - Parameter observer: Told of bytes, and asked between windows whether to give up.
  /// - Throws: ``FileError`` `checksum` for the first such tensor, `changed` where the file changes
  ///   meanwhile, and `cancelled` where the observer gives up.
  public func verifyDigests(_ observer: WorkObserver = WorkObserver()) throws(FileError) {
    var failure: FileError?
    try compareDigests(observer) { (tensor, expected, found) in
      failure = failure ?? Self.damage(of: tensor, in: path, expected: expected, found: found)
    }
    try checkUnchanged()
    if let failure { throw failure }
  }

  private func compareDigests(
    _ observer: WorkObserver,
    _ differs: (_ tensor: String, _ expected: XXH3Digest, _ found: XXH3Digest) -> Void
  ) throws(FileError) {
    let places = header.layout.places
    let tally = WorkTally(of: header.layout.byteCount, observer.progress)
    let digests = try Machine.map(places.count, atMost: 2) { (index) throws(FileError) in
      try digest(of: places[index], observer, tally)
    }
    for (index, expected) in header.digests.enumerated() where digests[index] != expected {
      differs(places[index].tensor.name, expected, digests[index])
    }
  }

  private func digest(
    of place: NativeLayout.Place, _ observer: WorkObserver, _ tally: WorkTally
  ) throws(FileError) -> XXH3Digest {
    try withBytes(of: place) { (bytes) throws(FileError) in
      var hasher = XXH3Hasher()
      var position = 0
      while position < bytes.byteCount {
        try observer.check(path)
        let count = min(Self.window, bytes.byteCount - position)
        let part = bytes.extracting(position..<position + count)
        hasher.update(part)
        if bytes.byteCount > Self.window { bytes.release(position..<position + count) }
        position += count
        tally.add(count)
      }
      return hasher.digest()
    }
  }

  /// Bytes between two questions whether to go on.
  private static let window = 16 << 20

  /// The error for a tensor whose bytes are not those that were written.
  static func damage(
    of tensor: String, in path: String, expected: XXH3Digest, found: XXH3Digest
  ) -> FileError {
    FileError(
      path,
      .checksum(of: "the data", expected: expected.description, found: found.description),
      tensor: tensor, remedy: "restore the file from a copy, or convert its source again")
  }
}

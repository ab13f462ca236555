internal import Bytes

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

  /// Verifies every tensor's digest and returns those that fail; `progress` is told the bytes done.
  public func check(progress: (Int) -> Void = { _ in }) -> [Failure] {
    var failures: [Failure] = []
    for (place, expected) in zip(header.layout.places, header.digests) {
      let found = withBytes(of: place) { XXH3Digest.of($0) }
      if found != expected {
        failures.append(
          Failure(
            tensor: place.tensor.name,
            message: "its bytes do not match their digest: expected \(expected), found \(found)"))
      }
      progress(place.range.count)
    }
    return failures
  }
}

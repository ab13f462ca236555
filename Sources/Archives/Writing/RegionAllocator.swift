internal import AlbertBytes
internal import AlbertTensors

/// Room in a file that is laid out from its beginning, given away one range after another.
struct RegionAllocator {
  /// One past the last byte that was given away.
  private(set) var end = 0
  private let path: String

  /// The furthest end of a file; sums with it never overflow.
  private static let most = 1 << 60

  /// A file without a byte; `path` is for errors.
  init(path: String) {
    self.path = path
  }

  /// Takes the next `count` bytes, those of `tensor` where one is named.
  mutating func take(_ count: Int, tensor: String? = nil) throws(FileError) -> Range<Int> {
    guard let next = end.adding(count), next <= Self.most else {
      throw FileError(
        path, .limit(of: "the size of the file", value: .max, most: Self.most), tensor: tensor)
    }
    defer { end = next }
    return end..<next
  }
}

extension [TensorDescription] {
  /// Throws where a name occurs twice, or where `isKnown` does not know an element type.
  func checkWritable(
    as container: String, path: String, _ isKnown: (ElementType) -> Bool
  ) throws(FileError) {
    var names: Set<String> = []
    for tensor in self {
      guard isKnown(tensor.type) else {
        throw FileError(
          path, .inexpressible("\(container) has no word for \(tensor.type.name) elements"),
          tensor: tensor.name, remedy: "choose another element type, or leave the tensor out")
      }
      guard names.insert(tensor.name).inserted else {
        throw FileError(
          path, .inexpressible("the name stands for two tensors"), tensor: tensor.name,
          remedy: "give each tensor a name of its own")
      }
    }
  }
}

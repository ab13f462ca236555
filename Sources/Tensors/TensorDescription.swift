internal import AlbertBytes
/// What a file says of one tensor: its name, element type and shape.
package struct TensorDescription: Equatable, Hashable, Sendable {
  /// The name in the file.
  package let name: String
  /// The element type as stored.
  package let type: ElementType
  /// The shape as stored.
  package let shape: Shape

  /// Describes a tensor.
  package init(name: String, type: ElementType, shape: Shape) {
    self.name = name
    self.type = type
    self.shape = shape
  }

  /// The bytes of all elements in row-major order without padding; 0 for an opaque type.
  package var byteCount: Int { shape.count * type.size }
}

extension [TensorDescription] {
  /// The tensors by their names; of those of one name the first.
  package var byName: [String: TensorDescription] {
    Dictionary(firstOfEach: map { ($0.name, $0) })
  }
}

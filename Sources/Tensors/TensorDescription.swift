/// What a file says of one tensor: its name, element type and shape.
public struct TensorDescription: Equatable, Hashable, Sendable {
  /// The name in the file.
  public let name: String
  /// The element type as stored.
  public let type: ElementType
  /// The shape as stored.
  public let shape: Shape

  /// Describes a tensor.
  public init(name: String, type: ElementType, shape: Shape) {
    self.name = name
    self.type = type
    self.shape = shape
  }

  /// The bytes of all elements in row-major order without padding; 0 for an opaque type.
  public var byteCount: Int { shape.count * type.size }
}

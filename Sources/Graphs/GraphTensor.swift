package import AlbertBytes
package import AlbertTensors

/// A tensor of a graph as it is stored; its elements are read when they are asked for.
package final class GraphTensor: Sendable {
  /// The tensor's name, which is that of its value.
  package let name: String
  /// The element type as stored.
  package let type: GraphType
  /// The shape as stored.
  package let shape: Shape
  private let load: @Sendable () throws(FileError) -> [UInt8]

  /// A tensor whose bytes `load` reads: little-endian, elements of less than a byte packed from the low
  /// bits up.
  package init(
    name: String, type: GraphType, shape: Shape,
    load: @escaping @Sendable () throws(FileError) -> [UInt8]
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.load = load
  }

  /// Bytes that all elements take in the file.
  package var byteCount: Int {
    let (whole, rest) = shape.count.quotientAndRemainder(dividingBy: 8)
    return whole * type.bits + (rest * type.bits + 7) / 8
  }

  /// The stored bytes, as many as `byteCount` says.
  package func bytes() throws(FileError) -> [UInt8] { try load() }

  /// All elements of a tensor of floating-point numbers.
  func numbers() throws(FileError) -> [Double] {
    let bytes = try bytes()
    guard type.family == .numbers, let element = type.elementType,
      let values = unsafe bytes.span.bytes.doubles(of: element)
    else { throw FileError(name, .unsupported("a tensor of \(type.rawValue)")) }
    return values
  }
}

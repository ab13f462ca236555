internal import AlbertBytes
internal import AlbertTensors

/// The part of a tensor that one piece of a partitioned variable holds, along each axis either a
/// start and a length or everything.
struct TensorSlice: Equatable, Sendable {
  /// One axis; a nil length means the whole axis.
  struct Extent: Equatable, Sendable {
    var start = 0
    var length: Int?
  }

  let extents: [Extent]

  /// The box within a tensor of `shape`, or nil where it does not lie within.
  func resolved(in shape: Shape) -> [Range<Int>]? {
    guard extents.count == shape.rank else { return nil }
    var box: [Range<Int>] = []
    for (extent, size) in zip(extents, shape.dimensions) {
      if let length = extent.length {
        guard extent.start >= 0, length > 0, let end = extent.start.adding(length), end <= size
        else { return nil }
        box.append(extent.start..<end)
      } else {
        guard extent.start == 0 else { return nil }
        box.append(0..<size)
      }
    }
    return box
  }

  /// `0,171:-` as TensorFlow's own tools print a slice: start and length, a dash for a whole axis.
  var text: String {
    extents.map { extent in extent.length.map { "\(extent.start),\($0)" } ?? "-" }
      .joined(separator: ":")
  }
}

/// The messages of TensorFlow's graph framework that checkpoints of both formats use.
enum TensorFlowMessage {
  /// A `TensorShapeProto`.
  static func shape(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> Shape {
    var dimensions: [Int] = []
    try reader.message(field, "the shape") { (reader) throws(FileError) in
      while let field = try reader.next() {
        switch field.number {
        case 2:
          guard dimensions.count < Shape.maxAxes else {
            throw field.malformed("the shape has more than \(Shape.maxAxes) axes")
          }
          dimensions.append(try dimension(&reader, field))
        case 3:
          guard try field.bool("the unknown rank") == false else {
            throw field.malformed("the shape is of unknown rank")
          }
        default: break
        }
      }
    }
    guard let shape = Shape(checking: dimensions) else {
      throw field.malformed("the shape \(dimensions) is out of range")
    }
    return shape
  }

  /// A `TensorSliceProto`.
  static func slice(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> TensorSlice {
    try reader.message(field, "the slice") { (reader) throws(FileError) in
      var extents: [TensorSlice.Extent] = []
      while let field = try reader.next() {
        guard field.number == 1 else { continue }
        guard extents.count < Shape.maxAxes else {
          throw field.malformed("the slice has more than \(Shape.maxAxes) axes")
        }
        extents.append(try extent(&reader, field))
      }
      return TensorSlice(extents: extents)
    }
  }

  private static func dimension(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> Int {
    try reader.message(field, "an axis") { (reader) throws(FileError) in
      var once = ProtobufOnce()
      var size = 0
      while let field = try reader.next() {
        guard field.number == 1 else { continue }
        try once.check(field, "the size of an axis")
        size = try field.count("the size of an axis")
      }
      return size
    }
  }

  private static func extent(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> TensorSlice.Extent {
    try reader.message(field, "the extent of a slice") { (reader) throws(FileError) in
      var once = ProtobufOnce()
      var extent = TensorSlice.Extent()
      while let field = try reader.next() {
        switch field.number {
        case 1:
          try once.check(field, "the start of a slice")
          extent.start = try field.count("the start of a slice")
        case 2:
          try once.check(field, "the length of a slice")
          extent.length = try field.count("the length of a slice")
        default: break
        }
      }
      return extent
    }
  }
}

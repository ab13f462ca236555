internal import AlbertBytes
internal import AlbertTensors

/// What the index says of one tensor, or of one piece of a partitioned one: `BundleEntryProto`
/// (tensorflow/core/protobuf/tensor_bundle.proto).
struct BundleEntry: Sendable {
  var type = TensorFlowDataType(number: 0)
  var shape = Shape([])
  var shard = 0
  var offset = 0
  var size = 0
  var crc: UInt32 = 0
  /// The pieces of a partitioned variable, which have entries of their own.
  var slices: [TensorSlice] = []

  /// One past the last byte in the shard; the initializer knows that it does not overflow.
  var end: Int { offset + size }

  /// Parses an entry's value.
  init(_ value: ByteCursor) throws(FileError) {
    let start = value.position
    var reader = ProtobufReader(value)
    var once = ProtobufOnce()
    while let field = try reader.next() {
      if (1...6).contains(field.number) { try once.check(field, "a field of a tensor's entry") }
      switch field.number {
      case 1: type = TensorFlowDataType(number: try field.count("the element type"))
      case 2: shape = try TensorFlowMessage.shape(&reader, field)
      case 3: shard = try field.count("the shard's number")
      case 4: offset = try field.count("the offset in the shard")
      case 5: size = try field.count("the size in the shard")
      case 6: crc = try field.fixed32("the checksum")
      case 7: slices.append(try TensorFlowMessage.slice(&reader, field))
      default: break
      }
    }
    guard let element = type.element else {
      throw FileError(
        value.path, .unsupported("TensorFlow's element type \(type.number)"), offset: start)
    }
    guard offset.adding(size) != nil else {
      throw FileError(
        value.path, .malformed("the tensor's place, \(size) bytes at \(offset), is out of range"),
        offset: start)
    }
    if !slices.isEmpty {
      // The data of a partitioned variable belongs to the entries of its pieces.
      guard size == 0, element != .opaque else {
        throw FileError(
          value.path, .malformed("the entry of a partitioned variable has data of its own"),
          offset: start)
      }
    } else if let width = type.size {
      guard let bytes = shape.count.multiplied(by: width), bytes == size else {
        throw FileError(
          value.path,
          .mismatch(
            of: "the size of \(shape) \(element.name)",
            expected: "\(shape.count.multiplied(by: width) ?? .max) bytes", found: "\(size) bytes"),
          offset: start)
      }
    }
  }
}

/// What the index says of the whole: `BundleHeaderProto`.
enum BundleHeader {
  /// The version of the format that is read and written (`kTensorBundleVersion`).
  static let version = 1

  /// The number of data shards, once the rest of the header is known to be readable.
  static func shards(_ value: ByteCursor) throws(FileError) -> Int {
    let start = value.position
    var reader = ProtobufReader(value)
    var once = ProtobufOnce()
    var shards = 0
    while let field = try reader.next() {
      if (1...3).contains(field.number) { try once.check(field, "a field of the header") }
      switch field.number {
      case 1: shards = try field.count("the number of shards")
      case 2:
        guard try field.count("the byte order") == 0 else {
          throw FileError(
            value.path, .unsupported("a checkpoint of a big-endian machine"), offset: field.offset,
            remedy: "restore and save it on a little-endian machine")
        }
      case 3: try checkVersion(&reader, field)
      default: break
      }
    }
    guard shards > 0 else {
      throw FileError(
        value.path, .malformed("the header states no data shard"), offset: start)
    }
    return shards
  }

  /// Checks a `VersionDef`, which both formats carry; their versions are the same.
  static func checkVersion(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) {
    try reader.message(field, "the version") { (reader) throws(FileError) in
      while let field = try reader.next() {
        switch field.number {
        case 2:
          let least = try field.count("the least version of a reader")
          guard least <= version else {
            throw unsupported("a checkpoint for readers of version \(least)", field)
          }
        case 3:
          try reader.varints(field, "a version that must not read it") {
            (bad) throws(FileError) in
            guard bad != UInt64(version) else {
              throw unsupported("a checkpoint that bars readers of version \(version)", field)
            }
          }
        default: break
        }
      }
    }
  }

  private static func unsupported(_ what: String, _ field: ProtobufField) -> FileError {
    FileError(field.path, .unsupported(what), offset: field.offset)
  }
}

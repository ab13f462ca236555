internal import AlbertBytes
internal import AlbertTensors

/// The values of a `TensorProto` (tensorflow/core/framework/tensor.proto), which has a field of its
/// own for each kind of number, some of them as varints.
struct TableValues: Sendable {
  /// Where the values lie in the file; empty where there are none.
  let range: Range<Int>
  /// Whether every value is a varint, to be narrowed to the element's size.
  let areVarints: Bool

  /// Reads where the values of the tensor `field` lie, of which there must be `count`.
  init(
    _ reader: inout ProtobufReader, _ field: ProtobufField, of type: TensorFlowDataType, count: Int
  ) throws(FileError) {
    let (number, areVarints) = Self.field(of: type)
    self.areVarints = areVarints
    range = try reader.message(field, "the values") { (reader) throws(FileError) in
      var range: Range<Int>?
      while let field = try reader.next() {
        guard field.number == number else { continue }
        guard range == nil || type.element == .opaque else {
          throw field.malformed("the values come in more than one part")
        }
        range = try field.range("the values")
      }
      return range ?? field.offset..<field.offset
    }
    guard type.element != .opaque else { return }
    // A varint takes a byte at least; how many there are shows when they are read.
    let needed = areVarints ? count : count * (type.size ?? 0)
    guard areVarints ? range.count >= needed : range.count == needed else {
      throw FileError(
        field.path,
        .mismatch(
          of: "the size of the values", expected: "\(needed) bytes", found: "\(range.count) bytes"),
        offset: range.lowerBound)
    }
  }

  private static func field(of type: TensorFlowDataType) -> (number: Int, areVarints: Bool) {
    switch type.element {
    case .float32: (5, false)
    case .float64: (6, false)
    case .complex64: (9, false)
    case .int64: (10, true)
    case .bool: (11, true)
    case .float16, .bfloat16: (13, true)
    case .uint32: (16, true)
    case .uint64: (17, true)
    case .opaque, nil: (8, false)
    case .int32, .int16, .int8, .uint16, .uint8: (7, true)
    }
  }
}

/// The values of one piece, from front to back.
struct TableValuesReader: SlicePieceReader {
  private var cursor: ByteCursor
  private let areVarints: Bool
  private let type: ElementType

  init(_ values: TableValues, _ type: ElementType, in file: SourceFile) throws(FileError) {
    cursor = try ByteCursor(file, range: values.range)
    areVarints = values.areVarints
    self.type = type
  }

  mutating func append(_ count: Int, to output: inout [UInt8]) throws(FileError) {
    guard areVarints else {
      output += try cursor.bytes(count, "the values")
      return
    }
    for _ in 0..<count / type.size {
      let start = cursor.position
      let value = try cursor.varint("a value")
      guard type.holds(varint: value) else {
        throw FileError(
          cursor.path, .malformed("the value \(Int64(bitPattern: value)) is no \(type.name)"),
          offset: start)
      }
      output.append(littleEndian: value, count: type.size)
    }
  }

  func finish() throws(FileError) {
    guard cursor.isAtEnd else { throw cursor.malformed("bytes follow the last value") }
  }
}

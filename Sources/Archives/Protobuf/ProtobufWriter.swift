internal import AlbertBytes

/// Writes the fields of a protobuf message; those of proto3 that are zero are left out.
struct ProtobufWriter {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []

  /// Adds a varint, without a tag.
  mutating func varint(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Adds a number, unless it is zero.
  mutating func number(_ field: Int, _ value: Int) {
    guard value != 0 else { return }
    varint(field << 3)
    varint(value)
  }

  /// Adds 4 bytes, unless they are zero.
  mutating func fixed32(_ field: Int, _ value: UInt32) {
    guard value != 0 else { return }
    varint(field << 3 | 5)
    bytes.append(littleEndian: UInt64(value), count: 4)
  }

  /// Adds bytes as they stand.
  mutating func raw(_ content: [UInt8]) { bytes += content }

  /// Adds a message, also an empty one.
  mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    write(&message)
    varint(field << 3 | 2)
    varint(message.bytes.count)
    bytes += message.bytes
  }
}

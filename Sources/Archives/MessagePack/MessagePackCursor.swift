internal import AlbertBytes

/// Reads MessagePack one token at a time: what a value is and how long, its content left to the
/// caller.
struct MessagePackCursor {
  /// The beginning of a value; counts are already known to fit into the rest of the file.
  enum Token: Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer above Int64's.
    case unsigned(UInt64)
    case double(Double)
    /// That many bytes of text follow.
    case string(Int)
    /// That many bytes follow.
    case binary(Int)
    /// That many values follow.
    case array(Int)
    /// That many pairs of values follow.
    case map(Int)
    /// That many bytes follow, to be read as the type says.
    case extended(type: Int8, Int)
  }

  var bytes: ByteCursor

  init(_ bytes: ByteCursor) {
    self.bytes = bytes
  }

  /// The next token; its content comes next in `bytes`.
  mutating func token() throws(FileError) -> Token {
    let token = try header()
    switch token {
    case .string(let count): try bytes.require(count, "a string")
    case .binary(let count): try bytes.require(count, "binary data")
    case .extended(_, let count): try bytes.require(count, "an extension")
    // A value takes a byte at least.
    case .array(let count): try bytes.require(count, "an array of \(count) values")
    case .map(let count): try bytes.require(2 * count, "a map of \(count) pairs")
    default: break
    }
    return token
  }

  private mutating func header() throws(FileError) -> Token {
    let start = bytes.position
    let byte = try bytes.byte("a value")
    switch byte {
    case 0x00...0x7F: return .integer(Int64(byte))
    case 0x80...0x8F: return .map(Int(byte & 0x0F))
    case 0x90...0x9F: return .array(Int(byte & 0x0F))
    case 0xA0...0xBF: return .string(Int(byte & 0x1F))
    case 0xC0: return .null
    case 0xC2: return .bool(false)
    case 0xC3: return .bool(true)
    case 0xC4: return try .binary(count(UInt8.self))
    case 0xC5: return try .binary(count(UInt16.self))
    case 0xC6: return try .binary(count(UInt32.self))
    case 0xC7: return try extended(count(UInt8.self))
    case 0xC8: return try extended(count(UInt16.self))
    case 0xC9: return try extended(count(UInt32.self))
    case 0xCA:
      return .double(Double(Float(bitPattern: try bytes.bigEndian(UInt32.self, "a number"))))
    case 0xCB: return .double(Double(bitPattern: try bytes.bigEndian(UInt64.self, "a number")))
    case 0xCC...0xD3: return try integer(byte)
    case 0xD4...0xD8: return try extended(1 << Int(byte - 0xD4))
    case 0xD9: return try .string(count(UInt8.self))
    case 0xDA: return try .string(count(UInt16.self))
    case 0xDB: return try .string(count(UInt32.self))
    case 0xDC: return try .array(count(UInt16.self))
    case 0xDD: return try .array(count(UInt32.self))
    case 0xDE: return try .map(count(UInt16.self))
    case 0xDF: return try .map(count(UInt32.self))
    case 0xE0...0xFF: return .integer(Int64(Int8(bitPattern: byte)))
    default:
      throw FileError(
        bytes.path, .malformed("MessagePack has no value that begins with 0xC1"), offset: start)
    }
  }

  private mutating func integer(_ byte: UInt8) throws(FileError) -> Token {
    switch byte {
    case 0xCC: return .integer(Int64(try bytes.byte("a number")))
    case 0xCD: return .integer(Int64(try bytes.bigEndian(UInt16.self, "a number")))
    case 0xCE: return .integer(Int64(try bytes.bigEndian(UInt32.self, "a number")))
    case 0xCF:
      let value = try bytes.bigEndian(UInt64.self, "a number")
      return Int64(exactly: value).map(Token.integer) ?? .unsigned(value)
    case 0xD0: return .integer(Int64(Int8(bitPattern: try bytes.byte("a number"))))
    case 0xD1: return .integer(Int64(try bytes.bigEndian(Int16.self, "a number")))
    case 0xD2: return .integer(Int64(try bytes.bigEndian(Int32.self, "a number")))
    default: return .integer(try bytes.bigEndian(Int64.self, "a number"))
    }
  }

  private mutating func count<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type)
    throws(FileError) -> Int
  {
    // At most 32 bits, so any Int of the platforms holds it.
    Int(try bytes.bigEndian(type, "a length"))
  }

  private mutating func extended(_ count: Int) throws(FileError) -> Token {
    .extended(type: Int8(bitPattern: try bytes.byte("an extension's type")), count)
  }
}

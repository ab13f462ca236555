package import AlbertBytes

/// One field of a protobuf message: its number and its value, or where its bytes lie.
package struct ProtobufField: Equatable, Sendable {
  /// A value as the wire states it, before a schema gives it a type.
  package enum Value: Equatable, Sendable {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// A string, bytes, a nested message or a packed array, as its range in the file.
    case bytes(Range<Int>)
  }

  package let number: Int
  package let value: Value
  /// Where the field's tag lies, for errors.
  package let offset: Int
  /// The path that errors name.
  package let path: String

  /// The varint as it stands.
  package func unsigned(_ what: String) throws(FileError) -> UInt64 {
    guard case .varint(let value) = value else { throw unexpected(what, "a varint") }
    return value
  }

  /// The varint as an `int32`, `int64` or enum: negative numbers are stored in two's complement.
  package func signed(_ what: String) throws(FileError) -> Int {
    Int(Int64(bitPattern: try unsigned(what)))
  }

  /// The varint as a size, offset or count, which is never negative.
  package func count(_ what: String) throws(FileError) -> Int {
    let value = try signed(what)
    guard value >= 0 else { throw malformed("\(what) is \(value), less than zero") }
    return value
  }

  /// The varint as a truth value; only 0 and 1 are written by any encoder.
  package func bool(_ what: String) throws(FileError) -> Bool {
    let value = try unsigned(what)
    guard value <= 1 else { throw malformed("\(what) is \(value), neither 0 nor 1") }
    return value == 1
  }

  /// The 4 bytes as they stand (`fixed32`, or a float's bits).
  package func fixed32(_ what: String) throws(FileError) -> UInt32 {
    guard case .fixed32(let value) = value else { throw unexpected(what, "4 bytes") }
    return value
  }

  /// The 8 bytes as they stand (`fixed64`, or a double's bits).
  package func fixed64(_ what: String) throws(FileError) -> UInt64 {
    guard case .fixed64(let value) = value else { throw unexpected(what, "8 bytes") }
    return value
  }

  /// Where the field's bytes lie in the file.
  package func range(_ what: String) throws(FileError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw unexpected(what, "a length and bytes") }
    return range
  }

  /// An error that names this field's place.
  package func malformed(_ what: String) -> FileError {
    FileError(path, .malformed(what), offset: offset)
  }

  private func unexpected(_ what: String, _ expected: String) -> FileError {
    let found =
      switch value {
      case .varint: "a varint"
      case .fixed64: "8 bytes"
      case .fixed32: "4 bytes"
      case .bytes: "a length and bytes"
      }
    return FileError(
      path, .mismatch(of: "the encoding of \(what)", expected: expected, found: found),
      offset: offset)
  }
}

package import AlbertBytes

/// Reads protobuf's wire format field by field over a window of a file.
///
/// Only tags and numbers are decoded; the bytes of a field stay in the file until they are asked
/// for, so that weights of gigabytes cost nothing to pass over. Use:
///
///     while let field = try reader.next() {
///       switch field.number {
///       case 1: name = try reader.string(field, "the name")
///       case 2: try reader.message(field, "the shape") { (reader) throws(FileError) in … }
///       default: break
///       }
///     }
package struct ProtobufReader: Sendable {
  private var cursor: ByteCursor
  /// One past the last byte of the innermost message.
  package private(set) var end: Int
  /// Where the next field begins.
  private var nextField: Int
  private var depth = 0

  /// Messages within messages that are followed: protobuf's own limit.
  package static let deepest = 100

  /// A reader of the message that fills all that `cursor` has left.
  package init(_ cursor: ByteCursor) {
    self.cursor = cursor
    end = cursor.end
    nextField = cursor.position
  }

  /// A reader of a message in memory; `offset` is where it lies in the file, for errors.
  package init(_ bytes: [UInt8], path: String, offset: Int = 0) {
    self.init(ByteCursor(bytes, path: path, offset: offset))
  }

  /// The path that errors name.
  package var path: String { cursor.path }

  /// The next field of the innermost message, or nil at its end.
  package mutating func next() throws(FileError) -> ProtobufField? {
    guard nextField < end else { return nil }
    try cursor.seek(to: nextField)
    let start = nextField
    let tag = try cursor.varint("a field's tag", before: end)
    guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else {
      throw malformed("field number \(tag >> 3) is out of range", at: start)
    }
    let value: ProtobufField.Value
    switch tag & 7 {
    case 0: value = .varint(try cursor.varint("a field's value", before: end))
    case 1:
      try require(8, "a field of 8 bytes")
      value = .fixed64(try cursor.littleEndian(UInt64.self))
    case 2: value = .bytes(try lengthPrefixed())
    case 5:
      try require(4, "a field of 4 bytes")
      value = .fixed32(try cursor.littleEndian(UInt32.self))
    case 3, 4:
      throw FileError(path, .unsupported("a protobuf group"), offset: start)
    default:
      throw malformed("a field has wire type \(tag & 7), which does not exist", at: start)
    }
    if case .bytes(let range) = value {
      nextField = range.upperBound
    } else {
      nextField = cursor.position
    }
    return ProtobufField(number: Int(tag >> 3), value: value, offset: start, path: path)
  }

  /// Reads the nested message `field`, which `next` returned last; `body` may leave fields unread.
  package mutating func message<R>(
    _ field: ProtobufField, _ what: String,
    _ body: (inout ProtobufReader) throws(FileError) -> R
  ) throws(FileError) -> R {
    let outer = try enter(field, what)
    let result = try body(&self)
    leave(to: outer)
    return result
  }

  /// What is left of a message around the one that is read.
  package struct Outer {
    fileprivate let end: Int
    fileprivate let nextField: Int
  }

  /// Goes into the nested message `field`, which `next` returned last, until `leave`; for a reader that
  /// another value holds, which `message` could not lend to a closure.
  package mutating func enter(
    _ field: ProtobufField, _ what: String
  ) throws(FileError) -> Outer {
    let range = try field.range(what)
    try FileError.limit(
      depth + 1, "the nesting of messages", most: Self.deepest, in: path, offset: field.offset)
    let outer = Outer(end: end, nextField: nextField)
    (end, nextField) = (range.upperBound, range.lowerBound)
    depth += 1
    return outer
  }

  /// Goes back to the message around the one that was read.
  package mutating func leave(to outer: Outer) {
    depth -= 1
    (end, nextField) = (outer.end, outer.nextField)
  }

  /// The bytes of `field`, of which at most `most` are taken into memory.
  package mutating func bytes(
    _ field: ProtobufField, _ what: String, most: Int = .max
  ) throws(FileError) -> [UInt8] {
    try cursor.bytes(try seek(field, what, most), what)
  }

  /// The text of `field`.
  package mutating func string(
    _ field: ProtobufField, _ what: String, most: Int = 1 << 20
  ) throws(FileError) -> String {
    guard let string = try cursor.text(try seek(field, what, most), what) else {
      throw field.malformed("\(what) is not valid UTF-8")
    }
    return string
  }

  /// Goes to the bytes of `field`; their number, which is `most` at most.
  private mutating func seek(
    _ field: ProtobufField, _ what: String, _ most: Int
  ) throws(FileError) -> Int {
    let range = try field.range(what)
    guard range.count <= most else {
      throw FileError(
        path, .limit(of: "the length of \(what)", value: range.count, most: most),
        offset: field.offset)
    }
    try cursor.seek(to: range.lowerBound, what)
    return range.count
  }

  /// Hands each number of a repeated varint field to `body`, whether packed or one by one.
  package mutating func varints(
    _ field: ProtobufField, _ what: String, _ body: (UInt64) throws(FileError) -> Void
  ) throws(FileError) {
    guard case .bytes(let range) = field.value else { return try body(field.unsigned(what)) }
    try cursor.seek(to: range.lowerBound, what)
    while cursor.position < range.upperBound {
      try body(try cursor.varint(what, before: range.upperBound))
    }
  }

  private mutating func lengthPrefixed() throws(FileError) -> Range<Int> {
    let length = try cursor.varint("a field's length", before: end)
    let start = cursor.position
    guard length <= UInt64(end - start) else {
      throw FileError(
        path,
        .truncated(
          what: "a field", needed: Int(clamping: length), available: end - start),
        offset: start)
    }
    return start..<start + Int(length)
  }

  private func require(_ count: Int, _ what: String) throws(FileError) {
    guard count <= end - cursor.position else {
      throw FileError(
        path, .truncated(what: what, needed: count, available: max(0, end - cursor.position)),
        offset: cursor.position)
    }
  }

  private func malformed(_ what: String, at offset: Int) -> FileError {
    FileError(path, .malformed(what), offset: offset)
  }
}

/// The singular fields of a message that were seen, so that a second one is an error: encoders
/// write each once, and a reader that kept the last would hide what the first said.
package struct ProtobufOnce {
  private var seen: UInt64 = 0

  /// Makes a record of none.
  package init() {}

  /// Throws where `field`, whose number is below 64, came before.
  package mutating func check(_ field: ProtobufField, _ what: String) throws(FileError) {
    let bit = UInt64(1) << UInt64(field.number)
    guard seen & bit == 0 else { throw field.malformed("\(what) is stated twice") }
    seen |= bit
  }
}

/// A bounded cursor over bytes in memory or over a range of a file, read through a window.
///
/// Every read is checked against `end` before a byte is touched or allocated, so a parser built on
/// it cannot read outside its part, whatever the numbers in the file say.
package struct ByteCursor: Sendable {
  /// The path that errors name.
  package let path: String
  /// Where the next byte lies, counted from the start of the file (or of the bytes in memory).
  package private(set) var position: Int
  /// One past the last byte that may be read.
  package let end: Int

  private let file: SourceFile?
  private var window: [UInt8]
  private var windowStart: Int

  /// Bytes that are read from a file at once.
  static let windowSize = 1 << 16

  /// A cursor over bytes in memory; `offset` is where they begin in the file, for errors.
  package init(_ bytes: [UInt8], path: String, offset: Int = 0) {
    self.path = path
    file = nil
    window = bytes
    windowStart = offset
    position = offset
    end = offset + bytes.count
  }

  /// A cursor over `range` of a file, or over all of it.
  ///
  /// Throws `truncated` where the file is shorter.
  package init(_ file: SourceFile, range: Range<Int>? = nil) throws(FileError) {
    let range = range ?? 0..<file.size
    guard range.lowerBound >= 0, range.upperBound <= file.size else {
      throw FileError(
        file.path.string,
        .truncated(
          what: "the data", needed: range.count, available: max(0, file.size - range.lowerBound)),
        offset: range.lowerBound)
    }
    path = file.path.string
    self.file = file
    window = []
    windowStart = range.lowerBound
    position = range.lowerBound
    end = range.upperBound
  }

  /// Bytes between the position and the end.
  package var remaining: Int { end - position }

  /// Whether everything has been read.
  package var isAtEnd: Bool { position == end }

  /// A `malformed` error that names the present position.
  package func malformed(_ what: String) -> FileError {
    FileError(path, .malformed(what), offset: position)
  }

  /// Throws `truncated` unless `count` bytes remain.
  ///
  /// A negative count never does.
  package func require(_ count: Int, _ what: String) throws(FileError) {
    guard count >= 0, count <= remaining else {
      throw FileError(
        path, .truncated(what: what, needed: max(0, count), available: remaining), offset: position)
    }
  }

  /// The next byte.
  package mutating func byte(_ what: String = "a byte") throws(FileError) -> UInt8 {
    try require(1, what)
    try fill(1)
    defer { position += 1 }
    return window[position - windowStart]
  }

  /// The next byte without moving on, or nil at the end.
  package mutating func peek() throws(FileError) -> UInt8? {
    if isAtEnd { return nil }
    try fill(1)
    return window[position - windowStart]
  }

  /// The next `count` bytes.
  package mutating func bytes(_ count: Int, _ what: String = "the data") throws(FileError)
    -> [UInt8]
  {
    try require(count, what)
    if let file, count > Self.windowSize {
      defer { position += count }
      return try file.bytes(at: position, count: count, what: what)
    }
    try fill(count)
    defer { position += count }
    let start = position - windowStart
    return Array(window[start..<start + count])
  }

  /// A little-endian integer of the type's width.
  package mutating func littleEndian<T: FixedWidthInteger>(
    _ type: T.Type, _ what: String = "an integer"
  ) throws(FileError) -> T {
    T(truncatingIfNeeded: try number(MemoryLayout<T>.size, what))
  }

  /// A big-endian integer of the type's width.
  package mutating func bigEndian<T: FixedWidthInteger>(
    _ type: T.Type, _ what: String = "an integer"
  ) throws(FileError) -> T {
    T(truncatingIfNeeded: try number(MemoryLayout<T>.size, what)).byteSwapped
  }

  /// The next `count` bytes as UTF-8.
  ///
  /// Throws `malformed` where they are not.
  package mutating func utf8(_ count: Int, _ what: String = "a string") throws(FileError) -> String
  {
    let start = position
    guard let string = try text(count, what) else {
      throw FileError(path, .malformed("\(what) is not valid UTF-8"), offset: start)
    }
    return string
  }

  /// The next `count` bytes as UTF-8; nil where they are not.
  package mutating func text(_ count: Int, _ what: String = "a string") throws(FileError) -> String?
  {
    if file != nil, count > Self.windowSize {
      return String(validating: try bytes(count, what), as: UTF8.self)
    }
    // Where it lies: a graph has thousands of names, each of which would be copied on the way.
    try require(count, what)
    try fill(count)
    defer { position += count }
    let start = position - windowStart
    let bytes = window[start..<start + count]
    // What checks other texts finds out anew at each call which types it is given; that takes longer than
    // most names do.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The next byte, where it comes before `limit`, the window holds it, and it is a varint by itself.
  package mutating func shortVarint(before limit: Int) -> UInt64? {
    let place = position - windowStart
    guard position < limit, place >= 0, place < window.count, window[place] < 0x80 else {
      return nil
    }
    position += 1
    return UInt64(window[place])
  }

  /// Bytes up to `terminator`, which is passed over and left out; at most `limit` of them.
  package mutating func bytes(
    upTo terminator: UInt8, limit: Int, _ what: String
  ) throws(FileError) -> [UInt8] {
    var result: [UInt8] = []
    while true {
      let next = try byte(what)
      if next == terminator { return result }
      guard result.count < limit else {
        throw FileError(
          path, .limit(of: "the length of \(what)", value: result.count + 1, most: limit),
          offset: position)
      }
      result.append(next)
    }
  }

  /// Moves on by `count` bytes.
  package mutating func skip(_ count: Int, _ what: String = "the data") throws(FileError) {
    try require(count, what)
    position += count
  }

  /// Moves to an absolute offset, which must not pass the end nor precede what a file cursor may see.
  package mutating func seek(to offset: Int, _ what: String = "the data") throws(FileError) {
    guard offset >= (file == nil ? windowStart : 0), offset <= end else {
      throw FileError(
        path, .truncated(what: what, needed: max(0, offset), available: end), offset: position)
    }
    position = offset
  }

  /// A cursor over the next `count` bytes alone; this one moves past them.
  package mutating func slice(_ count: Int, _ what: String = "the data") throws(FileError)
    -> ByteCursor
  {
    try require(count, what)
    defer { position += count }
    if let file { return try ByteCursor(file, range: position..<position + count) }
    let start = position - windowStart
    return ByteCursor(Array(window[start..<start + count]), path: path, offset: position)
  }

  /// The next `count` bytes as a number, the lowest first.
  ///
  /// It is not inlined, and not generic: every field of every header is read through it.
  @inline(never)
  private mutating func number(_ count: Int, _ what: String) throws(FileError) -> UInt64 {
    try require(count, what)
    try fill(count)
    defer { position += count }
    let start = position - windowStart
    var value: UInt64 = 0
    for index in (0..<count).reversed() { value = value << 8 | UInt64(window[start + index]) }
    return value
  }

  /// Makes the window hold the next `count` bytes (which are known to remain).
  private mutating func fill(_ count: Int) throws(FileError) {
    guard let file else { return }
    if position >= windowStart, position + count <= windowStart + window.count { return }
    let length = min(max(count, Self.windowSize), end - position)
    window = try file.bytes(at: position, count: length)
    windowStart = position
  }
}

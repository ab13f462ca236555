/// Characters that mean themselves in a JSON string, found eight at a time: a native file's header holds
/// a megabyte of them.
enum PlainText {
  /// The end of the run of ASCII characters from `start` on that are no quotation mark, no backslash and
  /// no control character.
  static func end(in bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    let raw = unsafe bytes.bytes
    while index + 32 <= bytes.count {
      // Most of a long run goes by in steps that ask once.
      let found =
        stops(raw, index) | stops(raw, index + 8) | stops(raw, index + 16)
        | stops(raw, index + 24)
      if found & each(0x80) != 0 { break }
      index += 32
    }
    while index + 8 <= bytes.count, stops(raw, index) & each(0x80) == 0 { index += 8 }
    while index < bytes.count, isPlain(bytes[index]) { index += 1 }
    return index
  }

  /// A word in which the highest bit of some byte is set where one of the eight at `offset` ends a run.
  @inline(__always)
  private static func stops(_ raw: RawSpan, _ offset: Int) -> UInt64 {
    let part = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return part | (part &- each(0x20)) & ~part | zeros(part ^ each(UInt8(ascii: "\"")))
      | zeros(part ^ each(UInt8(ascii: "\\"))) | zeros(part ^ each(0x7F))
  }

  /// Eight copies of a byte.
  @inline(__always)
  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// A word in which the highest bit of some byte is set where one of `word` is zero.
  @inline(__always)
  private static func zeros(_ word: UInt64) -> UInt64 { (word &- each(0x01)) & ~word }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

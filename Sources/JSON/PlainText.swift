/// Characters that mean themselves in a JSON string, found sixteen at a time: a native file's header
/// holds a megabyte of them.
enum PlainText {
  /// The end of the run of ASCII characters from `start` on that are no quotation mark, no backslash and
  /// no control character.
  static func end(in bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    let raw = unsafe bytes.bytes
    while index + 16 <= bytes.count {
      let part = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
      let stops =
        (part .< 0x20) .| (part .== UInt8(ascii: "\"")) .| (part .== UInt8(ascii: "\\"))
        .| (part .>= 0x7F)
      if any(stops) { break }
      index += 16
    }
    while index < bytes.count, isPlain(bytes[index]) { index += 1 }
    return index
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

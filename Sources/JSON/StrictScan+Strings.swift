internal import AlbertBytes

extension StrictScan {
  /// Moves past a string; its text with escapes resolved where that is wanted, else an empty one.
  mutating func string(decoding: Bool) throws(FileError) -> String {
    let (plain, resolved) = try contents(resolving: decoding)
    guard decoding else { return "" }
    return resolved.map { String(decoding: $0, as: UTF8.self) }
      ?? String(decoding: bytes[plain], as: UTF8.self)
  }

  /// Moves past a string; where it stands between its quotation marks, and what it means where escapes
  /// are in it and are to be resolved.
  ///
  /// Only well-formed UTF-8 passes (Unicode, table 3-7), and only surrogates that make a pair.
  mutating func contents(
    resolving: Bool
  ) throws(FileError) -> (plain: Range<Int>, resolved: [UInt8]?) {
    let start = position
    position += 1
    var resolved: [UInt8] = []
    var plain = position
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        let end = position
        position += 1
        guard resolving, plain > start + 1 else { return (start + 1..<end, nil) }
        resolved += bytes[plain..<end]
        return (start + 1..<end, resolved)
      case UInt8(ascii: "\\"):
        if resolving { resolved += bytes[plain..<position] }
        let scalar = try escape()
        if resolving { resolved += String(Character(scalar)).utf8 }
        plain = position
      case 0..<0x20:
        throw malformed(
          "a string holds a control character", "write it as an escape, such as \\n")
      case 0..<0x80:
        position = PlainText.end(in: bytes.span, from: position + 1)
      default:
        try multibyte(byte)
      }
    }
    throw malformed("a string is not closed", "check that the file is complete", start)
  }

  private mutating func multibyte(_ lead: UInt8) throws(FileError) {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch lead {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, bytes.count - position >= length, second.contains(bytes[position + 1]),
      bytes[(position + 2)..<(position + length)].allSatisfy({ (0x80...0xBF).contains($0) })
    else {
      throw malformed("a string is not valid UTF-8", "save the file as UTF-8")
    }
    position += length
  }

  /// The character of the escape at the position, which moves past it.
  private mutating func escape() throws(FileError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let kind = peek else {
      throw malformed("a string is not closed", "check that the file is complete", start)
    }
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw malformed("JSON has no such escape", "escape the backslash as \\\\", start)
    }
    let first = try fourDigits(start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800...0xDBFF).contains(first), starts(with: "\\u") else {
      throw loneSurrogate(start)
    }
    position += 2
    let second = try fourDigits(start)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw loneSurrogate(start) }
    return scalar
  }

  private mutating func fourDigits(_ start: Int) throws(FileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw malformed("a \\u escape needs four hexadecimal digits", nil, start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func loneSurrogate(_ start: Int) -> FileError {
    malformed(
      "a \\u escape names half of a surrogate pair", "write both halves, or the character itself",
      start)
  }
}

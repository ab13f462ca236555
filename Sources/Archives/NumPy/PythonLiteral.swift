internal import AlbertBytes

/// A Python literal as NumPy writes it into a header: nothing is evaluated.
indirect enum PythonLiteral {
  case none
  case bool(Bool)
  case integer(Int)
  case string(String)
  case list([PythonLiteral])
  case tuple([PythonLiteral])
  case dictionary([Pair])

  /// One item of a dictionary.
  struct Pair {
    let key: PythonLiteral
    let value: PythonLiteral
  }

  /// The deepest nesting that is read; NumPy's headers have 2, structured types some more.
  static let maxLevels = 16

  /// Parses a whole text, blanks around it included.
  static func parse(_ bytes: ByteCursor) throws(FileError) -> PythonLiteral {
    var parser = PythonLiteralParser(bytes: bytes)
    let value = try parser.value(level: 0)
    try parser.skipBlanks()
    guard parser.bytes.isAtEnd else {
      throw parser.bytes.malformed("something follows the end of the header's dictionary")
    }
    return value
  }
}

private struct PythonLiteralParser {
  var bytes: ByteCursor

  mutating func skipBlanks() throws(FileError) {
    while let byte = try bytes.peek(), byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
    {
      try bytes.skip(1)
    }
  }

  mutating func value(level: Int) throws(FileError) -> PythonLiteral {
    guard level < PythonLiteral.maxLevels else {
      throw bytes.malformed("the header is nested deeper than \(PythonLiteral.maxLevels) levels")
    }
    try skipBlanks()
    guard let byte = try bytes.peek() else { throw bytes.malformed("the header ends too early") }
    switch byte {
    case UInt8(ascii: "{"):
      return .dictionary(
        try items("}") { (parser) throws(FileError) in
          let key = try parser.value(level: level + 1)
          try parser.expect(":")
          return PythonLiteral.Pair(key: key, value: try parser.value(level: level + 1))
        }.items)
    case UInt8(ascii: "["):
      return .list(
        try items("]") { (parser) throws(FileError) in try parser.value(level: level + 1) }.items)
    case UInt8(ascii: "("):
      let (items, closedByComma) = try items(")") { (parser) throws(FileError) in
        try parser.value(level: level + 1)
      }
      // `(3)` is a number in brackets, `(3,)` a tuple.
      return items.count == 1 && !closedByComma ? items[0] : .tuple(items)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try integer()
    default: return try word()
    }
  }

  /// The items up to `close`, with or without a comma after the last.
  private mutating func items<Item>(
    _ close: Unicode.Scalar, _ item: (inout PythonLiteralParser) throws(FileError) -> Item
  ) throws(FileError) -> (items: [Item], closedByComma: Bool) {
    try bytes.skip(1)
    var items: [Item] = []
    var afterComma = false
    while true {
      try skipBlanks()
      if try bytes.peek() == UInt8(ascii: close) {
        try bytes.skip(1)
        return (items, afterComma)
      }
      guard items.isEmpty || afterComma else { throw bytes.malformed("the header lacks a comma") }
      items.append(try item(&self))
      try skipBlanks()
      afterComma = try bytes.peek() == UInt8(ascii: ",")
      if afterComma { try bytes.skip(1) }
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FileError) {
    try skipBlanks()
    guard try bytes.peek() == UInt8(ascii: character) else {
      throw bytes.malformed("the header lacks a '\(character)'")
    }
    try bytes.skip(1)
  }

  private mutating func string() throws(FileError) -> PythonLiteral {
    let quote = try bytes.byte()
    var text: [UInt8] = []
    while true {
      let byte = try bytes.byte("a string of the header")
      if byte == quote { return .string(String(decoding: text, as: UTF8.self)) }
      // Only names of fields, which nobody reads, ever need an escape.
      text.append(byte == UInt8(ascii: "\\") ? try bytes.byte("a string of the header") : byte)
    }
  }

  private mutating func integer() throws(FileError) -> PythonLiteral {
    let start = bytes
    var text = ""
    while let byte = try bytes.peek(),
      byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    {
      text.unicodeScalars.append(Unicode.Scalar(byte))
      try bytes.skip(1)
    }
    // Python 2 wrote its long integers so.
    if try bytes.peek() == UInt8(ascii: "L") { try bytes.skip(1) }
    guard let value = Int(text) else {
      throw start.malformed("the header's number \(text.prefix(40)) is none that fits")
    }
    return .integer(value)
  }

  private mutating func word() throws(FileError) -> PythonLiteral {
    let start = bytes
    var text = ""
    while let byte = try bytes.peek(), text.utf8.count < 8,
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & ~0x20)
    {
      text.unicodeScalars.append(Unicode.Scalar(byte))
      try bytes.skip(1)
    }
    switch text {
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "None": return .none
    default: throw start.malformed("the header holds something else than a literal")
    }
  }
}

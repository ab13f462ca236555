internal import AlbertBytes

extension PickleMachine {
  /// A line of the textual instructions, without its end.
  mutating func line() throws(FileError) -> String {
    let start = cursor.position
    let bytes = try cursor.bytes(upTo: 0x0A, limit: Self.longestLine, "a line of the pickle")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(
        cursor.path, .malformed("a line of the pickle is not valid UTF-8"), offset: start)
    }
    return text
  }

  /// A line that holds the place of a remembered object.
  mutating func lineInteger() throws(FileError) -> Int {
    let text = try line()
    guard let value = Int(text), value >= 0 else {
      throw cursor.malformed("a line of the pickle holds no place of an object")
    }
    return value
  }

  mutating func pushInteger(_ opcode: PickleOpcode) throws(FileError) {
    let what = "a number of the pickle"
    switch opcode {
    case .binInt: try push(.integer(Int(cursor.littleEndian(Int32.self, what))))
    case .binInt1: try push(.integer(Int(cursor.byte(what))))
    case .binInt2: try push(.integer(Int(cursor.littleEndian(UInt16.self, what))))
    case .long1: try pushInteger(bytes: Int(cursor.byte(what)))
    case .long4: try pushInteger(bytes: Int(cursor.littleEndian(Int32.self, what)))
    default:
      var text = try line()
      // Protocol 0 writes truth values as these two lines, and long integers with an L.
      if opcode == .int, text == "00" || text == "01" { return try push(.bool(text == "01")) }
      if opcode == .long, text.hasSuffix("L") { text.removeLast() }
      if let value = Int(text) {
        try push(.integer(value))
      } else {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }), !text.isEmpty
        else { throw cursor.malformed("a line of the pickle holds no number") }
        try push(PickleNode(kind: .blob))
      }
    }
  }

  /// A little-endian integer in two's complement of `count` bytes; a wide one is passed over.
  private mutating func pushInteger(bytes count: Int) throws(FileError) {
    let what = "a number of the pickle"
    guard count >= 0 else { throw cursor.malformed("a number of the pickle has a negative size") }
    guard count <= 8 else {
      try cursor.skip(count, what)
      return try push(PickleNode(kind: .blob))
    }
    let bytes = try cursor.bytes(count, what)
    var value: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    try push(.integer(Int(Int64(bitPattern: value))))
  }

  mutating func pushText(_ opcode: PickleOpcode) throws(FileError) {
    let what = "a string of the pickle"
    switch opcode {
    case .shortBinString, .shortBinUnicode:
      try pushText(length: UInt64(cursor.byte(what)), isUnicode: opcode == .shortBinUnicode)
    case .binString, .binUnicode:
      try pushText(
        length: UInt64(cursor.littleEndian(UInt32.self, what)), isUnicode: opcode == .binUnicode)
    case .binUnicode8:
      try pushText(length: cursor.littleEndian(UInt64.self, what), isUnicode: true)
    default:
      let bytes = try cursor.bytes(upTo: 0x0A, limit: Self.longestLine, "a line of the pickle")
      var text = bytes[...]
      if opcode == .string {
        guard text.count >= 2, let quote = text.popFirst(), text.popLast() == quote,
          quote == 0x22 || quote == 0x27
        else { throw cursor.malformed("a string of the pickle has no quotes") }
      }
      // No name of a tensor needs an escape, so what has one need not be understood.
      let plain = text.allSatisfy { $0 < 0x80 && $0 != 0x5C }
      try push(
        plain && text.count <= Self.longestText
          ? PickleNode(kind: .text, text: String(decoding: text, as: UTF8.self))
          : PickleNode(kind: .blob))
    }
  }

  private mutating func pushText(length: UInt64, isUnicode: Bool) throws(FileError) {
    let what = "a string of the pickle"
    let count = Int(clamping: length)
    let start = cursor.position
    var node = PickleNode(kind: .blob)
    if count <= Self.longestText {
      // Python 2 stores bytes as strings, and Python 3 lone surrogates: no names of tensors either.
      if let text = String(validating: try cursor.bytes(count, what), as: UTF8.self) {
        node = PickleNode(kind: .text, text: text)
      }
    } else {
      try cursor.skip(count, what)
    }
    node.range = start..<cursor.position
    node.isUnicode = isUnicode
    try push(node)
  }

  mutating func pushBytes(_ opcode: PickleOpcode) throws(FileError) {
    let what = "bytes of the pickle"
    let length: UInt64
    switch opcode {
    case .shortBinBytes: length = UInt64(try cursor.byte(what))
    case .binBytes: length = UInt64(try cursor.littleEndian(UInt32.self, what))
    default: length = try cursor.littleEndian(UInt64.self, what)
    }
    let start = cursor.position
    try cursor.skip(Int(clamping: length), what)
    try push(PickleNode(kind: .blob, range: start..<cursor.position))
  }
}

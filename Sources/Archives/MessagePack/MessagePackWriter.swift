/// Writes MessagePack values, each in its shortest form, as msgpack-python does.
struct MessagePackWriter {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []

  /// Adds values that another one wrote.
  mutating func append(_ other: MessagePackWriter) { bytes += other.bytes }

  /// Begins a map of so many pairs, keys and values in turn.
  mutating func map(_ count: Int) {
    if count < 16 { bytes.append(0x80 | UInt8(count)) } else { header(count, nil, 0xDE, 0xDF) }
  }

  /// Begins an array of so many values.
  mutating func array(_ count: Int) {
    if count < 16 { bytes.append(0x90 | UInt8(count)) } else { header(count, nil, 0xDC, 0xDD) }
  }

  /// Adds a text.
  mutating func text(_ text: String) {
    let utf8 = Array(text.utf8)
    if utf8.count < 32 {
      bytes.append(0xA0 | UInt8(utf8.count))
    } else {
      header(utf8.count, 0xD9, 0xDA, 0xDB)
    }
    bytes += utf8
  }

  /// Adds true.
  mutating func yes() { bytes.append(0xC3) }

  /// Adds a number that is not negative.
  mutating func integer(_ value: Int) {
    switch value {
    case 0..<0x80: bytes.append(UInt8(value))
    case 0x80...Int(UInt32.max): header(value, 0xCC, 0xCD, 0xCE)
    default:
      bytes.append(0xCF)
      bigEndian(value, 8)
    }
  }

  /// Begins binary data of so many bytes, which follow.
  mutating func binary(_ count: Int) { header(count, 0xC4, 0xC5, 0xC6) }

  /// Begins an extension of so many bytes, which follow.
  mutating func extended(type: Int8, _ count: Int) {
    switch count {
    case 1, 2, 4, 8, 16: bytes.append(0xD4 + UInt8(count.trailingZeroBitCount))
    default: header(count, 0xC7, 0xC8, 0xC9)
    }
    bytes.append(UInt8(bitPattern: type))
  }

  /// Adds a count of 8, 16 or 32 bits behind the byte that says so; the first may be missing.
  private mutating func header(_ count: Int, _ small: UInt8?, _ medium: UInt8, _ large: UInt8) {
    if let small, count < 0x100 {
      bytes.append(small)
      bigEndian(count, 1)
    } else if count < 0x1_0000 {
      bytes.append(medium)
      bigEndian(count, 2)
    } else {
      bytes.append(large)
      bigEndian(count, 4)
    }
  }

  private mutating func bigEndian(_ value: Int, _ size: Int) {
    for index in (0..<size).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
    }
  }
}

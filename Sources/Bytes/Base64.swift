extension [UInt8] {
  /// The bytes that base64 with padding states, or nil where it is not base64.
  package init?(base64 text: String) {
    self.init(base64: Array(text.utf8)[...])
  }

  /// The bytes that base64 with padding states, in ASCII; nil where it is not base64.
  package init?(base64 text: ArraySlice<UInt8>) {
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let letters = text.dropLast(padding)
    guard text.count.isMultiple(of: 4) else { return nil }
    let whole = letters.count / 4
    let values = Base64.values
    let first = letters.startIndex
    var highest: UInt8 = 0
    var bytes = [UInt8](repeating: 0, count: whole * 3)
    for group in 0..<whole {
      var bits: UInt32 = 0
      for place in 0..<4 {
        let value = values[Int(letters[first + group * 4 + place])]
        bits = bits << 6 | UInt32(value)
        highest |= value
      }
      bytes[group * 3] = UInt8(truncatingIfNeeded: bits >> 16)
      bytes[group * 3 + 1] = UInt8(truncatingIfNeeded: bits >> 8)
      bytes[group * 3 + 2] = UInt8(truncatingIfNeeded: bits)
    }
    let rest = letters.dropFirst(whole * 4).map { values[Int($0)] }
    guard highest < 64, rest.allSatisfy({ $0 < 64 }) else { return nil }
    let bits = rest.reduce(0 as UInt32) { $0 << 6 | UInt32($1) }
    switch rest.count {
    case 3:
      guard bits & 0x3 == 0 else { return nil }
      bytes += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    case 2:
      guard bits & 0xF == 0 else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    default: break
    }
    self = bytes
  }

  /// The bytes in base64, padded.
  package var base64: String {
    let letters = Base64.letters
    var text: [UInt8] = []
    text.reserveCapacity((count + 2) / 3 * 4)
    for start in stride(from: 0, to: count, by: 3) {
      let length = Swift.min(3, count - start)
      var bits: UInt32 = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < length ? UInt32(self[start + offset]) : 0)
      }
      for place in 0..<4 {
        let letter = letters[Int(bits >> UInt32(18 - 6 * place) & 63)]
        text.append(place <= length ? letter : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// The alphabet of base64.
private enum Base64 {
  static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// What each byte means; 255 for one that means nothing.
  static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in letters.enumerated() {
      values[Int(letter)] = UInt8(truncatingIfNeeded: value)
    }
    return values
  }()
}

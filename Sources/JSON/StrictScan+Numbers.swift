internal import AlbertBytes

extension StrictScan {
  /// Moves past a number, which must be one that Int64 or Double holds.
  mutating func number() throws(FileError) {
    let start = position
    _ = take("-")
    if starts(with: "Infinity") || starts(with: "NaN") {
      throw malformed("JSON has no infinity and no NaN", "write null or a finite number", start)
    }
    if take("0") {
      if let byte = peek, isDigit(byte) {
        throw malformed("a number begins with a zero", "remove the leading zeros", start)
      }
    } else {
      try digits("a digit")
    }
    var isInteger = true
    var hasExponent = false
    if take(".") {
      isInteger = false
      try digits("a digit after the decimal point")
    }
    if take("e") || take("E") {
      isInteger = false
      hasExponent = true
      if !take("+") { _ = take("-") }
      try digits("a digit of the exponent")
    }
    guard position - start <= JSONValue.maxDigits else {
      throw limit("the length of a number", position - start, JSONValue.maxDigits)
    }
    if isInteger {
      guard position - start > 18, Int64(text(from: start)) == nil else { return }
      if clampsIntegers {
        large.append(start..<position)
        return
      }
      throw malformed(
        "the integer \(text(from: start)) does not fit in 64 bits",
        "write it with an exponent if its last digits do not matter", start)
    }
    // Few digits without an exponent are always a double.
    guard hasExponent || position - start > 300 else { return }
    guard let value = Double(text(from: start)), value.isFinite, value != 0 || isZero(start) else {
      throw malformed("the number \(text(from: start)) does not fit in a double", nil, start)
    }
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits(_ expected: String) throws(FileError) {
    let start = position
    while let byte = peek, isDigit(byte) { position += 1 }
    if position == start { throw unexpected(expected) }
  }

  /// Whether the number from `start` on says zero, rather than something too small for a double.
  private func isZero(_ start: Int) -> Bool {
    for byte in bytes[start..<position] {
      if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") { return true }
      if isDigit(byte), byte != UInt8(ascii: "0") { return false }
    }
    return true
  }

  func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

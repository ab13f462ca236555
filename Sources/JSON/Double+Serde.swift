extension Double {
  /// A number as Rust's `serde_json` reads it, with which the tokenizers library reads its files.
  ///
  /// Its digits are rounded as one integer, and what that is multiplied with or divided by rounds once more:
  /// the last bit of every third score is another than the nearest number's. Which of two ways to cut a text
  /// counts where their scores are alike, as for runs of one digit, hangs on that bit.
  ///
  /// - Parameter text: A number in JSON's form.
  /// - Returns: nil where it is none, or larger than any Double.
  init?(serde text: ArraySlice<UInt8>) {
    var rest = text
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    var digits: UInt64 = 0
    var (exponent, isFull, isFraction, count) = (0, false, false, 0)
    scan: while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        count += 1
        let (tens, overflows) = digits.multipliedReportingOverflow(by: 10)
        let (sum, carries) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
        isFull = isFull || overflows || carries
        if !isFull { digits = sum }
        // Digits that do not fit are passed over.
        if isFull != isFraction { exponent += isFull ? 1 : -1 }
      case UInt8(ascii: "."):
        guard !isFraction else { return nil }
        isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): break scan
      default: return nil
      }
      rest.removeFirst()
    }
    guard count > 0 else { return nil }
    if !rest.isEmpty {
      guard let stated = Int32(String(decoding: rest.dropFirst(), as: UTF8.self)) else {
        return nil
      }
      exponent += Int(stated)
    }
    guard let value = Double(digits).scaled(byTenTo: exponent) else { return nil }
    self = isNegative ? -value : value
  }

  /// The number times a power of ten that a Double holds, or divided by one; nil beyond the largest number.
  private func scaled(byTenTo exponent: Int) -> Double? {
    var (value, exponent) = (self, exponent)
    while exponent < -308, value != 0 {
      value /= 1e308
      exponent += 308
    }
    guard value != 0 else { return 0 }
    guard exponent <= 308 else { return nil }
    let scaled =
      exponent < 0
      ? value / Self.powersOfTen[-exponent] : value * Self.powersOfTen[exponent]
    return scaled.isFinite ? scaled : nil
  }

  private static let powersOfTen: [Double] = (0...308).map { Double("1e\($0)") ?? .infinity }
}

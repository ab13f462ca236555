/// Numbers as people read them.
package enum Numbers {
  /// `11,683,584`.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return (value < 0 ? "-" : "") + result
  }

  /// `07`: a number in two digits, as times have them.
  static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// `1 tensor`, `32 tensors`.
  package static func count(_ value: Int, _ noun: String) -> String {
    "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// What is said of so many values: `1 value is no finite number`.
  static func notFinite(_ count: Int) -> String {
    count == 1 ? "1 value is no finite number" : "\(count) values are no finite numbers"
  }

  /// `11.7 M`, with a decimal fraction in thousands, millions or billions.
  package static func short(_ value: Int) -> String {
    switch value {
    case ..<1000: String(value)
    case ..<1_000_000: fixed(Double(value) / 1e3, 1) + " K"
    case ..<1_000_000_000: fixed(Double(value) / 1e6, 1) + " M"
    default: fixed(Double(value) / 1e9, 2) + " G"
    }
  }

  /// `46.7 MB`, in powers of 1000 as disks are sold and `ls -l` counts.
  package static func bytes(_ value: Int) -> String {
    switch value {
    case ..<1000: "\(value) B"
    case ..<1_000_000: fixed(Double(value) / 1e3, 1) + " kB"
    case ..<1_000_000_000: fixed(Double(value) / 1e6, 1) + " MB"
    default: fixed(Double(value) / 1e9, 2) + " GB"
    }
  }

  /// A number with so many digits after the point.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1
    for _ in 0..<min(max(0, digits), 15) { scale *= 10 }
    // What has no digits after the point left to round is written as it is.
    guard abs(value) < 1e15,
      let scaled = Int(exactly: (abs(value) * Double(scale)).rounded(.toNearestOrEven))
    else { return value.description }
    let fraction = String(scaled % scale + scale).dropFirst()
    let sign = value < 0 && scaled != 0 ? "-" : ""
    return sign + String(scaled / scale) + (digits > 0 ? "." + fraction : "")
  }

  /// A number in at most eight columns: `-0.0413`, `1.2e-07`.
  package static func compact(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "-" : value.description }
    let magnitude = abs(value)
    if value == 0 { return "0" }
    if magnitude >= 0.001 && magnitude < 1000 { return fixed(value, magnitude < 10 ? 4 : 2) }
    return scientific(value)
  }

  /// `3.1e-07`: a magnitude with two digits, as errors are read.
  package static func scientific(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : value.description }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = fixed(mantissa, 1)
    if text == "10.0" { (text, exponent) = ("1.0", exponent + 1) }
    return (value < 0 ? "-" : "") + text + "e" + (exponent < 0 ? "-" : "+") + two(abs(exponent))
  }
}

extension String {
  /// The text with each `{name}` replaced by what `value` says of the name; where that is nil it stays.
  ///
  /// Names are filled by the thousand, and braces are looked for in the bytes.
  package func replacingPlaceholders(_ value: (Substring) -> String?) -> String {
    var result = ""
    var rest = Substring(self)
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
      let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      let name = rest[rest.utf8.index(after: open)..<close]
      let end = rest.utf8.index(after: close)
      result += rest[..<open]
      if let value = value(name) { result += value } else { result += rest[open..<end] }
      rest = rest[end...]
    }
    return result + rest
  }
}

internal import AlbertBytes

extension JSONValue {
  /// Which characters of a string are written as escapes.
  package enum Escaping: Sendable {
    /// Those that JSON demands, in the one form that files have.
    case whatMust
    /// Also those that would do something to the screen of a reader.
    case whatHides
  }

  /// The document as text: members in their order, the shortest digits that read back as the same
  /// double, `pretty` with two spaces of indentation per level.
  ///
  /// JSON has no infinity and no NaN: both are written as `null`, and whoever reports numbers that
  /// may be such counts them beside it.
  package func text(pretty: Bool = false, escaping: Escaping = .whatMust) -> String {
    var text = ""
    write(to: &text, indentation: pretty ? 0 : nil, escaping)
    return text
  }

  /// Appends the value; `indentation` is the number of spaces of its own line, nil when compact.
  private func write(to text: inout String, indentation: Int?, _ escaping: Escaping) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &text, escaping)
    case .array(let elements):
      Self.write(elements, between: "[", "]", to: &text, indentation) { element, text, inner in
        element.write(to: &text, indentation: inner, escaping)
      }
    case .object(let members):
      Self.write(members, between: "{", "}", to: &text, indentation) { member, text, inner in
        Self.write(member.key, to: &text, escaping)
        text += indentation == nil ? ":" : ": "
        member.value.write(to: &text, indentation: inner, escaping)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between open: String, _ close: String, to text: inout String,
    _ indentation: Int?, _ item: (Item, inout String, Int?) -> Void
  ) {
    let inner = indentation.map { $0 + 2 }
    func newLine(_ spaces: Int?) {
      if let spaces { text += "\n" + String(repeating: " ", count: spaces) }
    }
    text += open
    for (index, element) in items.enumerated() {
      if index > 0 { text += "," }
      newLine(inner)
      item(element, &text, inner)
    }
    if !items.isEmpty { newLine(indentation) }
    text += close
  }

  /// Appends a string; what needs no escape goes through in one piece, since a header may hold a
  /// megabyte of it.
  private static func write(_ string: String, to text: inout String, _ escaping: Escaping) {
    text += "\""
    var rest = Substring(string)
    while let place = firstEscaped(in: rest, escaping) {
      let scalar = rest.unicodeScalars[place]
      text += rest[..<place]
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{08}": text += "\\b"
      case "\u{0C}": text += "\\f"
      default: text += escape(scalar)
      }
      rest = rest[rest.unicodeScalars.index(after: place)...]
    }
    text += rest
    text += "\""
  }

  /// Where the first character stands that is written as an escape.
  private static func firstEscaped(in text: Substring, _ escaping: Escaping) -> Substring.Index? {
    func must(_ byte: UInt8) -> Bool {
      byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }
    switch escaping {
    case .whatMust:
      let found = unsafe text.utf8.withContiguousStorageIfAvailable { storage -> Int? in
        let bytes = unsafe Span(_unsafeElements: storage)
        var index = 0
        while index < bytes.count {
          index = PlainText.end(in: bytes, from: index)
          if index < bytes.count, must(bytes[index]) { return index }
          index += 1
        }
        return nil
      }
      guard let found else { return text.utf8.firstIndex(where: must) }
      return found.map { text.utf8.index(text.startIndex, offsetBy: $0) }
    case .whatHides:
      return text.unicodeScalars.firstIndex {
        $0.isUnsafeToShow || ($0.isASCII && must(UInt8(truncatingIfNeeded: $0.value)))
      }
    }
  }

  /// The escape of a character that has four hexadecimal digits at most.
  private static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u" + String(UInt64(scalar.value), radix: 16, digits: 4)
  }
}

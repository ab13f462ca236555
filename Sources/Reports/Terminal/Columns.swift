/// How many columns of a terminal text takes.
package enum Columns {
  /// The columns of a text: none for colour and for marks that stand on another letter, two for Chinese,
  /// Japanese and Korean characters.
  package static func count(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    var count = 0
    var isEscape = false
    for character in text {
      if character == "\u{1B}" {
        isEscape = true
      } else if isEscape {
        // A colour's sequence ends with its letter.
        isEscape = !character.isLetter
      } else {
        count += width(character)
      }
    }
    return count
  }

  /// The columns of one character, marks on it included.
  static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.generalCategory == .nonspacingMark { return 0 }
    return isWide(first.value) ? 2 : 1
  }

  /// East Asian wide and full-width characters, and pictures.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// A text of at most `width` columns, of which the middle is left out where it is longer: names are told
  /// apart by their ends.
  package static func shortened(_ text: String, to width: Int) -> String {
    guard count(text) > width else { return text }
    if let inner = unstyled(text) {
      return inner.before + shortened(inner.text, to: width) + inner.after
    }
    let room = max(0, width - 1)
    let tail = taken(text.reversed(), room: room - room / 3)
    return taken(text, room: room / 3) + "…" + String(tail.reversed())
  }

  /// The first characters that fit into so many columns.
  private static func taken(_ text: some Sequence<Character>, room: Int) -> String {
    var result = ""
    var rest = room
    for character in text {
      rest -= width(character)
      if rest < 0 { break }
      result.append(character)
    }
    return result
  }

  /// A text in one colour, taken apart; nil for any other.
  private static func unstyled(_ text: String) -> (before: String, text: String, after: String)? {
    let end = "\u{1B}[0m"
    guard text.hasPrefix("\u{1B}["), text.hasSuffix(end), let letter = text.firstIndex(of: "m")
    else { return nil }
    let begin = text.index(after: letter)
    let stop = text.index(text.endIndex, offsetBy: -end.count)
    guard begin <= stop else { return nil }
    return (String(text[..<begin]), String(text[begin..<stop]), end)
  }
}

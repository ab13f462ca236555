internal import CAlbertUTF8Proc

/// How many columns of a terminal text takes.
package enum Columns {
  /// The columns of a text: none for colour and for marks that stand on another letter, two for Chinese,
  /// Japanese and Korean characters and for pictures.
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
  ///
  /// Pictures that are joined to one count each: a terminal that joins them leaves room, one that does not
  /// still keeps to its width.
  static func width(_ character: Character) -> Int {
    character.unicodeScalars.reduce(0) { $0 + Int(albertkit_columns($1.value)) }
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

  /// A text of at most so many characters, of which the beginning is left out where it is longer.
  static func end(of text: String, _ most: Int) -> String {
    text.count <= most ? text : "…" + text.suffix(most - 1)
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

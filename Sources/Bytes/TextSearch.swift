extension StringProtocol {
  /// The parts between the occurrences of `separator`, byte for byte; one more than it occurs.
  ///
  /// The standard library searches a text in a text character by character, with all that Unicode calls
  /// equal. Names in files are bytes, and the search takes a hundredth of the time.
  package func parts(between separator: String) -> [String] {
    let text = Array(utf8)
    let mark = Array(separator.utf8)
    guard let first = mark.first else { return [String(self)] }
    var parts: [String] = []
    var start = 0
    var place = 0
    while place <= text.count - mark.count {
      if text[place] == first, text[place..<place + mark.count].elementsEqual(mark) {
        parts.append(String(decoding: text[start..<place], as: UTF8.self))
        place += mark.count
        start = place
      } else {
        place += 1
      }
    }
    return parts + [String(decoding: text[start...], as: UTF8.self)]
  }

  /// The text with `new` for each `old`, byte for byte.
  package func exchanging(_ old: String, for new: String) -> String {
    parts(between: old).joined(separator: new)
  }

  /// Whether `text`, which is not empty, occurs byte for byte.
  package func holds(_ text: String) -> Bool { parts(between: text).count > 1 }
}

extension StringProtocol {
  /// The parts between the occurrences of `separator`, byte for byte; one more than it occurs.
  ///
  /// The standard library searches a text in a text character by character, with all that Unicode calls
  /// equal. Names in files are bytes, and the search takes a hundredth of the time.
  package func parts(between separator: String) -> [String] {
    let text = Array(utf8)
    let mark = Array(separator.utf8)
    var parts: [String] = []
    var start = 0
    while let place = text.place(of: mark, from: start) {
      parts.append(String(decoding: text[start..<place], as: UTF8.self))
      start = place + mark.count
    }
    return parts + [String(decoding: text[start...], as: UTF8.self)]
  }

  /// What comes behind the first occurrence of `mark`, which is not empty, byte for byte; nil where it does
  /// not occur.
  package func rest(behind mark: String) -> String? {
    let (text, mark) = (Array(utf8), Array(mark.utf8))
    return text.place(of: mark, from: 0).map {
      String(decoding: text[($0 + mark.count)...], as: UTF8.self)
    }
  }

  /// The text with `new` for each `old`, byte for byte.
  package func exchanging(_ old: String, for new: String) -> String {
    parts(between: old).joined(separator: new)
  }

  /// Whether `text`, which is not empty, occurs byte for byte.
  package func holds(_ text: String) -> Bool { parts(between: text).count > 1 }
}

extension [UInt8] {
  /// Where the first occurrence of `mark` from `start` on begins; nil where there is none, or no mark.
  fileprivate func place(of mark: [UInt8], from start: Int) -> Int? {
    guard let first = mark.first, start <= count - mark.count else { return nil }
    return (start...count - mark.count).first { place in
      self[place] == first && self[place..<place + mark.count].elementsEqual(mark)
    }
  }
}

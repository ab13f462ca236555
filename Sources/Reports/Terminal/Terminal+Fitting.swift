extension Terminal {
  /// The text broken between words into lines of at most `width` columns, as far as its words allow;
  /// all lines but the first are indented.
  package func wrapped(_ text: String, indentation: Int) -> [String] {
    let indentation = min(indentation, width / 2)
    var lines: [String] = []
    var line = String(text.prefix { $0 == " " })
    var isEmpty = true
    for word in text.dropFirst(line.count).split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, Columns.count(line) + 1 + Columns.count(String(word)) > width {
        while line.last == " " { line.removeLast() }
        lines.append(line)
        line = String(repeating: " ", count: indentation)
        isEmpty = true
      }
      // The space between two columns is none at the beginning of a line.
      if isEmpty && word.isEmpty && !lines.isEmpty { continue }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }

  /// Lines of which none is wider than the limit: longer ones are broken between words, and a word that
  /// is longer by itself, such as a path, loses its middle.
  package func fitted(_ lines: [String]) -> [String] {
    guard let limit else { return lines }
    return lines.flatMap { line -> [String] in
      guard Columns.count(line) > limit else { return [line] }
      let margin = line.prefix { $0 == " " }.count
      let parts = line.dropFirst(margin).split(separator: " ", omittingEmptySubsequences: false)
      // A word begins where its line does, unless that leaves it less than three quarters.
      let lead = String(repeating: " ", count: min(margin, limit / 4))
      let words = parts.map { Columns.shortened(String($0), to: limit - lead.count) }
      // A column that is too narrow for its longest word begins further to the left.
      let room = limit - (words.map(Columns.count).max() ?? 0)
      return wrapped(
        lead + words.joined(separator: " "), indentation: min(lead.count + 2, room))
    }
  }
}

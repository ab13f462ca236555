extension Collection<String> {
  /// The first three for a sentence, with a mark where there are more.
  package var firstFew: String {
    prefix(3).map(\.short).joined(separator: ", ") + (count > 3 ? ", …" : "")
  }

  /// The first `most` for a sentence that says how many more there are.
  package func counted(naming most: Int = 12) -> String {
    prefix(most).map(\.short).joined(separator: ", ")
      + (count > most ? " and \(count - most) more" : "")
  }
}

extension String {
  /// The most characters of a name that a sentence shows.
  private static let longestShown = 160

  /// The name for a sentence: one that nobody gave on purpose is cut, with a mark and how long it is.
  package var short: String { cut(to: Self.longestShown) }

  /// The text as far as a person would read it, with a mark and how long it is where it is cut.
  package func cut(to most: Int) -> String {
    guard utf8.count > 4 * most || count > most else { return self }
    return "\(prefix(most))… (\(count) characters)"
  }
}

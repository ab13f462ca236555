package import AlbertTokenizers

extension TextSpan {
  /// The part of a text that the span means.
  ///
  /// - Parameter text: The text that was asked about.
  /// - Returns: The part; empty where the text is shorter.
  package func text(in text: String) -> String {
    String(decoding: text.utf8.dropFirst(bytes.lowerBound).prefix(bytes.count), as: UTF8.self)
  }

  /// The span from the beginning of `first` to the end of `last`.
  init(from first: TextSpan, through last: TextSpan) {
    self.init(
      scalars: first.scalars.lowerBound..<max(first.scalars.lowerBound, last.scalars.upperBound),
      bytes: first.bytes.lowerBound..<max(first.bytes.lowerBound, last.bytes.upperBound))
  }

  /// Nothing, where the span begins.
  var beginning: TextSpan {
    TextSpan(
      scalars: scalars.lowerBound..<scalars.lowerBound, bytes: bytes.lowerBound..<bytes.lowerBound)
  }

  /// The span without white space at its ends, which a piece of the vocabulary often begins with.
  func trimmed(in text: String) -> TextSpan {
    let part = Array(self.text(in: text).unicodeScalars)
    guard let first = part.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = part.lastIndex(where: { !$0.properties.isWhitespace })
    else { return self }
    func width(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
      scalars.reduce(0) { $0 + UTF8.width($1) }
    }
    let behind = part[(last + 1)...]
    return TextSpan(
      scalars: scalars.lowerBound + first..<scalars.upperBound - behind.count,
      bytes: bytes.lowerBound + width(part[..<first])..<bytes.upperBound - width(behind))
  }
}

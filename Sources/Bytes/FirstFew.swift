extension Collection<String> {
  /// The first three for a sentence, with a mark where there are more.
  package var firstFew: String {
    prefix(3).joined(separator: ", ") + (count > 3 ? ", …" : "")
  }
}

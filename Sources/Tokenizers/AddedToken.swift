/// A token that is found in a text before anything else is done to it.
struct AddedToken: Equatable, Sendable {
  var content: String
  /// Whether the spaces before it belong to it.
  var takesSpaceBefore = false
  /// Whether the spaces behind it belong to it.
  var takesSpaceBehind = false
  /// Whether it must stand alone, between spaces or punctuation.
  var isWholeWord = false
  /// Whether it is looked for in the normalised text, and normalised itself.
  var isNormalized = false
  /// Whether it is not a part of the text, so that decoding may leave it out.
  var isSpecial = true

  /// The scalars of what is looked for.
  var scalars: [Unicode.Scalar] { Array(content.unicodeScalars) }
}

/// Added tokens by their ids, and those that begin at a place of a text.
struct AddedTokens: Sendable {
  private(set) var byID: [Int: AddedToken] = [:]
  /// Their ids by their spelling.
  ///
  /// Strings that Unicode holds for equal are not the same token, so that
  /// no dictionary of strings would do.
  private var ids = ScalarTrie()

  mutating func add(_ token: AddedToken, _ id: Int) {
    byID[id] = token
    ids.insert(token.scalars, Int32(truncatingIfNeeded: id))
  }

  /// The id of the token that is spelled so.
  func id(of content: String) -> Int? { ids.value(of: content.unicodeScalars).map(Int.init) }

  /// Their ids, least first.
  var sorted: [Int] { byID.keys.sorted() }

  /// A trie of those that `isWanted` accepts, under the names that `spelling` gives them.
  func trie(
    _ isWanted: (AddedToken) -> Bool = { _ in true },
    spelling: (AddedToken) -> [Unicode.Scalar] = { $0.scalars }
  ) -> ScalarTrie {
    var trie = ScalarTrie()
    for id in sorted {
      guard let token = byID[id], isWanted(token) else { continue }
      let name = spelling(token)
      if !name.isEmpty { trie.insert(name, Int32(truncatingIfNeeded: id)) }
    }
    return trie
  }
}

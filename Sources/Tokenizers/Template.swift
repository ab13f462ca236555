/// What surrounds a text, or a pair of them, in a model's input.
struct Template: Equatable, Sendable {
  /// A place of the input.
  enum Element: Equatable, Sendable {
    /// All tokens of the first (0) or second (1) text.
    case text(Int, type: Int)
    /// A token that no text holds.
    case special(id: Int, piece: String, type: Int)
  }

  var single: [Element]
  var pair: [Element]

  /// ALBERT's and BERT's: `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with B's as segment 1.
  static func bert(_ special: SpecialTokens) -> Template {
    func token(_ role: SpecialTokens.Role, _ type: Int) -> [Element] {
      guard let token = special.byRole[role], let id = token.id else { return [] }
      return [.special(id: id, piece: token.content, type: type)]
    }
    let first = token(.classification, 0) + [.text(0, type: 0)] + token(.separator, 0)
    return Template(
      single: first, pair: first + [.text(1, type: 1)] + token(.separator, 1))
  }

  /// The texts alone.
  static let bare = Template(
    single: [.text(0, type: 0)], pair: [.text(0, type: 0), .text(1, type: 1)])
}

/// How an overlong pair is cut where the longer text is to lose tokens.
///
/// Hugging Face's two families differ where an odd number of places is left.
enum PairTruncation: Sendable {
  /// Token by token off the longer one, the second where both are as long (transformers in Python).
  case tokenByToken
  /// By halves (the tokenizers library).
  case halves

  /// The lengths that are left of `first` and `second`, together at most `most`.
  func lengths(_ first: Int, _ second: Int, most: Int) -> (Int, Int) {
    guard first + second > most else { return (first, second) }
    let short = min(first, second)
    if short <= most - short {
      return first > second ? (most - short, short) : (short, most - short)
    }
    switch self {
    case .tokenByToken: return (most - most / 2, most / 2)
    case .halves:
      let (less, more) = (most / 2, most / 2 + most % 2)
      return first > second ? (more, less) : (less, more)
    }
  }
}

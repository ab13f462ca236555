/// In what two tokenizers differ, in words: vocabulary, scores, special tokens, and what is done to a
/// text before it is cut.
package struct TokenizerComparison: Sendable {
  private let subject: Tokenizer
  private let reference: Tokenizer

  /// Compares `subject` with what it should be.
  package init(_ subject: Tokenizer, with reference: Tokenizer) {
    self.subject = subject
    self.reference = reference
  }

  /// A sentence for each difference; none where there is none.
  package var differences: [String] {
    let vocabulary = vocabularyDifferences
    // With another vocabulary every text has other ids, which says nothing more.
    return vocabulary + scoreDifferences + specialDifferences
      + (vocabulary.isEmpty ? treatmentDifferences : [])
  }

  /// How the subject's pieces stand to the reference's, where most that differ are merely elsewhere.
  package var order: VocabularyOrder? {
    VocabularyOrder(subject.vocabulary, among: reference.vocabulary)
  }

  private var vocabularyDifferences: [String] {
    let (ours, theirs) = (subject.vocabulary, reference.vocabulary)
    let size =
      ours.count == theirs.count
      ? nil : "the vocabulary has \(ours.count) pieces instead of \(theirs.count)"
    if let order { return [[size, order.words].compactMap(\.self).joined(separator: ", and ")] }
    let places = (0..<min(ours.count, theirs.count)).filter {
      !TokenVocabulary.isSame(ours.pieces[$0], theirs.pieces[$0])
    }
    let others = places.first.map { first in
      "\(places.count) rows of the vocabulary are other pieces: row \(first) is "
        + "\(ours.shown(first)) instead of \(theirs.shown(first))"
    }
    return [size, others].compactMap(\.self)
  }

  private var scoreDifferences: [String] {
    let (ours, theirs) = (subject.vocabulary.scores, reference.vocabulary.scores)
    guard !ours.isEmpty, ours.count == theirs.count else { return [] }
    let places = ours.indices.filter { ours[$0] != theirs[$0] }
    guard let worst = places.max(by: { abs(ours[$0] - theirs[$0]) < abs(ours[$1] - theirs[$1]) })
    else { return [] }
    return [
      "\(places.count) pieces have other scores: row \(worst) has \(ours[worst]) instead of "
        + "\(theirs[worst])"
    ]
  }

  private var specialDifferences: [String] {
    SpecialTokens.Role.allCases.compactMap { role in
      let (ours, theirs) = (
        subject.specialTokens.byRole[role], reference.specialTokens.byRole[role]
      )
      guard ours?.id != theirs?.id else { return nil }
      func shown(_ token: SpecialTokens.Assignment?) -> String {
        guard let token, let id = token.id else { return "none" }
        return "'\(token.content)' (\(id))"
      }
      return "\(role.rawValue) is \(shown(ours)) instead of \(shown(theirs))"
    }
  }

  /// Texts that show what is done to them, each with what it tells.
  private static let probes: [(what: String, text: String)] = [
    ("upper case", "The House of Ann"), ("accents", "caf\u{E9} na\u{EF}ve \u{C5}ngstr\u{F6}m"),
    ("quotes", "``so'' it said"), ("white space", "a  b\tc \n d"),
    ("a number before a comma", "in 1990, 1,000 of 25,"),
    ("full-width and other compatible forms", "\u{FF21}\u{FF22} \u{2460} \u{FB01}n \u{33A1}"),
    ("Chinese characters", "\u{4E2D}\u{6587}\u{5B57}\u{7B26}"),
    ("vowel signs", "\u{915}\u{93F}\u{924}\u{93E}\u{92C}"), ("the mask", "a [MASK] b[MASK]c"),
  ]

  private var treatmentDifferences: [String] {
    Self.probes.compactMap { what, text in
      subject.encode(text).ids == reference.encode(text).ids
        ? nil : "texts with \(what) are cut in another way"
    }
  }
}

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

  private var vocabularyDifferences: [String] {
    let (ours, theirs) = (subject.vocabulary.pieces, reference.vocabulary.pieces)
    if ours.count == theirs.count, let swapped = swapped(ours, theirs) { return swapped }
    let size =
      ours.count == theirs.count
      ? "" : "the vocabularies have \(ours.count) and \(theirs.count) pieces"
    if let shift = shift(ours, theirs) {
      let by = shift > 0 ? "\(shift) rows later" : "\(-shift) rows earlier"
      return [
        [size, "the vocabulary is shifted: the reference's pieces stand \(by) here"]
          .filter { !$0.isEmpty }.joined(separator: ", and ")
      ]
    }
    let places = differing(ours, theirs)
    guard let first = places.first else { return size.isEmpty ? [] : [size] }
    let example =
      "row \(first) is \(Self.shown(ours[first])) instead of \(Self.shown(theirs[first]))"
    return (size.isEmpty ? [] : [size])
      + ["\(places.count) rows of the vocabulary are other pieces: \(example)"]
  }

  /// Rows whose pieces are not the same, scalar by scalar.
  private func differing(_ ours: [String?], _ theirs: [String?]) -> [Int] {
    (0..<min(ours.count, theirs.count)).filter { !Self.isSame(ours[$0], theirs[$0]) }
  }

  /// What is said where the same pieces stand in another order; nil where they do not.
  private func swapped(_ ours: [String?], _ theirs: [String?]) -> [String]? {
    let places = differing(ours, theirs)
    guard !places.isEmpty, shift(ours, theirs) == nil else { return nil }
    var rows = ScalarTrie(edges: places.count * 4)
    for place in places {
      guard let piece = theirs[place] else { return nil }
      rows.insert(piece.unicodeScalars, Int32(truncatingIfNeeded: place))
    }
    let isOrder = places.allSatisfy { place in
      ours[place].map { rows.value(of: $0.unicodeScalars) != nil } ?? false
    }
    guard isOrder else { return nil }
    if places.count == 2 {
      return [
        "rows \(places[0]) and \(places[1]) of the vocabulary are swapped: "
          + "\(Self.shown(ours[places[0]])) and \(Self.shown(ours[places[1]]))"
      ]
    }
    return [
      "\(places.count) rows of the vocabulary stand in another order, from row \(places[0]) on"
    ]
  }

  /// By how many rows most of the reference's pieces are moved.
  private func shift(_ ours: [String?], _ theirs: [String?]) -> Int? {
    var rows = ScalarTrie(edges: ours.count * 4)
    for (row, piece) in ours.enumerated() {
      if let piece { rows.insert(piece.unicodeScalars, Int32(truncatingIfNeeded: row)) }
    }
    var counts: [Int: Int] = [:]
    for (row, piece) in theirs.enumerated() {
      guard let piece, let place = rows.value(of: piece.unicodeScalars) else { continue }
      counts[Int(place) - row, default: 0] += 1
    }
    guard let most = counts.max(by: { ($0.value, -abs($0.key)) < ($1.value, -abs($1.key)) }),
      most.key != 0, most.value * 2 > theirs.count
    else { return nil }
    return most.key
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

  private static func isSame(_ ours: String?, _ theirs: String?) -> Bool {
    switch (ours, theirs) {
    case (nil, nil): true
    case (let ours?, let theirs?): ours.utf8.elementsEqual(theirs.utf8)
    default: false
    }
  }

  private static func shown(_ piece: String?) -> String { piece.map { "'\($0)'" } ?? "no piece" }
}

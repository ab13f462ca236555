/// A step of the tokenizers library that cuts a text into words.
indirect enum PreTokenizer: Sendable {
  case sequence([PreTokenizer])
  case whitespaceSplit
  case whitespace
  case bert
  case punctuation
  case digits(isIndividual: Bool)
  case metaspace(Metaspace)

  /// How words are marked at their beginnings.
  struct Metaspace: Sendable {
    var replacement = Unicode.Scalar.metaspace
    var prepends = Prepends.always
    var splits = true

    /// Which words get a mark that have none.
    enum Prepends: String, Sendable {
      case always
      case first
      case never
    }
  }

  func split(_ parts: [AlignedText]) -> [AlignedText] {
    switch self {
    case .sequence(let steps): steps.reduce(parts) { $1.split($0) }
    case .whitespaceSplit: parts.flatMap { $0.words { $0.isSpace } }
    case .whitespace: parts.flatMap { $0.words { $0.isSpace } }.flatMap { $0.runs { $0.isWord } }
    case .bert:
      parts.flatMap { $0.words { $0.isSpace } }.flatMap { $0.isolating { $0.isPunctuationInRust } }
    case .punctuation: parts.flatMap { $0.isolating { $0.isPunctuationInRust } }
    case .digits(let isIndividual):
      parts.flatMap { part in
        isIndividual
          ? part.isolating { $0.isNumericInRust }
          : part.runs { $0.isNumericInRust }
      }
    case .metaspace(let rules): parts.flatMap { rules.split($0) }
    }
  }
}

extension PreTokenizer.Metaspace {
  func split(_ part: AlignedText) -> [AlignedText] {
    var text = part.replacing([" "], with: [replacement], source: AlignedText.Source.last)
    if let first = text.scalars.first, first != replacement {
      let isAtStart = text.sources.first?.start == 0
      if prepends == .always || (prepends == .first && isAtStart) {
        text = text.prepending([replacement])
      }
    }
    return splits ? text.split(before: replacement) : [text]
  }
}

internal import AlbertArchitecture

/// What the ids, positions and segments of a probe may be.
struct ProbeLimits {
  let vocabulary: Int
  let positions: Int
  let segments: Int
  /// Ids that mean something of their own, as far as is known.
  let special: [Int]

  /// What every one of `configs` can take.
  init(_ configs: [AlbertConfig]) {
    let vocabulary = configs.map(\.vocabSize).min() ?? 1
    self.vocabulary = vocabulary
    positions = configs.map(\.maxPositionEmbeddings).min() ?? 1
    segments = configs.map(\.typeVocabSize).min() ?? 1
    let stated = configs.flatMap { config in
      [config.passthrough.padTokenID, config.passthrough.bosTokenID, config.passthrough.eosTokenID]
    }
    // <pad>, <unk>, [CLS], [SEP] and [MASK] are the first ids of the SentencePiece vocabularies;
    // those made of BERT's (the Chinese ones) have [PAD] first and the others from 100 on.
    special = Set(Array(0..<5) + Array(100..<104) + stated.compactMap(\.self)).sorted()
      .filter { (0..<vocabulary).contains($0) }
  }
}

/// The tokens of probes, one after another: special ids in turn, the last ids, and between them ids
/// from each part of the vocabulary in turn.
struct ProbeTokens {
  /// Into how many parts the vocabulary is cut.
  static let parts = 64

  let limits: ProbeLimits
  private var state: Int
  private var ordinary = 0
  private var special = 0
  private var last = 0

  init(_ limits: ProbeLimits, seed: Int) {
    self.limits = limits
    state = seed
  }

  enum Kind {
    case special
    /// From the end of the vocabulary.
    case last
    case ordinary
  }

  /// What stands at a place of a row.
  static func kind(at place: Int) -> Kind {
    place % 4 == 1 ? .special : place == 2 ? .last : .ordinary
  }

  /// The next token of a row.
  mutating func next(at place: Int) -> Int {
    switch Self.kind(at: place) {
    case .special where !limits.special.isEmpty:
      special += 1
      return limits.special[(special - 1) % limits.special.count]
    case .last:
      last += 1
      return limits.vocabulary - 1 - (last - 1) % limits.vocabulary
    case .special, .ordinary:
      // 29 has no divisor in common with the parts, so that each has its turn and neighbours are
      // far apart.
      let part = ordinary * 29 % Self.parts
      ordinary += 1
      let low = start(of: part)
      let high = start(of: part + 1)
      return high > low ? low + random() % (high - low) : min(low, limits.vocabulary - 1)
    }
  }

  /// The first id whose place in the vocabulary is in a part.
  private func start(of part: Int) -> Int {
    (part * limits.vocabulary + Self.parts - 1) / Self.parts
  }

  /// Any id.
  mutating func any() -> Int { random() % limits.vocabulary }

  /// A generator of full period: 48271 is a primitive root of the prime 2^31 - 1.
  private mutating func random() -> Int {
    state = state * 48271 % 0x7FFF_FFFF
    return state
  }
}

public import Albert
internal import Tensors

/// Inputs that touch every part of a model: made from its sizes, the same every time.
public enum ProbeInputs {
  /// A short batch, for a check that must not take long: padding, both segments, first and last ids.
  public static func short(_ configs: [AlbertConfig]) -> ModelInputs {
    let limits = Limits(configs)
    let length = min(10, limits.positions)
    return batch(limits, lengths: [length, max(1, length - 3)], width: length, seed: 1)
  }

  /// A batch of several lengths with padding behind, one row with padding in front, then one single
  /// token, then the longest sequence, which touches every position.
  public static func full(_ configs: [AlbertConfig]) -> [ModelInputs] {
    let limits = Limits(configs)
    let width = min(24, limits.positions)
    return [
      batch(
        limits, lengths: [width, max(1, width * 2 / 3), 1, max(1, width / 2)], width: width,
        seed: 2, frontPaddedRow: 3),
      batch(limits, lengths: [1], width: 1, seed: 3),
      batch(limits, lengths: [limits.positions], width: limits.positions, seed: 4),
    ]
  }

  /// Rows of tokens: special ids and the last ids of the vocabulary among ids from all over it.
  private static func batch(
    _ limits: Limits, lengths: [Int], width: Int, seed: Int, frontPaddedRow: Int? = nil
  ) -> ModelInputs {
    var ids: [Int] = []
    var mask: [Int] = []
    var segments: [Int] = []
    var next = seed
    for (row, length) in lengths.enumerated() {
      let first = row == frontPaddedRow ? width - length : 0
      for position in 0..<width {
        let place = position - first
        let isReal = (0..<length).contains(place)
        mask.append(isReal ? 1 : 0)
        segments.append(min(max(0, place * limits.segments / length), limits.segments - 1))
        if isReal, place % 4 == 1, !limits.special.isEmpty {
          ids.append(limits.special[(place / 4 + row) % limits.special.count])
        } else if isReal, place == 2 {
          ids.append(limits.vocabulary - 1 - row % limits.vocabulary)
        } else {
          // A full-period generator (48271 is a primitive root of the prime 2^31 - 1); padding has
          // such ids too, since what it holds must not matter.
          next = next * 48271 % 0x7FFF_FFFF
          ids.append(next % limits.vocabulary)
        }
      }
    }
    do throws(InputProblem) {
      return try ModelInputs(
        inputIDs: ids, shape: Shape([lengths.count, width]), attentionMask: mask,
        tokenTypeIDs: segments)
    } catch {
      preconditionFailure("a probe does not fit together: \(error)")
    }
  }

  /// What the ids, positions and segments of a probe may be.
  private struct Limits {
    let vocabulary: Int
    let positions: Int
    let segments: Int
    /// Ids that mean something of their own.
    let special: [Int]

    /// What every one of `configs` can take.
    init(_ configs: [AlbertConfig]) {
      let vocabulary = configs.map(\.vocabSize).min() ?? 1
      self.vocabulary = vocabulary
      positions = configs.map(\.maxPositionEmbeddings).min() ?? 1
      segments = configs.map(\.typeVocabSize).min() ?? 1
      let stated = configs.flatMap { config in
        [config.carried.padTokenID, config.carried.bosTokenID, config.carried.eosTokenID]
      }
      // [PAD], [UNK], [CLS], [SEP] and [MASK] are the first ids in every published vocabulary.
      special = Set(Array(0..<5) + stated.compactMap(\.self)).sorted()
        .filter { (0..<vocabulary).contains($0) }
    }
  }
}

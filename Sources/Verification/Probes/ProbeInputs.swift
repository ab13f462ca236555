package import AlbertArchitecture
internal import AlbertTensors

/// Inputs that touch every part of a model: made from its sizes, the same every time.
package enum ProbeInputs {
  /// A short batch, for a check that must not take long: padding, both segments, first and last ids.
  package static func short(_ configs: [AlbertConfig], width: Int = 10) -> ModelInputs {
    let limits = ProbeLimits(configs)
    var tokens = ProbeTokens(limits, seed: 1)
    let length = min(width, limits.positions)
    return batch(
      &tokens, [ProbeRow(real: length), ProbeRow(real: max(1, length - 3))], width: length)
  }

  /// Sequences that a graph may demand.
  private static let maxSequences = 1 << 10

  /// A batch for a graph that takes fixed numbers of sequences and tokens: the first row full, the others
  /// padded behind by more and more.
  ///
  /// What is not fixed is as in `short`; nil where a model has too few positions.
  package static func fitting(
    _ configs: [AlbertConfig], sequences: Int?, tokens: Int?
  ) -> ModelInputs? {
    let limits = ProbeLimits(configs)
    let width = tokens ?? min(10, limits.positions)
    let count = sequences ?? 2
    guard width > 0, width <= limits.positions, count > 0, count <= maxSequences else {
      return nil
    }
    var source = ProbeTokens(limits, seed: 1)
    let rows = (0..<count).map { ProbeRow(real: max(1, width - 3 * $0)) }
    return batch(&source, rows, width: width)
  }

  /// A batch of several lengths with padding behind, in front and at both ends, then one single
  /// token, then the longest sequence.
  ///
  /// Together they touch every row of the positions and of the segments, every special id, the last
  /// ids, and ids from every 64th of the vocabulary.
  package static func full(_ configs: [AlbertConfig]) -> [ModelInputs] {
    let limits = ProbeLimits(configs)
    var tokens = ProbeTokens(limits, seed: 2)
    let width = min(24, limits.positions)
    let half = max(1, width / 2)
    var rows = [
      ProbeRow(real: width), ProbeRow(real: max(1, width * 2 / 3)), ProbeRow(real: 1),
      ProbeRow(front: width - half, real: half), ProbeRow(front: width / 4, real: half),
    ]
    let longest = ProbeRow(real: limits.positions)
    // A model of few positions takes more rows.
    let enough = (ordinary: ProbeTokens.parts, special: limits.special.count)
    while rows.count < ProbeTokens.parts, !(rows + [longest]).hold(enough) {
      rows.append(ProbeRow(real: width))
    }
    return [
      batch(&tokens, rows, width: width), batch(&tokens, [ProbeRow(real: 1)], width: 1),
      batch(&tokens, [longest], width: limits.positions),
    ]
  }

  /// Rows of tokens, with other ids where there is padding, since what it holds must not matter.
  private static func batch(
    _ tokens: inout ProbeTokens, _ rows: [ProbeRow], width: Int
  ) -> ModelInputs {
    let segmentCount = tokens.limits.segments
    var ids: [Int] = []
    var mask: [Int] = []
    var segments: [Int] = []
    for row in rows {
      for position in 0..<width {
        let place = position - row.front
        let isReal = (0..<row.real).contains(place)
        mask.append(isReal ? 1 : 0)
        segments.append(min(max(0, place * segmentCount / row.real), segmentCount - 1))
        ids.append(isReal ? tokens.next(at: place) : tokens.any())
      }
    }
    do throws(InputProblem) {
      return try ModelInputs(
        inputIDs: ids, shape: Shape([rows.count, width]), attentionMask: mask,
        tokenTypeIDs: segments)
    } catch {
      preconditionFailure("a probe does not fit together: \(error)")
    }
  }
}

/// One sequence of a probe: padding in front, tokens, and padding behind up to the batch's width.
struct ProbeRow {
  var front = 0
  let real: Int
}

extension [ProbeRow] {
  /// Whether the rows have places for so many ordinary and special tokens.
  func hold(_ wanted: (ordinary: Int, special: Int)) -> Bool {
    var (ordinary, special) = (0, 0)
    for place in flatMap({ 0..<$0.real }) {
      switch ProbeTokens.kind(at: place) {
      case .special: special += 1
      case .ordinary: ordinary += 1
      case .last: break
      }
    }
    return ordinary >= wanted.ordinary && special >= wanted.special
  }
}

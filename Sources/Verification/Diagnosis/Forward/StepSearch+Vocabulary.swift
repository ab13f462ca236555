internal import Albert

extension StepSearch {
  /// Logits that are the subject's own in other columns, or in more or fewer of them.
  func vocabularyColumns() -> Explanation? {
    guard step.target == .predictionLogits, let entry = recording[.predictionLogits],
      let width = entry.recordedShape.dimensions.last, width > 1
    else { return nil }
    let vocabulary = trial.config.vocabSize
    let sequences = Array(0..<recording.inputs.sequences)
    guard let computed = runner.values(trial, step.target, from: step.start, sequences)?.values
    else { return nil }
    let tokens = (0..<recording.inputs.shape.count).filter { !recording.inputs.isPadding($0) }
      .prefix(12)
    guard tokens.count >= 3 else { return nil }
    let bias = trial.values(of: Parameter(.mlmBias))
    for withBias in [true, false] {
      if !withBias && width != vocabulary { continue }
      func column(_ values: [Double], _ column: Int, of count: Int) -> [Double] {
        tokens.map { values[$0 * count + column] - (withBias ? 0 : bias[column]) }
      }
      let own = (0..<vocabulary).map { column(computed, $0, of: vocabulary) }
      let wanted = (0..<width).map { column(entry.values, $0, of: width) }
      let map = ColumnMap(own, wanted, allowed: 2 * allowed(.reference))
      if let explanation = explain(map, withBias: withBias, width: width) { return explanation }
    }
    return nil
  }

  private func explain(_ map: ColumnMap, withBias: Bool, width: Int) -> Explanation? {
    let vocabulary = trial.config.vocabSize
    let words = Parameter(.wordEmbeddings)
    let what = withBias ? "logits" : "word embeddings for the decoder, not its bias,"
    if width != vocabulary {
      let common = min(width, vocabulary)
      guard map.inPlace >= common * 99 / 100 else { return nil }
      let hypothesis = Hypothesis(
        .vocabularyRows, [words],
        "the golden file's vocabulary is \(width < vocabulary ? "cut" : "padded") to \(width) rows, "
          + "the subject has \(vocabulary)"
      ) { _ in }
      let share = Double(map.inPlace) / Double(common)
      return Explanation(
        parts: [Explanation.Part(hypothesis: hypothesis, share: share)], trial: trial,
        endsStep: true)
    }
    guard map.found >= vocabulary * 9 / 10, map.inPlace < vocabulary else { return nil }
    let how: String
    if let offset = map.offset {
      how = "shifted by \(offset) rows"
    } else {
      how = "permuted, \(map.found - map.inPlace) of \(vocabulary) rows in another place"
    }
    let order = map.sources.enumerated().map { $1 ?? $0 }
    let hypothesis = Hypothesis(
      .vocabularyRows, [words], "the golden file was computed with \(what) \(how)"
    ) { trial in
      if !trial.contents.untiedDecoder { trial.separateDecoder(from: .wordEmbeddings) }
      trial.permuteRows(Parameter(.mlmDecoderWeight), order)
      if withBias { trial.permuteRows(Parameter(.mlmBias), order) }
    }
    return accept([hypothesis])
  }
}

/// Which column of one table each column of another one repeats.
struct ColumnMap {
  /// The column of the first table for each of the second; nil where none has its numbers.
  let sources: [Int?]

  /// Looks for each of `wanted` among `own`, within what is allowed per number.
  init(_ own: [[Double]], _ wanted: [[Double]], allowed: Double) {
    let sorted = own.indices.sorted { own[$0][0] < own[$1][0] }
    let keys = sorted.map { own[$0][0] }
    sources = wanted.indices.map { index in
      let target = wanted[index]
      func isEqual(_ column: Int) -> Bool {
        zip(own[column], target).allSatisfy { abs($0 - $1) <= allowed }
      }
      if index < own.count, isEqual(index) { return index }
      // The first of the sorted columns that is not below the target's first number.
      var (low, high) = (0, keys.count)
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] < target[0] - allowed { low = middle + 1 } else { high = middle }
      }
      while low < keys.count, keys[low] <= target[0] + allowed {
        if isEqual(sorted[low]) { return sorted[low] }
        low += 1
      }
      return nil
    }
  }

  /// Columns that were found.
  var found: Int { sources.count { $0 != nil } }

  /// Columns that are where they should be.
  var inPlace: Int { sources.enumerated().count { $0 == $1 } }

  /// How far nearly all columns are shifted; nil where they are not, or by nothing.
  var offset: Int? {
    let offsets = sources.enumerated().compactMap { index, source in source.map { $0 - index } }
    var counts: [Int: Int] = [:]
    for offset in offsets { counts[offset, default: 0] += 1 }
    guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.key != 0,
      most.value >= offsets.count * 9 / 10
    else { return nil }
    return most.key
  }
}

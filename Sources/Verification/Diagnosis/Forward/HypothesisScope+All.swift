internal import Albert

extension HypothesisScope {
  /// Every hypothesis that is tried on the step, most specific code first.
  var hypotheses: [Hypothesis] {
    var all = biases + signsAndZeros + exchanges + transpositions
    if step.target == .sopLogits { all.append(flippedLabels) }
    if !step.blocks.isEmpty {
      all += headOrders + headCounts + groupMaps
    }
    all += layerCounts + activations + epsilons + readings + roundings + scales
    if contents.untiedDecoder, uses(.mlm) { all.append(tiedDecoder) }
    let relevant = all.filter {
      $0.code == .layerCount || !$0.places.isDisjoint(with: step.places)
    }
    let sorted = Diagnosis.Code.allCases.flatMap { code in relevant.filter { $0.code == code } }
    return sorted.enumerated().map { index, hypothesis in
      var ranked = hypothesis
      ranked.rank = index
      return ranked
    }
  }

  /// The two classes of the sentence-order head in each other's place.
  private var flippedLabels: Hypothesis {
    Hypothesis(
      .sopLabelsFlipped, [Parameter(.sopWeight)],
      "one side has the two labels of the sentence-order head flipped"
    ) { trial in
      for role in [ParameterRole.sopWeight, .sopBias] {
        trial.permuteRows(Parameter(role), [1, 0])
      }
    }
  }

  /// The word embeddings for a decoder, where the subject has one of its own.
  private var tiedDecoder: Hypothesis {
    Hypothesis(
      .untiedDecoder, [Parameter(.mlmDecoderWeight)], other: Parameter(.wordEmbeddings),
      "the golden file was computed with the word embeddings for a decoder, the subject has a "
        + "decoder of its own"
    ) { $0.contents.untiedDecoder = false }
  }
}

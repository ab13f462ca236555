internal import AlbertArchitecture
internal import AlbertDiagnosis
internal import AlbertTensors

/// What a subject's forward pass is measured by, given how its weights compare.
struct Baseline {
  /// The model that says what is right.
  let store: any ParameterStore
  /// The unit roundoff of either side's types, where the two sides' numbers differ by rounding.
  let roundoff: [Double]
  /// Whether both sides hold the same numbers and compute the same, so that one pass serves both.
  let isSame: Bool

  /// Chooses by how the weights compare; `isStrict` says that no tolerance of the user's let them pass.
  ///
  /// Where weights differ by nothing but rounding and the configs compute differently, the right
  /// config is applied to the subject's own numbers: else a difference of the configs hides among
  /// the errors of rounding.
  init(_ common: CommonParts, _ weights: [WeightComparison], isStrict: Bool) {
    let (mine, theirs) = (common.subject, common.reference)
    let mlm = mine.contents.mlm && theirs.contents.mlm
    let decodesAlike = !mlm || mine.contents.untiedDecoder == theirs.contents.untiedDecoder
    let isEqual = weights.allSatisfy(\.bitwiseEqual)
    let computesAlike = mine.config.computes(as: theirs.config, mlm: mlm) && decodesAlike
    isSame = isEqual && computesAlike
    let isRounded = isStrict && !isEqual && weights.allSatisfy { $0.outcome == .pass }
    if isRounded, !computesAlike, decodesAlike, let own = mine.numbers(under: theirs.config) {
      store = own
      roundoff = []
    } else {
      store = theirs
      roundoff = Self.roundoff(common)
    }
  }

  /// Of parameters whose types differ, the coarsest of either side: both rounded the same numbers;
  /// and the coarsest of those that one side holds as integers.
  private static func roundoff(_ common: CommonParts) -> [Double] {
    let types = common.parameters.map {
      (common.subject.elementType(of: $0.parameter), common.reference.elementType(of: $0.parameter))
    }
    let different = types.filter { $0.0 != $0.1 }
    let quantized = common.parameters.compactMap {
      common.quantizedSide(of: $0.parameter)?.roundoff
    }
    return [different.map(\.0.roundoff).max(), different.map(\.1.roundoff).max(), quantized.max()]
      .compactMap(\.self)
  }
}

extension ParameterStore {
  /// This model's numbers under another one's config; nil where it asks for parameters that the
  /// numbers do not have, or of other shapes.
  ///
  /// Where two models' weights differ only by rounding, it tells apart what they compute from what
  /// they were rounded to: with the same numbers on both sides nothing but the configs differs.
  fileprivate func numbers(under other: AlbertConfig) -> EditedModel? {
    var config = other
    config.taskHead = self.config.taskHead
    config.numLabels = self.config.numLabels
    config.embeddingProjectionIsIdentity = self.config.embeddingProjectionIsIdentity
    let mine = ParameterSpec.all(self.config, contents)
    guard ParameterSpec.all(config, contents) == mine else { return nil }
    return EditedModel(self, config: config)
  }
}

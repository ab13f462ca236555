internal import Albert

/// One thing that the two configs may say differently: a code, how the subject's computation would be
/// put right, and where the difference would show first.
struct ConfigHypothesis {
  let code: Diagnosis.Code
  /// The first stage that it changes.
  let stage: Stage
  /// What messages say of it.
  let message: String
  /// Takes the reference's word into the subject's config.
  let correct: @Sendable (_ config: inout AlbertConfig, _ reference: AlbertConfig) -> Void

  /// What differs between two configs that share their sizes, in the order in which it shows.
  static func all(_ subject: AlbertConfig, _ reference: AlbertConfig, mlm: Bool)
    -> [ConfigHypothesis]
  {
    let found = [
      epsilon(subject, reference), headCount(subject, reference),
      activation(subject, reference), layerCount(subject, reference), groupMap(subject, reference),
      mlm ? mlmEpsilon(subject, reference) : nil,
    ]
    return found.compactMap(\.self)
  }

  private static func epsilon(_ subject: AlbertConfig, _ reference: AlbertConfig) -> Self? {
    guard subject.layerNormEps != reference.layerNormEps else { return nil }
    return ConfigHypothesis(
      code: .layerNormEpsilon, stage: .embeddings,
      message:
        "the epsilon of LayerNorm is \(subject.layerNormEps), the reference's \(reference.layerNormEps)"
    ) { config, reference in
      // The head's follows it unless it was set apart.
      if config.mlmLayerNormEps == config.layerNormEps {
        config.mlmLayerNormEps = reference.mlmLayerNormEps
      }
      config.layerNormEps = reference.layerNormEps
    }
  }

  private static func mlmEpsilon(_ subject: AlbertConfig, _ reference: AlbertConfig) -> Self? {
    let isItsOwn =
      subject.mlmLayerNormEps != subject.layerNormEps
      || subject.layerNormEps == reference.layerNormEps
    guard subject.mlmLayerNormEps != reference.mlmLayerNormEps, isItsOwn else { return nil }
    return ConfigHypothesis(
      code: .layerNormEpsilon, stage: .predictionLogits,
      message:
        "the epsilon of the masked-LM head's LayerNorm is \(subject.mlmLayerNormEps), the reference's \(reference.mlmLayerNormEps)"
    ) { $0.mlmLayerNormEps = $1.mlmLayerNormEps }
  }

  private static func headCount(_ subject: AlbertConfig, _ reference: AlbertConfig) -> Self? {
    guard subject.numAttentionHeads != reference.numAttentionHeads else { return nil }
    return ConfigHypothesis(
      code: .headCount, stage: .hiddenStates(1),
      message:
        "the attention has \(subject.numAttentionHeads) heads, the reference's \(reference.numAttentionHeads)"
    ) { $0.numAttentionHeads = $1.numAttentionHeads }
  }

  private static func activation(_ subject: AlbertConfig, _ reference: AlbertConfig) -> Self? {
    guard subject.hiddenAct != reference.hiddenAct else { return nil }
    return ConfigHypothesis(
      code: .activation, stage: .hiddenStates(1),
      message:
        "the activation is \(subject.hiddenAct.words), the reference's \(reference.hiddenAct.words)"
    ) { $0.hiddenAct = $1.hiddenAct }
  }

  private static func layerCount(_ subject: AlbertConfig, _ reference: AlbertConfig) -> Self? {
    guard subject.numHiddenLayers != reference.numHiddenLayers else { return nil }
    return ConfigHypothesis(
      code: .layerCount, stage: .lastHiddenState,
      message:
        "the model has \(subject.numHiddenLayers) layers, the reference \(reference.numHiddenLayers)"
    ) { config, reference in
      config.numHiddenLayers = reference.numHiddenLayers
      config.layerMap = reference.layerMap
      config.numHiddenGroups = reference.numHiddenGroups
    }
  }

  private static func groupMap(_ subject: AlbertConfig, _ reference: AlbertConfig) -> Self? {
    let maps = (subject.layerMap.groups, reference.layerMap.groups)
    let layer = zip(maps.0, maps.1).enumerated().first { $1.0 != $1.1 }
    let isCounted = subject.numHiddenLayers != reference.numHiddenLayers
    let hasOtherInner = subject.innerGroupNum != reference.innerGroupNum
    guard hasOtherInner || (layer != nil && !isCounted) else { return nil }
    let message: String
    if let (index, groups) = layer, !isCounted {
      message =
        "layer \(index) uses group \(groups.0), the reference's group \(groups.1) (of \(subject.numHiddenGroups) and \(reference.numHiddenGroups) groups)"
    } else {
      message =
        "each layer applies \(subject.innerGroupNum) inner layers, the reference's \(reference.innerGroupNum)"
    }
    return ConfigHypothesis(
      code: .groupMap, stage: .hiddenStates(hasOtherInner ? 1 : (layer?.offset ?? 0) + 1),
      message: message
    ) { config, reference in
      config.innerGroupNum = reference.innerGroupNum
      if config.numHiddenLayers == reference.numHiddenLayers {
        config.layerMap = reference.layerMap
        config.numHiddenGroups = reference.numHiddenGroups
      }
    }
  }
}

extension Activation {
  /// What messages call it.
  var words: String {
    switch self {
    case .geluErf: "the exact GELU (gelu_erf)"
    case .geluTanh: "the tanh form of GELU (gelu_tanh)"
    case .relu: "ReLU"
    case .silu: "SiLU"
    case .tanh: "tanh"
    }
  }
}

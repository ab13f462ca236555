internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion

/// What KerasHub's classes can compute.
enum KerasHubTarget {
  /// The model as they compute it; throws where no config of theirs has its layers.
  static func adapt(_ model: TargetModel, path: String) throws(FileError) -> TargetModel {
    let (layers, groups) = (model.config.numHiddenLayers, model.config.numHiddenGroups)
    guard layers.isMultiple(of: groups) else {
      throw FileError(
        path,
        .inexpressible(
          "KerasHub's code uses each group for equally many layers, and \(groups) groups do not "
            + "divide \(layers) layers"),
        remedy: "choose another format")
    }
    var result = model
    // The identity that stands in for no projection is a projection like any other there.
    result.config.embeddingProjectionIsIdentity = false
    result.contents.pooler = true
    dropHeads(&result)
    fixNumbers(&result)
    return result
  }

  /// Leaves the one head that a task has.
  private static func dropHeads(_ result: inout TargetModel) {
    result.drop(
      \.sop, code: "sentence-order", "KerasHub has no sentence-order head: it is left out")
    if let head = result.contents.taskHead, head != .sequenceClassification {
      result.dropTaskHead("KerasHub has no head for \(head.rawValue): it is left out")
    }
    result.drop(
      \.untiedDecoder, code: "decoder",
      "KerasHub decodes with the word embeddings: the decoder of its own is left out")
    if result.contents.taskHead != nil {
      result.drop(
        \.mlm, code: "masked-lm",
        "a KerasHub task has one head: the masked-LM head is left out beside the classifier's")
    }
  }

  /// Sets what the code fixes (albert_backbone.py, albert_masked_lm.py).
  private static func fixNumbers(_ result: inout TargetModel) {
    let config = result.config
    result.change(
      \.hiddenAct, to: .geluTanh, code: "activation",
      "KerasHub's code knows no activation but GELU's tanh form: it would compute that instead of "
        + config.hiddenAct.rawValue)
    result.change(
      \.layerNormEps, to: 1e-12, code: "layer-norm-epsilon",
      "KerasHub's code fixes the LayerNorms' epsilon: they would compute with 1e-12 instead of "
        + "\(config.layerNormEps)")
    if result.contents.mlm {
      result.change(
        \.mlmLayerNormEps, to: 1e-5, code: "mlm-layer-norm-epsilon",
        "KerasHub's code fixes the masked-LM head's epsilon: its LayerNorm would compute with 1e-05 "
          + "instead of \(config.mlmLayerNormEps)")
    } else {
      result.config.mlmLayerNormEps = 1e-5
    }
    let rule = LayerMap.huggingFace(
      layers: config.numHiddenLayers, groups: config.numHiddenGroups)
    result.change(
      \.layerMap, to: rule, code: "group-map",
      "KerasHub's code uses one group after another: the layers would use the groups \(rule.groups) "
        + "instead of \(config.layerMap.groups)")
  }
}

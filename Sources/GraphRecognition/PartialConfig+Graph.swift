internal import AlbertBytes
internal import AlbertArchitecture
package import AlbertUpstreams

extension PartialConfig {
  /// This config, from a file, beside what the graph of the same model computes.
  ///
  /// What the file leaves open the graph says. Where they disagree on a number of layers or heads,
  /// which no shape shows, the file belongs to another model. Of two activations the one that is computed counts: configs are known to name
  /// the wrong GELU. Of two epsilons the file's counts, since a conversion to half precision raises
  /// the graph's.
  package func reconciled(withGraph graph: PartialConfig) -> PartialConfig {
    var result = filled(from: graph)
    result.findings = findings + graph.findings
    result.cut = graph.cut
    result.faults = graph.faults
    if let cut = graph.cut {
      result.maxPositionEmbeddings = cut.positions
      if cut.hasOneSegment { result.typeVocabSize = 1 }
    }
    let counts: [(String, Int?, WritableKeyPath<PartialConfig, Int?>)] = [
      ("num_hidden_layers", numHiddenLayers, \.numHiddenLayers),
      ("num_attention_heads", numAttentionHeads, \.numAttentionHeads),
    ]
    for (key, stated, path) in counts {
      guard let stated, let computed = graph[keyPath: path], stated != computed else { continue }
      result[keyPath: path] = computed
      result.findings.add(
        .error, code: "config-mismatch",
        "\(key): expected \(stated) by the config, found that the graph computes with \(computed)",
        remedy: "name the config that belongs to the weights with \(.config)")
    }
    // What Google's configs call gelu is either form in the code that exports graphs.
    let isEither = activationWord == .plainGelu && hiddenAct == .geluTanh
    if isEither, graph.hiddenAct == .geluErf { result.hiddenAct = .geluErf }
    if let computed = graph.hiddenAct { result.activationWord = .own(computed) }
    if let hiddenAct, let computed = graph.hiddenAct, result.hiddenAct != computed {
      result.hiddenAct = computed
      result.findings.add(
        .warning, code: "activation-mismatch",
        "the config says the activation is \(hiddenAct.rawValue), the graph computes \(computed.rawValue), which was taken"
      )
    }
    if let layerNormEps, let computed = graph.layerNormEps, layerNormEps != computed {
      result.findings.add(
        .note, code: "epsilon-mismatch",
        "the graph computes LayerNorm with an epsilon of \(computed), the config's \(layerNormEps) was taken"
      )
      // Unless it was set apart, the head's epsilon goes with the others.
      if mlmLayerNormEps == nil, graph.mlmLayerNormEps == computed {
        result.mlmLayerNormEps = layerNormEps
      }
    }
    result.layerMap = graph.layerMap ?? layerMap
    result.taskHead = graph.taskHead ?? taskHead
    return result
  }
}

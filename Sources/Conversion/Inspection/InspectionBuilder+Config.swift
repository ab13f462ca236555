internal import Albert
internal import Tensors
internal import Upstreams

extension InspectionBuilder {
  /// Takes over what the publisher's code computes whatever a config says, and tells.
  mutating func applyPublisher() {
    let upstream = candidate.upstream
    if upstream.layerNorm == .unbiasedDeviation {
      findings.append(
        Finding(
          .warning, code: "layer-norm-differs",
          "the LayerNorm of \(upstream.title) divides by the unbiased deviation plus 1e-6, ALBERT's by "
            + "the root of the variance plus an epsilon, so that outputs differ a little; the "
            + "verification that ends a conversion measures by how much"))
    }
    let stated = partial.hiddenAct
    partial.hiddenAct = upstream.activation(stated, word: partial.hiddenActWord)
    if let computed = partial.hiddenAct, computed != stated {
      if let stated, let word = partial.hiddenActWord, computed != upstream.activation(stated) {
        findings.append(
          Finding(
            .warning, code: "activation-by-publisher",
            "the config's '\(word)' is \(computed.rawValue) in \(upstream.title) and "
              + "\(stated.rawValue) in the code that such configs were made for; "
              + "\(computed.rawValue) is taken",
            remedy: "where the other is meant, name a Hugging Face config with hidden_act "
              + "'\(stated.huggingFaceWord)' by --config"))
      } else if let stated {
        findings.append(
          Finding(
            .warning, code: "activation-fixed",
            "the config says \(stated.rawValue), which \(upstream.title) cannot compute; in its place "
              + "is \(computed.rawValue)"))
      } else {
        findings.append(
          Finding(
            .note, code: "activation-fixed",
            "no config says hidden_act; in \(upstream.title) it is always \(computed.rawValue)"))
      }
    }
  }

  /// Compares what the config says with what the shapes show; false where they contradict.
  mutating func checkAgreement() -> Bool {
    guard let config = found?.config else { return true }
    let shown = shapes.config
    let source = configName
    var agrees = true
    func check(_ key: String, _ stated: Int?, _ shown: Int?, by role: ParameterRole) {
      guard let stated, let shown, stated != shown else { return }
      let witness = shapes.witness(of: role).map { " in '\($0.name)' \($0.shape)" } ?? ""
      findings.append(
        Finding(
          .error, code: "config-mismatch",
          "\(key): expected \(stated) by \(source), found \(shown)\(witness)",
          remedy: "name the config that belongs to the weights with --config",
          tensor: shapes.witness(of: role)?.name))
      agrees = false
    }
    check("vocab_size", config.vocabSize, shown.vocabSize, by: .wordEmbeddings)
    check("embedding_size", config.embeddingSize, shown.embeddingSize, by: .wordEmbeddings)
    check("hidden_size", config.hiddenSize, shown.hiddenSize, by: .queryBias)
    check("intermediate_size", config.intermediateSize, shown.intermediateSize, by: .ffnBias)
    check(
      "max_position_embeddings", config.maxPositionEmbeddings, shown.maxPositionEmbeddings,
      by: .positionEmbeddings)
    check("type_vocab_size", config.typeVocabSize, shown.typeVocabSize, by: .tokenTypeEmbeddings)
    check(
      "num_attention_heads", config.numAttentionHeads, shown.numAttentionHeads, by: .queryWeight)
    if groupNumbers.isEmpty && !candidate.blocksAreLayers {
      check("num_hidden_groups", config.numHiddenGroups, shown.numHiddenGroups, by: .queryWeight)
    }
    check("inner_group_num", config.innerGroupNum, shown.innerGroupNum, by: .queryWeight)
    return agrees
  }

  private var configName: String {
    if case .file(let name) = found?.source { "'\(name)'" } else { "the config in the file" }
  }

  mutating func completeConfig(_ contents: ModelContents) -> AlbertConfig? {
    let missing = partial.missingKeys
    guard missing.isEmpty, var config = partial.completed(rule: candidate.upstream.layerMap) else {
      findings.append(
        Finding(
          .error, code: "config-missing",
          "neither a config nor the tensors say \(missing.joined(separator: ", "))",
          remedy: "name a config file that does with --config"))
      return nil
    }
    config.taskHead = contents.taskHead
    if let (tensor, layout) = stored[Parameter(.classifierWeight)]
      ?? stored[Parameter(.qaOutputsWeight)],
      let rows = layout.transposes ? tensor.shape.dimensions.last : tensor.shape.dimensions.first
    {
      config.numLabels = rows
    }
    if let labels = config.carried.id2label,
      contents.taskHead == nil || labels.count != config.numLabels
    {
      config.carried.id2label = nil
    }
    config.embeddingProjectionIsIdentity =
      candidate.upstream.omitsSquareProjection && config.embeddingSize == config.hiddenSize
      && stored[Parameter(.projectionWeight)] == nil && stored[Parameter(.projectionBias)] == nil
    if contents.mlm, partial.mlmLayerNormEps == nil,
      let epsilon = candidate.upstream.mlmLayerNormEps
    {
      config.mlmLayerNormEps = epsilon
      findings.append(
        Finding(
          .note, code: "mlm-epsilon-fixed",
          "in \(candidate.upstream.title), the masked-LM head's LayerNorm has the epsilon \(epsilon), "
            + "the others \(config.layerNormEps)"))
    }
    let contradictions = config.contradictions
    for contradiction in contradictions {
      findings.append(
        Finding(
          .error, code: "config-contradiction", contradiction, remedy: "correct the config"))
    }
    return contradictions.isEmpty ? config : nil
  }
}

internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

extension InspectionBuilder {
  /// Compares what the config says with what the shapes show; false where they contradict.
  func checkAgreement() -> Bool {
    guard var config = found?.config else { return true }
    // What fixed shapes cut off is said by itself; the config speaks of the whole tables.
    if let cut = candidate.stated.cut {
      config.maxPositionEmbeddings = nil
      if cut.hasOneSegment { config.typeVocabSize = nil }
    }
    let shown = shapes.config
    let source = configName
    var agrees = true
    func check(_ key: String, _ stated: Int?, _ shown: Int?, by role: ParameterRole) {
      guard let stated, let shown, stated != shown else { return }
      let witness = shapes.witness(of: role).map { " in '\($0.name)' \($0.shape)" } ?? ""
      findings.add(
        .error, code: "config-mismatch",
        "\(key): expected \(stated) by \(source), found \(shown)\(witness)",
        remedy: "name the config that belongs to the weights with \(.config)",
        tensor: shapes.witness(of: role)?.name)
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

  /// How to state what is `missing`: the few keys that are wanted, where there is no config at all.
  private func remedy(stating missing: [String]) -> Remedy {
    found == nil
      ? "save \(partial.example(stating: missing)) with the model's own values as a file, and name it "
        + "with \(.config)"
      : "state them in \(configName), or in a copy of it named with \(.config)"
  }

  private var configName: String {
    if case .file(let name) = found?.source { "'\(name)'" } else { "the config in the file" }
  }

  func completeConfig(_ contents: ModelContents) -> AlbertConfig? {
    let missing = partial.missingKeys
    guard missing.isEmpty, var config = partial.completed(rule: candidate.upstream.layerMap) else {
      // What is stated with a value that was refused is reported with that value.
      let unsaid = missing.filter { !partial.refused.contains($0) }
      if !unsaid.isEmpty {
        findings.add(
          .error, code: Inspection.missingConfigCode,
          "neither a config nor the tensors say \(unsaid.joined(separator: ", "))",
          remedy: remedy(stating: unsaid))
      }
      return nil
    }
    config.taskHead = contents.taskHead
    if let (tensor, layout) = stored[Parameter(.classifierWeight)]
      ?? stored[Parameter(.qaOutputsWeight)],
      let rows = layout.transposes ? tensor.shape.dimensions.last : tensor.shape.dimensions.first
    {
      config.numLabels = rows
      if let head = config.taskHead, let only = head.onlyLabelCount, rows != only {
        refuse(head, of: tensor, outputs: rows)
        return nil
      }
    }
    leaveOutStrangeLabels(&config)
    config.embeddingProjectionIsIdentity =
      candidate.upstream.squareProjection != .computed && config.embeddingSize == config.hiddenSize
      && stored[Parameter(.projectionWeight)] == nil && stored[Parameter(.projectionBias)] == nil
    if contents.mlm, partial.mlmLayerNormEps == nil,
      let epsilon = candidate.upstream.mlmLayerNormEps
    {
      config.mlmLayerNormEps = epsilon
      findings.add(
        .note, code: "mlm-epsilon-fixed",
        "in \(candidate.upstream.title), the masked-LM head's LayerNorm has the epsilon \(epsilon), "
          + "the others \(config.layerNormEps)")
    }
    let contradictions = config.contradictions
    for contradiction in contradictions {
      findings.add(
        .error, code: "config-contradiction", contradiction, remedy: "correct the config")
    }
    guard contradictions.isEmpty else { return nil }
    warnOfLayerMap(config)
    if partial.activationWord == .plainGelu,
      !findings.contains(where: { $0.code == "activation-dialect" })
    {
      findings += Variant.doubts(config)
    }
    return config
  }
}

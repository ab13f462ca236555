internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertUpstreams

/// What the code of the weights' publisher makes of a config, and where that leaves a doubt.
///
/// `schemas/readings.md` has the table of all combinations.
extension InspectionBuilder {
  /// Takes over what the publisher's code computes whatever a config says, and tells.
  func applyPublisher() {
    warnOfLayerNorm()
    warnOfEpsilon()
    tellOfVersions()
    askForLayerNormOrder()
    tellOfFactors()
    // What a user states, and what a graph computes, needs no publisher.
    if case .own = partial.activationWord { return }
    if partial.activationWord == .plainGelu { return decideGelu() }
    let upstream = candidate.upstream
    let stated = partial.hiddenAct
    partial.hiddenAct = upstream.activation(stated)
    guard let computed = partial.hiddenAct, computed != stated else { return }
    guard let stated else {
      if partial.refused.contains("hidden_act") { return }
      findings.add(
        .note, code: "activation-fixed",
        "no config says hidden_act; in \(upstream.title) it is always \(computed.rawValue)")
      return
    }
    findings.add(
      .warning, code: "activation-fixed",
      "the config says \(stated.rawValue), which \(upstream.title) cannot compute; in its place is "
        + computed.rawValue, remedy: stated == .geluErf ? statingGelu(computed) : "")
  }

  /// Says which form of GELU a mere `gelu` is: that of the weights' publisher, with a warning where
  /// whoever writes such configs means the other one.
  private func decideGelu() {
    let upstream = candidate.upstream
    guard let written = partial.hiddenAct, let computed = upstream.gelu, written != computed else {
      return
    }
    partial.hiddenAct = computed
    findings.add(
      .warning, code: "activation-dialect",
      "the config says 'gelu', which is \(computed.rawValue) in \(upstream.title), whose weights "
        + "these are, and \(written.rawValue) in the code that such configs are written for; "
        + "\(computed.rawValue) was taken", remedy: statingGelu(computed))
  }

  /// How to state either form so that nothing is left to guess.
  private func statingGelu(_ taken: Activation) -> Remedy {
    // Words of transformers' where its classes read the config, so that they still can.
    let exact =
      candidate.upstream.dialect == nil ? Activation.geluErf.rawValue : "gelu_python"
    let (one, other) = taken == .geluErf ? (exact, "gelu_new") : ("gelu_new", exact)
    return
      "state hidden_act in the config, or in a copy of it named with \(.config): \(one) for what was "
      + "taken, \(other) for the other one"
  }

  /// Warns where the publisher's LayerNorm is another function.
  private func warnOfLayerNorm() {
    let upstream = candidate.upstream
    guard upstream.layerNorm == .unbiasedDeviation else { return }
    findings.add(
      .warning, code: "layer-norm-differs",
      "the LayerNorm of \(upstream.title) divides by the unbiased deviation plus 1e-6, ALBERT's by "
        + "the root of the variance plus an epsilon, so that outputs differ a little; the "
        + "verification that ends a conversion measures by how much")
  }

  /// Tells of epsilons that depend on which version of the publisher's code computes.
  private func tellOfVersions() {
    guard let message = candidate.upstream.epsilonsByVersion else { return }
    findings.add(.note, code: "epsilon-by-version", message)
  }

  /// Asks where LayerNorm is, where tensors do not show it.
  private func askForLayerNormOrder() {
    let upstream = candidate.upstream
    guard upstream.leavesLayerNormOrderOpen, found != nil, partial.layerNormOrder == nil,
      !partial.refused.contains("ln_type")
    else { return }
    findings.add(
      .error, code: "layer-norm-order-missing",
      "the config has no ln_type, by which \(upstream.title) normalises after each sublayer "
        + "('postln') or before it ('preln', another architecture), and no tensor shows it",
      remedy:
        "if it was trained so, state \"ln_type\": \"postln\" in the config, or in a copy of it "
        + "named with \(.config)")
  }

  /// Leaves a projection out that the publisher's code makes and does not compute with.
  func leaveOutSquareProjection() {
    guard candidate.upstream.squareProjection == .unused, let width = shapes.config.embeddingSize,
      width == shapes.config.hiddenSize
    else { return }
    let ignored = [Parameter(.projectionWeight), Parameter(.projectionBias)].filter {
      stored.removeValue(forKey: $0) != nil
    }
    guard !ignored.isEmpty else { return }
    assignments = assignments.map { assignment in
      guard case .parameter(let parameter, _) = assignment.purpose, ignored.contains(parameter)
      else { return assignment }
      return TensorAssignment(
        tensor: assignment.tensor,
        purpose: .buffer("a projection that its code does not compute with"))
    }
    findings.add(
      .note, code: "projection-unused",
      "\(candidate.upstream.title) does not compute with its projection where the embeddings are as "
        + "wide as the layers (\(width)): it is left out")
  }

  /// Warns of a classifier that the publisher's code gives other inputs than its tensors show, by its
  /// version.
  func warnOfPooledOffset(_ contents: ModelContents) {
    guard contents.taskHead == .sequenceClassification,
      let (amount, since) = candidate.upstream.pooledOffset,
      let weight = stored[Parameter(.classifierWeight)]?.tensor.name,
      let bias = stored[Parameter(.classifierBias)]?.tensor.name
    else { return }
    findings.add(
      .warning, code: "classifier-by-version",
      "\(candidate.upstream.title) since \(since) adds \(amount) to each of the pooler's outputs "
        + "before its classifier of sequences, earlier versions nothing, which was taken; no tensor "
        + "shows which it was",
      remedy: "if it adds it, \(Inspection.adding(amount, to: bias, by: weight))", tensor: bias)
  }

  /// Tells of a word table that the file holds as two factors.
  private func tellOfFactors() {
    guard let narrowWords, let hidden = shapes.config.hiddenSize else { return }
    findings.add(
      .note, code: "word-table-factored",
      "\(candidate.upstream.title) widens the word embeddings \(narrowWords.shape) to \(hidden) "
        + "before positions and segments are added; their product with the projection, each number "
        + "rounded once to float32, is read as word embeddings as wide as the layers")
  }

  /// Warns of an epsilon that the weights' publisher cannot have computed with.
  private func warnOfEpsilon() {
    guard let fixed = candidate.upstream.layerNormEps, let stated = found?.config.layerNormEps,
      stated != fixed
    else { return }
    findings.add(
      .warning, code: "epsilon-doubtful",
      "the config says layer_norm_eps \(stated), which was taken; \(candidate.upstream.title), "
        + "whose weights these are, always compute with \(fixed)",
      remedy:
        "state \(fixed) in the config, or in a copy of it named with \(.config), if nothing else "
        + "trained them")
  }

  /// Warns where the rules of Google's and of Hugging Face's code give layers other groups, and the
  /// weights may have been converted from one to the other.
  func warnOfLayerMap(_ config: AlbertConfig) {
    let google = LayerMap.google(
      layers: config.numHiddenLayers, groups: config.numHiddenGroups)
    guard partial.layerMap == nil, config.layerMap != google else { return }
    let differing = zip(config.layerMap.groups, google.groups).enumerated().filter {
      $0.element.0 != $0.element.1
    }.map { String($0.offset) }
    findings.add(
      .warning, code: "group-map-doubtful",
      "by the rule of \(candidate.upstream.title), which was taken, layers "
        + "\(differing.joined(separator: ", ")) use other groups than by that of Google's code, which "
        + "counts if the weights come from there",
      remedy:
        "state the group of each layer with the key layer_to_group in the config, or in a copy "
        + "of it named with \(.config)")
  }

  /// Leaves out names of classes that are not those of the head.
  func leaveOutStrangeLabels(_ config: inout AlbertConfig) {
    guard let labels = config.passthrough.id2label,
      config.taskHead == nil || labels.count != config.numLabels
    else { return }
    config.passthrough.id2label = nil
    guard config.taskHead != nil else { return }
    findings.add(
      .warning, code: "labels-mismatch",
      "the config names \(labels.count) classes and the head has \(config.numLabels), so that the "
        + "names are left out", remedy: "correct id2label in the config")
  }
}

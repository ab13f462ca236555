internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

extension GraphAssembly {
  /// The config that operators and shapes state.
  mutating func config(_ tables: GraphTables) -> PartialConfig {
    var config = PartialConfig()
    let blocks = encoder.blocks
    config.vocabSize = tables.rows(of: tables.words)
    config.embeddingSize = width(encoder.embeddings.norm)
    config.hiddenSize = blocks.first?.ffn.weight.inputs
    config.intermediateSize = blocks.first?.ffn.weight.outputs
    if !tables.lacksPositions {
      config.maxPositionEmbeddings = tables.rows(of: tables.positions)
    }
    if tables.segments?.index != .folded {
      config.typeVocabSize = tables.addsSegment ? 1 : tables.rows(of: tables.segments)
    }
    config.cut = tables.cut
    config.numHiddenLayers = numbering.groups.count
    config.numHiddenGroups = numbering.groupCount
    config.innerGroupNum = numbering.innerLayers
    config.layerMap = LayerMap(groups: numbering.groups)
    config.numAttentionHeads = common(blocks.map(\.attention.heads), "numbers of heads")
    var activations = blocks.map(\.activation)
    if let mlm = heads.mlm { activations.append(mlm.activation) }
    config.hiddenAct = common(activations, "activations")
    if activations.contains(nil) {
      findings.append(
        Finding(
          .error, code: "unknown-activation",
          "the activation that the graph computes is none of \(Activation.allCases.map(\.rawValue).joined(separator: ", "))",
          remedy: "export a model with one of these"))
    }
    let epsilons =
      [encoder.embeddings.norm.epsilon]
      + blocks.flatMap { [$0.attentionNorm.epsilon, $0.norm.epsilon] }
    // In half precision every usual epsilon is 0, which says nothing of the model's.
    let isLost = epsilons.allSatisfy { $0 == 0 }
    if isLost {
      findings.append(
        Finding(
          .note, code: "epsilon-lost",
          "the graph's LayerNorms have the epsilon 0, which half precision made of it: the config's "
            + "was taken, or 1e-12"))
    } else {
      config.layerNormEps = common(epsilons.map(Self.decimal), "LayerNorm epsilons")
      config.mlmLayerNormEps = heads.mlm.map { Self.decimal($0.norm.epsilon) }
    }
    config.taskHead = heads.task?.head
    config.numLabels = heads.task?.linear.weight.outputs
    config.tieWordEmbeddings = heads.mlm == nil ? nil : true
    return config
  }

  private func width(_ norm: GraphNorm) -> Int? {
    parts.view.graph.constants[norm.weight]?.tensor.shape.count
  }

  /// The one value that all layers state; nil and a finding where they state several.
  private mutating func common<T: Hashable>(_ values: [T?], _ what: String) -> T? {
    let distinct = Set(values.compactMap { $0 })
    guard distinct.count > 1 else { return distinct.first }
    let list = distinct.map { "\($0)" }.sorted().joined(separator: ", ")
    findings.append(
      Finding(
        .error, code: "layers-disagree",
        "the layers have different \(what), which no ALBERT config can state: \(list)",
        remedy: "check that this is an ALBERT"))
    return nil
  }

  /// The decimal number that somebody wrote, of which a graph holds the nearest float.
  static func decimal(_ epsilon: Double) -> Double {
    guard epsilon > 0, epsilon < 1 else { return epsilon }
    // Quantised constants are off by a little more: one digit is all that anybody writes.
    var exponent = 0
    var digit = epsilon
    while digit < 0.95, exponent < 45 {
      digit *= 10
      exponent += 1
    }
    let rounded = digit.rounded()
    if abs(digit - rounded) < 2e-3 * digit, let short = Double("\(Int(rounded))e-\(exponent)") {
      return short
    }
    return Double("\(Float(epsilon))") ?? epsilon
  }
}

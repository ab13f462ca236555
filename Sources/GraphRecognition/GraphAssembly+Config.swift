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
    if tables.hasOneSegment {
      config.typeVocabSize = 1
    } else if tables.segments?.index != .folded {
      config.typeVocabSize = tables.rows(of: tables.segments)
    }
    config.cut = tables.cut
    config.numHiddenLayers = numbering.groups.count
    config.numHiddenGroups = numbering.groupCount
    config.innerGroupNum = numbering.innerLayers
    config.layerMap = LayerMap(groups: numbering.groups)
    let each = blocks.enumerated().map { use, block in (place: layer(of: use), block: block) }
    config.numAttentionHeads = common(
      each.map { ($0.place, $0.block.dense.node, $0.block.attention.heads) }, "number of heads")
    var activations = each.map { ($0.place, $0.block.ffn.node, $0.block.activation?.rawValue) }
    if let mlm = heads.mlm {
      activations.append(("the masked-LM head", mlm.dense.node, mlm.activation?.rawValue))
    }
    config.hiddenAct = common(activations, "activation").flatMap(Activation.init)
    let unknown = activations.filter { $0.2 == nil }
    if config.hiddenAct == nil || unknown.count * 2 > activations.count {
      findings.append(
        Finding(
          .error, code: "unknown-activation",
          "the activation that the graph computes is none of \(Activation.allCases.map(\.rawValue).joined(separator: ", "))",
          remedy: "export a model with one of these"))
    } else {
      deviations += unknown.map { place, node, _ in
        GraphDeviation(layer: place, node: node, words: "it has an activation that is not known")
      }
    }
    let norms =
      [("the embeddings", encoder.embeddings.norm)]
      + each.flatMap { [($0.place, $0.block.attentionNorm), ($0.place, $0.block.norm)] }
    // In half precision every usual epsilon is 0 or the least number, which says nothing of the model's.
    let isLost = norms.allSatisfy { hasLostEpsilon($0.1) }
    if isLost {
      findings.append(
        Finding(
          .note, code: "epsilon-lost",
          "the graph's LayerNorms have the epsilon \(encoder.embeddings.norm.epsilon), which half precision "
            + "made of it: the config's was taken, or 1e-12"))
    } else {
      config.layerNormEps = common(
        norms.map { ($0.0, $0.1.node, hasLostEpsilon($0.1) ? nil : Self.decimal($0.1.epsilon)) },
        "LayerNorm epsilon")
      config.mlmLayerNormEps = heads.mlm.flatMap {
        hasLostEpsilon($0.norm) ? nil : Self.decimal($0.norm.epsilon)
      }
    }
    config.taskHead = heads.task?.head
    config.numLabels = heads.task?.linear.weight.outputs
    config.tieWordEmbeddings = heads.mlm == nil ? nil : true
    return config
  }

  private func width(_ norm: GraphNorm) -> Int? {
    parts.view.graph.constants[norm.weight]?.tensor.shape.count
  }

  /// Whether a LayerNorm has no epsilon but what half precision made of a smaller one.
  private func hasLostEpsilon(_ norm: GraphNorm) -> Bool {
    let isHalf = parts.view.graph.constants[norm.weight]?.tensor.type == .float16
    // Converters raise what would be 0 to the least number, or to 1e-7.
    return norm.epsilon == 0 || isHalf && [0x1p-24, 0x1p-23].contains(norm.epsilon)
  }

  /// The value that most places state, of equally many the first; notes those that state another one.
  private mutating func common<T: Hashable & CustomStringConvertible>(
    _ values: [(place: String, node: String, value: T?)], _ what: String
  ) -> T? {
    let known = values.compactMap(\.value)
    let counts = Dictionary(grouping: known) { $0 }.mapValues(\.count)
    let most = counts.values.max() ?? 0
    guard let usual = known.first(where: { counts[$0] == most }) else { return nil }
    for (place, node, value) in values {
      guard let value, value != usual else { continue }
      deviations.append(
        GraphDeviation(
          layer: place, node: node,
          words: "its \(what) is \(value), that of the others \(usual)"))
    }
    return usual
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

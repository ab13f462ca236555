internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

extension GraphAssembly {
  /// The config that operators and shapes state.
  var config: PartialConfig {
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
    func stated<T>(
      _ part: String, _ value: (GraphBlock) -> (node: String, value: T?)
    ) -> [Statement<T>] {
      blocks.enumerated().map { use, block in
        let (node, value) = value(block)
        let end = numbering.innerLayers > 1 ? ", block \(use % numbering.innerLayers)" : ""
        return Statement(
          place: layer(of: use), node: node, value: value, layer: use / numbering.innerLayers,
          part: "\(part) of \(layer(of: use))\(end)")
      }
    }
    config.numAttentionHeads = common(
      stated("the attention scores") { ($0.dense.node, $0.attention.heads) }, "number of heads"
    ) { .heads($0) }
    var activations = stated("the activation") { ($0.ffn.node, $0.activation?.rawValue) }
    if let mlm = heads.mlm {
      activations.append(
        Statement(
          place: "the masked-LM head", node: mlm.dense.node, value: mlm.activation?.rawValue))
    }
    config.hiddenAct = common(activations, "activation") {
      Activation(rawValue: $0).map { .activation($0) }
    }.flatMap(Activation.init)
    let unknown = activations.filter { $0.value == nil }
    if config.hiddenAct == nil || unknown.count * 2 > activations.count {
      findings.add(
        .error, code: "unknown-activation",
        "the activation that the graph computes is none of \(Activation.allCases.map(\.rawValue).joined(separator: ", "))",
        remedy: "export a model with one of these")
    } else {
      deviations += unknown.map { statement in
        GraphDeviation(
          layer: statement.place, node: statement.node,
          words: "it has an activation that is not known")
      }
    }
    let (first, second) = (
      stated("the attention's LayerNorm") { ($0.attentionNorm.node, $0.attentionNorm) },
      stated("the output") { ($0.norm.node, $0.norm) }
    )
    let norms =
      [
        Statement(
          place: "the embeddings", node: encoder.embeddings.norm.node,
          value: encoder.embeddings.norm, part: "the embeddings' LayerNorm")
      ] + zip(first, second).flatMap { [$0, $1] }
    // In half precision every usual epsilon is 0 or the least number, which says nothing of the model's.
    let isLost = norms.compactMap(\.value).allSatisfy(hasLostEpsilon)
    if isLost {
      findings.add(
        .note, code: "epsilon-lost",
        "the graph's LayerNorms have the epsilon \(encoder.embeddings.norm.epsilon), which half precision "
          + "made of it: the config's was taken, or 1e-12")
    } else {
      config.layerNormEps = common(
        norms.map { statement in
          statement.with(
            statement.value.flatMap { hasLostEpsilon($0) ? nil : decimal($0) })
        }, "LayerNorm epsilon"
      ) { .epsilon($0) }
      config.mlmLayerNormEps = heads.mlm.flatMap {
        hasLostEpsilon($0.norm) ? nil : decimal($0.norm)
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
    let isHalf = isHalf(norm)
    // Converters raise what would be 0 to the least number, or to 1e-7.
    return norm.epsilon == 0
      || isHalf && ElementType.raisedHalves.contains { $0.number == norm.epsilon }
  }

  private func isHalf(_ norm: GraphNorm) -> Bool {
    parts.view.graph.constants[norm.weight]?.tensor.type == .float16
  }

  /// The decimal number that somebody wrote as a LayerNorm's epsilon.
  private func decimal(_ norm: GraphNorm) -> Double {
    Self.decimal(norm.epsilon, of: isHalf(norm) ? .float16 : .float32)
  }

  /// The value that most places state, of equally many the first; notes those that state another one.
  private func common<T: Hashable & CustomStringConvertible>(
    _ values: [Statement<T>], _ what: String, _ setting: (T) -> LayerSetting.Value?
  ) -> T? {
    let known = values.compactMap(\.value)
    let counts = Dictionary(grouping: known) { $0 }.mapValues(\.count)
    let most = counts.values.max() ?? 0
    guard let usual = known.first(where: { counts[$0] == most }) else { return nil }
    for statement in values {
      guard let value = statement.value, value != usual else { continue }
      deviations.append(
        GraphDeviation(
          layer: statement.place, node: statement.node,
          words: "its \(what) is \(value), that of the others \(usual)",
          setting: statement.part.isEmpty
            ? nil
            : setting(value).map {
              LayerSetting(
                layer: statement.layer, node: statement.node, part: statement.part, value: $0)
            }))
    }
    return usual
  }

  /// The decimal number that somebody wrote, of which a graph holds the nearest number of a type.
  static func decimal(_ epsilon: Double, of type: ElementType = .float32) -> Double {
    guard epsilon > 0, epsilon < 1 else { return epsilon }
    // Quantised constants are off by a little more: one digit is all that anybody writes.
    var exponent = 0
    var digit = epsilon
    while digit < 0.95, exponent < 45 {
      digit *= 10
      exponent += 1
    }
    let rounded = digit.rounded()
    if let short = Double("\(Int(rounded))e-\(exponent)") {
      // As float16 1e-6 is 17 of the least steps, which is 1.013e-6.
      let isNearest =
        type == .float16 && abs(short - epsilon) * 2 <= type.unitInLastPlace(of: epsilon)
      if isNearest || abs(digit - rounded) < 2e-3 * digit { return short }
    }
    return Double("\(Float(epsilon))") ?? epsilon
  }
}

/// What one place of a graph states.
private struct Statement<T> {
  /// What messages call the place.
  let place: String
  let node: String
  let value: T?
  /// The layer; nil of what is none.
  var layer: Int?
  /// What the node should give.
  var part = ""

  /// Another value stated by the same node.
  func with<U>(_ value: U?) -> Statement<U> {
    Statement<U>(place: place, node: node, value: value, layer: layer, part: part)
  }
}

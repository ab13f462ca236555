internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

/// The putting together of one model from the parts of a graph.
final class GraphAssembly {
  let parts: GraphParts
  let encoder: GraphEncoder
  let heads: GraphHeads
  let numbering: GraphNumbering
  let tables: GraphTables
  private let idle: GraphIdleGroups
  private let hint: PartialConfig?
  var findings: [Finding] = []
  var purposes: GraphPurposes
  /// What single layers do otherwise.
  var deviations: [GraphDeviation] = []
  /// The blocks that compute with numbers of their own where the others of their group share.
  private let strays: Set<Int>

  init(
    parts: GraphParts, encoder: GraphEncoder, hint: PartialConfig?, content: GraphReader.Content
  ) throws(FileError) {
    self.parts = parts
    self.encoder = encoder
    purposes = GraphPurposes(graph: parts.view.graph)
    self.hint = hint
    tables = try GraphTables(
      encoder.embeddings.lookups, graph: parts.view.graph, hint: hint, content: content)
    heads = parts.heads(
      over: encoder.output, words: tables.rows(of: tables.words),
      choices: tables.words?.isReshaped ?? false, hint: hint?.taskHead)
    let blocks = encoder.blocks
    let (uses, strays) = try purposes.comparison.gathered(
      try purposes.comparison.uses(of: blocks, content), blocks, content)
    self.strays = strays
    let labels = blocks.map { $0.nodeNames.lazy.compactMap(GraphNumbering.label).first }
    let tensorLabels = blocks.map {
      $0.parameters.lazy.compactMap { GraphNumbering.label(in: $0.source.tensor) }.first
    }
    idle = GraphIdleGroups(
      parts.view.graph, used: Set((labels + tensorLabels).compactMap { $0?.group }))
    numbering = GraphNumbering.best(
      for: uses, labels: labels, tensorLabels: tensorLabels, innerLayers: hint?.innerGroupNum,
      idle: idle)
    if let finding = purposes.comparison.differingCopies(blocks, uses: uses, labels: labels) {
      findings.append(finding)
    }
    let isOpen = GraphNumbering.candidates(uses).count > 1 && hint?.innerGroupNum == nil
    if isOpen, encoder.projection != nil, labels.allSatisfy({ $0 == nil }),
      !purposes.comparison.hasLabels(blocks)
    {
      findings.add(
        .warning, code: "blocks-unnumbered",
        "the graph does not tell groups from inner layers: \(numbering.groupCount) groups of \(numbering.innerLayers) were assumed, which compute the same",
        remedy: "name the model's config with \(.config) to number them as it does")
    }
  }

  /// The model.
  func reading(content: GraphReader.Content) throws(FileError) -> GraphReading {
    addEmbeddings()
    for (use, block) in encoder.blocks.enumerated() where !strays.contains(use) {
      for (role, source) in block.parameters {
        let parameter = numbering.parameter(role, of: use)
        if try !purposes.leaveRoundedApart(parameter, source, content) {
          purposes.add(parameter, source)
        }
      }
      for (linear, _, bias) in block.linears where linear.bias == nil {
        purposes.addZero(numbering.parameter(bias, of: use))
      }
    }
    for use in strays.sorted() { try addStray(use, content) }
    for group in numbering.idle.sorted() {
      for (parameter, tensor) in idle.byGroup[group] ?? [:] {
        purposes.add(parameter, GraphSource(tensor))
      }
    }
    try addHeads(content)
    addRest()
    findings += GraphRounding(parts.view).findings
    findings += purposes.findings
    deviations += residualDeviations
    var config = config
    config.faults = faults
    config.findings = findings + faults
    return GraphReading(
      prefix: purposes.prefix, meanings: purposes.byTensor, zeros: purposes.zeros, config: config,
      anchor: tables.words?.table ?? "",
      values: GraphReading.Values(
        embeddings: encoder.embeddings.norm.value, projection: encoder.projection?.value,
        blocks: encoder.blocks.map(\.output)),
      copies: copies, strays: strayTensors,
      settings: deviations.compactMap(\.setting))
  }

  /// The tensors of other numbers that single layers take in the place of shared ones.
  private var strayTensors: [Parameter: GraphReading.Copy] {
    Dictionary(
      firstOfEach: deviations.compactMap { deviation in
        guard let own = deviation.parameter, let source = deviation.source else { return nil }
        return (own, GraphReading.Copy(source))
      })
  }

  /// The tensors that layers and the decoder compute with where those are others than what was taken.
  private var copies: [Parameter: GraphReading.Copy] {
    var result: [Parameter: GraphReading.Copy] = [:]
    for (use, block) in encoder.blocks.enumerated() {
      // A bias that was added to before its matrix was rounded is another one by what that rounding cost.
      let isRounded = block.parameters.contains { purposes.comparison.isQuantised($0.source) }
      for (role, source) in block.parameters
      where !deviations.contains(where: { $0.source == source }) {
        let taken = purposes.sources[numbering.parameter(role, of: use)]
        if source != taken, isRounded || !purposes.comparison.isRestored(source) {
          result[numbering.ownParameter(role, of: use)] = GraphReading.Copy(source)
        }
      }
    }
    if let decoder = heads.mlm?.decoder, purposes.sources[Parameter(.mlmDecoderWeight)] == nil {
      let source = GraphSource(decoder.weight)
      if source != purposes.sources[Parameter(.wordEmbeddings)] {
        result[Parameter(.mlmDecoderWeight)] = GraphReading.Copy(source)
      }
    }
    return result
  }

  private func add(
    _ linear: GraphLinear, weight: ParameterRole, bias: ParameterRole
  ) {
    purposes.add(Parameter(weight), GraphSource(linear.weight))
    add(linear, bias: bias)
  }

  private func add(_ linear: GraphLinear, bias: ParameterRole) {
    if let vector = linear.bias {
      purposes.add(Parameter(bias), GraphSource(vector))
    } else {
      purposes.addZero(Parameter(bias))
    }
  }

  private func add(_ norm: GraphNorm, weight: ParameterRole, bias: ParameterRole) {
    purposes.add(Parameter(weight), GraphSource(norm.weight))
    purposes.add(Parameter(bias), GraphSource(norm.bias))
  }

  private func addEmbeddings() {
    findings += tables.findings
    for (lookup, role) in [
      (tables.words, ParameterRole.wordEmbeddings), (tables.positions, .positionEmbeddings),
      (tables.segments, .tokenTypeEmbeddings),
    ] {
      guard let lookup else { continue }
      let isLost = role == .positionEmbeddings ? tables.lacksPositions : !tables.keepsSegment
      if lookup.index == .folded, isLost {
        purposes.addBuffer(lookup.table, "what an exporter left of \(role.nameTemplate)")
      } else {
        purposes.add(
          Parameter(role), GraphSource(lookup.table, tables.layout(of: lookup) ?? .canonical))
      }
    }
    if tables.addsSegment { purposes.addZero(Parameter(.tokenTypeEmbeddings)) }
    add(
      encoder.embeddings.norm, weight: .embeddingLayerNormWeight, bias: .embeddingLayerNormBias)
    if let projection = encoder.projection {
      add(projection, weight: .projectionWeight, bias: .projectionBias)
    } else if numbering.groupCount > 1 {
      findings.add(
        .error, code: "not-albert-bert",
        "no projection follows the embeddings, and \(numbering.groupCount) layers have weights of their own: this is BERT's architecture, not ALBERT's",
        remedy: "use a tool for that kind of model")
    }
  }

  private func addHeads(_ content: GraphReader.Content) throws(FileError) {
    if let pooler = heads.pooler { add(pooler, weight: .poolerWeight, bias: .poolerBias) }
    if let mlm = heads.mlm {
      add(mlm.dense, weight: .mlmDenseWeight, bias: .mlmDenseBias)
      add(mlm.norm, weight: .mlmLayerNormWeight, bias: .mlmLayerNormBias)
      add(mlm.decoder, bias: .mlmBias)
      try addDecoder(mlm.decoder, content)
    }
    if let sop = heads.sop { add(sop, weight: .sopWeight, bias: .sopBias) }
    if let (head, linear) = heads.task {
      if head == .questionAnswering {
        add(linear, weight: .qaOutputsWeight, bias: .qaOutputsBias)
      } else {
        add(linear, weight: .classifierWeight, bias: .classifierBias)
      }
    }
  }

  /// The decoder is the word embeddings, a copy of them, or a matrix of its own.
  private func addDecoder(
    _ decoder: GraphLinear, _ content: GraphReader.Content
  ) throws(FileError) {
    guard let words = tables.words else { return }
    let source = GraphSource(decoder.weight)
    if source == GraphSource(words.table) { return }
    switch try purposes.comparison.relation(of: source, to: GraphSource(words.table), content) {
    case .equal:
      purposes.add(Parameter(.wordEmbeddings), source)
    case .near:
      if !purposes.comparison.isQuantised(source),
        try purposes.leaveRoundedApart(Parameter(.wordEmbeddings), source, content)
      {
        return
      }
      findings.add(
        .note, code: "decoder-quantised-apart",
        "the word embeddings and their copy in the decoder were quantised apart; the word embeddings' numbers are taken",
        tensor: source.tensor)
      purposes.addBuffer(source.tensor, "a copy of the word embeddings, quantised apart")
    case .different:
      purposes.add(Parameter(.mlmDecoderWeight), source)
    }
  }

  /// Whether a constant is one number many times, as a mask is that a converter folded.
  private static func isUniform(_ constant: GraphConstant) -> Bool {
    guard let values = constant.values, constant.tensor.shape.rank > 1 else { return false }
    return values.allSatisfy { $0 == values.first }
  }

  /// Whether only the shape of a constant is asked for, as of those that Keras 3's exporter leaves.
  private func isMeasured(_ name: String) -> Bool {
    let graph = parts.view.graph
    let users = graph.consumers(of: name)
    return !users.isEmpty && users.allSatisfy { graph.nodes[$0].operation == "Shape" }
  }

  /// Numbers that belong to the graph and not to any model's weights.
  private func addRest() {
    let graph = parts.view.graph
    // Scales of the model's own matrices are known by what they scale, whatever operator does it.
    var scales = Set(
      purposes.byTensor.keys.flatMap { graph.constants[$0]?.scales ?? [] })
    for node in graph.nodes {
      switch node.operation {
      case "DequantizeLinear", "QuantizeLinear": scales.formUnion(node.inputs.dropFirst())
      case "MatMulInteger", "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized":
        scales.formUnion(node.inputs.dropFirst(2))
      default:
        if node.operation.hasPrefix("Q") { scales.formUnion(node.inputs) }
      }
    }
    for (name, constant) in graph.constants where purposes.byTensor[name] == nil {
      if !constant.tensor.type.isFloatingPoint || constant.tensor.shape.count <= 1
        || scales.contains(name) || Self.isUniform(constant) || isMeasured(name)
      {
        purposes.addBuffer(name, "a constant of the graph")
      }
    }
  }
}

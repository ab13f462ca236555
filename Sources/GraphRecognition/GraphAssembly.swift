internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

/// The putting together of one model from the parts of a graph.
struct GraphAssembly {
  let parts: GraphParts
  let encoder: GraphEncoder
  let heads: GraphHeads
  let numbering: GraphNumbering
  private let idle: GraphIdleGroups
  private let hint: PartialConfig?
  var comparison: GraphComparison
  var findings: [Finding] = []
  private var meanings: [String: [TensorPurpose]] = [:]
  /// The first tensor of each parameter.
  private var sources: [Parameter: GraphSource] = [:]
  private var zeros: Set<Parameter> = []
  /// Parameters of which only some copies are quantised.
  private var partlyQuantized: Set<Parameter> = []
  /// Parameters whose copies hold what different roundings made of the same numbers.
  private var roundedApart: Set<Parameter> = []

  init(
    parts: GraphParts, encoder: GraphEncoder, hint: PartialConfig?, content: GraphReader.Content
  ) throws(FileError) {
    self.parts = parts
    self.encoder = encoder
    comparison = GraphComparison(graph: parts.view.graph)
    self.hint = hint
    let tables = GraphTables(encoder.embeddings.lookups, graph: parts.view.graph, hint: hint)
    heads = parts.heads(
      over: encoder.output, words: tables.rows(of: tables.words),
      choices: tables.words?.isReshaped ?? false, hint: hint?.taskHead)
    let blocks = encoder.blocks
    let uses = try comparison.uses(of: blocks, content)
    let labels = blocks.map { $0.nodeNames.lazy.compactMap(GraphNumbering.label).first }
    let tensorLabels = blocks.map {
      $0.parameters.lazy.compactMap { GraphNumbering.label(in: $0.source.tensor) }.first
    }
    idle = GraphIdleGroups(
      parts.view.graph, used: Set((labels + tensorLabels).compactMap { $0?.group }))
    numbering = GraphNumbering.best(
      for: uses, labels: labels, tensorLabels: tensorLabels, innerLayers: hint?.innerGroupNum,
      idle: idle)
    if let finding = comparison.differingCopies(blocks, uses: uses, labels: labels) {
      findings.append(finding)
    }
    let isOpen = GraphNumbering.candidates(uses).count > 1 && hint?.innerGroupNum == nil
    if isOpen, encoder.projection != nil, labels.allSatisfy({ $0 == nil }),
      !comparison.hasLabels(blocks)
    {
      findings.append(
        Finding(
          .warning, code: "blocks-unnumbered",
          "the graph does not tell groups from inner layers: \(numbering.groupCount) groups of \(numbering.innerLayers) were assumed, which compute the same",
          remedy: "name the model's config with \(.config) to number them as it does"))
    }
  }

  /// The model.
  mutating func reading(content: GraphReader.Content) throws(FileError) -> GraphReading {
    let tables = GraphTables(encoder.embeddings.lookups, graph: parts.view.graph, hint: hint)
    addEmbeddings(tables)
    for (use, block) in encoder.blocks.enumerated() {
      let place = numbering.place(of: use)
      for (role, source) in block.parameters {
        let parameter = Parameter(role, group: place.group, inner: place.inner)
        if try !leaveRoundedApart(parameter, source, content) { add(parameter, source) }
      }
      for (linear, _, bias) in block.linears where linear.bias == nil {
        zeros.insert(Parameter(bias, group: place.group, inner: place.inner))
      }
    }
    for group in numbering.idle.sorted() {
      for (parameter, tensor) in idle.byGroup[group] ?? [:] { add(parameter, GraphSource(tensor)) }
    }
    try addHeads(tables, content)
    addRest()
    findings += GraphRounding(parts.view).findings
    let missing = GraphContinuation(of: encoder, in: parts.view)?.message(
      layers: numbering.groups.count)
    if let missing {
      findings.append(
        Finding(
          .warning, code: PartialConfig.missingLayersCode, missing,
          remedy: "verify the graph against the model that it was made from, or export it again"))
    }
    if let finding = restoredFinding { findings.append(finding) }
    if !partlyQuantized.isEmpty { findings.append(partlyQuantizedFinding) }
    if !roundedApart.isEmpty { findings.append(roundedApartFinding) }
    let biases = zeros.subtracting([Parameter(.tokenTypeEmbeddings)])
    if !biases.isEmpty {
      let names = biases.map(\.name).sorted()
      findings.append(
        Finding(
          .note, code: "zero-biases",
          "the graph adds no bias for \(names.count) parameters, which are zero then "
            + "(\(names.firstFew))"))
    }
    var config = config(tables)
    config.missingLayers = missing
    config.findings = findings
    return GraphReading(
      prefix: prefix(), meanings: meanings, zeros: zeros, config: config,
      anchor: tables.words?.table ?? "",
      values: GraphReading.Values(
        embeddings: encoder.embeddings.norm.value, projection: encoder.projection?.value,
        blocks: encoder.blocks.map(\.output)),
      copies: copies(of: tables))
  }

  /// The tensors that layers and the decoder compute with where those are others than what was taken.
  private func copies(of tables: GraphTables) -> [Parameter: GraphReading.Copy] {
    var result: [Parameter: GraphReading.Copy] = [:]
    func note(_ parameter: Parameter, _ source: GraphSource) {
      result[parameter] = GraphReading.Copy(tensor: source.tensor, layout: source.layout)
    }
    for (use, block) in encoder.blocks.enumerated() {
      let place = numbering.place(of: use)
      let layer = use / numbering.innerLayers
      for (role, source) in block.parameters {
        let taken = sources[Parameter(role, group: place.group, inner: place.inner)]
        if source != taken, !comparison.isRestored(source) {
          note(Parameter(role, group: layer, inner: place.inner), source)
        }
      }
    }
    if let decoder = heads.mlm?.decoder, sources[Parameter(.mlmDecoderWeight)] == nil {
      let source = GraphSource(decoder.weight)
      if source != sources[Parameter(.wordEmbeddings)] {
        note(Parameter(.mlmDecoderWeight), source)
      }
    }
    return result
  }

  /// A quantiser left some uses of shared parameters alone, so that the layers differ.
  private var partlyQuantizedFinding: Finding {
    let names = partlyQuantized.map(\.name).sorted()
    return Finding(
      .warning, code: "partly-quantized",
      "only some layers' copies of \(names.count) shared parameters are quantised "
        + "(\(names.firstFew)): the copies that hold the numbers themselves were taken, while the graph computes with both",
      remedy: "expect other outputs from a runtime")
  }

  /// A converter added a product's bias to the biases behind it, which no other layer's copy shows as
  /// they were.
  private var restoredFinding: Finding? {
    let names = sources.filter { comparison.isRestored($0.value) }.map(\.key.name).sorted()
    guard !names.isEmpty else { return nil }
    return Finding(
      .warning, code: "biases-restored",
      "the converter added the projection's bias to \(names.joined(separator: ", ")): it was taken "
        + "out again, so that their last bits may differ")
  }

  /// Says what a tensor is: a parameter, or one more copy of it.
  private mutating func add(_ parameter: Parameter, _ source: GraphSource) {
    guard let first = sources[parameter] else {
      sources[parameter] = source
      meanings[source.tensor]?.removeAll { if case .buffer = $0 { true } else { false } }
      meanings[source.tensor, default: []].append(.parameter(parameter, source.layout))
      return
    }
    guard source != first else { return }
    if comparison.isRestored(source) != comparison.isRestored(first) {
      // Another layer's copy is there as it was stored.
      let restored = comparison.isRestored(source) ? source : first
      let exact = comparison.isRestored(source) ? first : source
      meanings[restored.tensor] = [.buffer("\(parameter) without what was added to it")]
      sources[parameter] = exact
      if exact != first {
        meanings[exact.tensor, default: []].append(.parameter(parameter, exact.layout))
      }
      return
    }
    if comparison.isQuantised(source) != comparison.isQuantised(first) {
      // A quantiser may leave some uses alone: what it did not touch holds the numbers themselves.
      let rounded = comparison.isQuantised(source) ? source : first
      let exact = comparison.isQuantised(source) ? first : source
      meanings[rounded.tensor] = [.buffer("a quantised copy of \(parameter)")]
      partlyQuantized.insert(parameter)
      guard exact != first else { return }
      sources[parameter] = exact
      meanings[exact.tensor, default: []].append(.parameter(parameter, exact.layout))
      return
    }
    let copy = TensorPurpose.copy(of: parameter, source.layout, yields: false)
    if meanings[source.tensor]?.contains(copy) != true {
      meanings[source.tensor, default: []].append(copy)
    }
  }

  private mutating func add(
    _ linear: GraphLinear, weight: ParameterRole, bias: ParameterRole
  ) {
    add(Parameter(weight), GraphSource(linear.weight))
    add(linear, bias: bias)
  }

  private mutating func add(_ linear: GraphLinear, bias: ParameterRole) {
    if let vector = linear.bias {
      add(Parameter(bias), GraphSource(vector))
    } else {
      zeros.insert(Parameter(bias))
    }
  }

  private mutating func add(_ norm: GraphNorm, weight: ParameterRole, bias: ParameterRole) {
    add(Parameter(weight), GraphSource(norm.weight))
    add(Parameter(bias), GraphSource(norm.bias))
  }

  private mutating func addEmbeddings(_ tables: GraphTables) {
    findings += tables.findings
    for (lookup, role) in [
      (tables.words, ParameterRole.wordEmbeddings), (tables.positions, .positionEmbeddings),
      (tables.segments, .tokenTypeEmbeddings),
    ] {
      guard let lookup else { continue }
      if lookup.index == .folded, role != .positionEmbeddings || tables.lacksPositions {
        meanings[lookup.table] = [.buffer("what an exporter left of \(role.nameTemplate)")]
      } else {
        add(Parameter(role), GraphSource(lookup.table))
      }
    }
    if tables.addsSegment { zeros.insert(Parameter(.tokenTypeEmbeddings)) }
    add(
      encoder.embeddings.norm, weight: .embeddingLayerNormWeight, bias: .embeddingLayerNormBias)
    if let projection = encoder.projection {
      add(projection, weight: .projectionWeight, bias: .projectionBias)
    } else if numbering.groupCount > 1 {
      findings.append(
        Finding(
          .error, code: "not-albert-bert",
          "no projection follows the embeddings, and \(numbering.groupCount) layers have weights of their own: this is BERT's architecture, not ALBERT's",
          remedy: "use a tool for that kind of model"))
    }
  }

  private mutating func addHeads(
    _ tables: GraphTables, _ content: GraphReader.Content
  ) throws(FileError) {
    if let pooler = heads.pooler { add(pooler, weight: .poolerWeight, bias: .poolerBias) }
    if let mlm = heads.mlm {
      add(mlm.dense, weight: .mlmDenseWeight, bias: .mlmDenseBias)
      add(mlm.norm, weight: .mlmLayerNormWeight, bias: .mlmLayerNormBias)
      add(mlm.decoder, bias: .mlmBias)
      try addDecoder(mlm.decoder, tables, content)
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
  private mutating func addDecoder(
    _ decoder: GraphLinear, _ tables: GraphTables, _ content: GraphReader.Content
  ) throws(FileError) {
    guard let words = tables.words else { return }
    let source = GraphSource(decoder.weight)
    if source == GraphSource(words.table) { return }
    switch try comparison.relation(of: source, to: GraphSource(words.table), content) {
    case .equal:
      add(Parameter(.wordEmbeddings), source)
    case .near:
      if !comparison.isQuantised(source),
        try leaveRoundedApart(Parameter(.wordEmbeddings), source, content)
      {
        return
      }
      findings.append(
        Finding(
          .note, code: "decoder-quantised-apart",
          "the word embeddings and their copy in the decoder were quantised apart; the word embeddings' numbers are taken",
          tensor: source.tensor))
      meanings[source.tensor] = [.buffer("a copy of the word embeddings, quantised apart")]
    case .different:
      add(Parameter(.mlmDecoderWeight), source)
    }
  }

  /// Takes one of two copies of a parameter that were rounded apart, and says of the other what it is;
  /// false where the two are not such.
  private mutating func leaveRoundedApart(
    _ parameter: Parameter, _ source: GraphSource, _ content: GraphReader.Content
  ) throws(FileError) -> Bool {
    guard let first = sources[parameter], source != first,
      comparison.isQuantised(source) == comparison.isQuantised(first),
      comparison.isRestored(source) == comparison.isRestored(first),
      try comparison.relation(of: source, to: first, content) == .near
    else { return false }
    let isBetter = comparison.isWider(source, than: first)
    let left = isBetter ? first : source
    meanings[left.tensor]?.removeAll { $0 == .parameter(parameter, left.layout) }
    if meanings[left.tensor]?.isEmpty ?? true {
      meanings[left.tensor] = [.buffer("a copy of \(parameter), rounded apart")]
    }
    if isBetter {
      sources[parameter] = source
      meanings[source.tensor, default: []].append(.parameter(parameter, source.layout))
    }
    roundedApart.insert(parameter)
    return true
  }

  /// Copies of shared parameters were rounded apart.
  private var roundedApartFinding: Finding {
    let names = roundedApart.map(\.name).sorted()
    return Finding(
      .note, code: "copies-rounded-apart",
      "\(names.count) shared parameters are there in copies that were rounded apart, or to types of "
        + "more and of less digits (\(names.firstFew)): the copy with the most digits was taken")
  }

  /// Whether a constant is one number many times, as a mask is that a converter folded.
  private static func isUniform(_ constant: GraphConstant) -> Bool {
    guard let values = constant.values, constant.tensor.shape.rank > 1 else { return false }
    return values.allSatisfy { $0 == values.first }
  }

  /// Numbers that belong to the graph and not to any model's weights.
  private mutating func addRest() {
    let graph = parts.view.graph
    // Scales of the model's own matrices are known by what they scale, whatever operator does it.
    var scales = Set(
      meanings.keys.flatMap { graph.constants[$0]?.scales ?? [] })
    for node in graph.nodes {
      switch node.operation {
      case "DequantizeLinear", "QuantizeLinear": scales.formUnion(node.inputs.dropFirst())
      case "MatMulInteger", "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized":
        scales.formUnion(node.inputs.dropFirst(2))
      default:
        if node.operation.hasPrefix("Q") { scales.formUnion(node.inputs) }
      }
    }
    for (name, constant) in graph.constants where meanings[name] == nil {
      if !constant.tensor.type.isFloatingPoint || constant.tensor.shape.count <= 1
        || scales.contains(name) || Self.isUniform(constant)
      {
        meanings[name] = [.buffer("a constant of the graph")]
      }
    }
  }

  /// What precedes the names of Hugging Face's classes in most tensors whose names end in them.
  private func prefix() -> String {
    var votes: [String: Int] = [:]
    for (parameter, source) in sources {
      let backbone = "albert."
      guard parameter.name.hasPrefix(backbone) else { continue }
      let ending = parameter.name.dropFirst(backbone.count)
      guard source.tensor.hasSuffix(ending) else { continue }
      var prefix = source.tensor.dropLast(ending.count)
      guard prefix.isEmpty || prefix.last == "." || prefix.last == "/" else { continue }
      if prefix.hasSuffix(backbone) { prefix = prefix.dropLast(backbone.count) }
      votes[String(prefix), default: 0] += 1
    }
    return votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
  }
}

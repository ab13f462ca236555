internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// Something that one layer of a graph does otherwise than the others, which no ALBERT can.
struct GraphDeviation {
  /// The layer, or another part of the model, such as `layer 2`.
  let layer: String
  /// The name of the node that does it.
  let node: String
  /// What it does, in words.
  let words: String
  /// The tensor that it takes in the place of the shared one.
  var source: GraphSource?
  /// What that tensor is, as if no layer shared any: a parameter's group is its layer.
  var parameter: Parameter?
  /// What it computes by, where that is what others have too.
  var setting: LayerSetting?
}

extension GraphAssembly {
  /// What messages call the layer of a use, numbered as stages are.
  func layer(of use: Int) -> String { "layer \(use / numbering.innerLayers)" }

  /// Adds what a block shares that has numbers of its own beside, and says of those whose they are.
  func addStray(
    _ use: Int, _ content: GraphReader.Content
  ) throws(FileError) {
    let layer = layer(of: use)
    func note(_ role: ParameterRole, _ words: String, _ source: GraphSource?) {
      let node = encoder.blocks[use].node(of: role)
      let own = numbering.ownParameter(role, of: use)
      deviations.append(
        GraphDeviation(layer: layer, node: node, words: words, source: source, parameter: own))
    }
    for (role, source) in encoder.blocks[use].parameters {
      let parameter = numbering.parameter(role, of: use)
      if let shared = purposes.sources[parameter],
        try purposes.comparison.relation(of: source, to: shared, content) == .different
      {
        note(role, "its \(parameter.name) is '\(source.tensor)', of other numbers", source)
        if purposes.byTensor[source.tensor] == nil {
          purposes.addBuffer(source.tensor, "\(layer)'s own \(parameter)")
        }
      } else if purposes.zeros.contains(parameter) {
        note(role, "it adds '\(source.tensor)' as \(parameter.name)", source)
      } else if try !purposes.leaveRoundedApart(parameter, source, content) {
        purposes.add(parameter, source)
      }
    }
    for (linear, _, bias) in encoder.blocks[use].linears where linear.bias == nil {
      let parameter = numbering.parameter(bias, of: use)
      if purposes.sources[parameter] != nil { note(bias, "it adds no \(parameter.name)", nil) }
    }
  }

  /// What the graph computes that the model which was recognised does not: it can be converted only as
  /// inexactly as that.
  var faults: [Finding] {
    var result: [Finding] = []
    func add(_ code: String, _ message: String) {
      result.add(
        .warning, code: code, message,
        remedy: "verify the graph against the model that it was made from, or export it again")
    }
    let missing = GraphContinuation(of: encoder, in: parts.view)
    if let missing { add("layers-not-recognised", missing.message(layers: numbering.groups.count)) }
    if !deviations.isEmpty {
      let list = deviations.map { deviation in
        deviation.layer + (deviation.node.isEmpty ? "" : " at the node '\(deviation.node)'")
          + ": \(deviation.words)"
      }
      add(
        "layers-disagree",
        "not all layers are alike, as an ALBERT's are, and what most do was taken: \(list.firstFew)"
      )
    }
    return result
  }

  /// Layers that do not add to a part's result what went into it.
  var residualDeviations: [GraphDeviation] {
    encoder.blocks.enumerated().flatMap { use, block in
      [
        (block.residuals.attention, block.attentionNorm, "attention"),
        (block.residuals.feedForward, block.norm, "feed-forward part"),
      ].compactMap { residual, norm, part in
        let added: String
        switch residual {
        case .own: return nil
        case .none: added = "nothing"
        case .other: added = "something else"
        }
        return GraphDeviation(
          layer: layer(of: use), node: norm.node,
          words: "it adds \(added) to its \(part)'s result in the place of what went in")
      }
    }
  }
}

extension GraphComparison {
  /// Uses, with those that share half of their matrices with a more frequent one, and hold other numbers in
  /// the rest, counted as that one; and which these are.
  ///
  /// Groups of layers share no matrix, so that such a block is one of its group with numbers that an exporter,
  /// a quantiser or a fault changed. A graph in which no two blocks are the same shares nothing at all.
  mutating func gathered(
    _ uses: [Int], _ blocks: [GraphBlock], _ content: GraphReader.Content
  ) throws(FileError) -> (uses: [Int], strays: Set<Int>) {
    let counts = Dictionary(grouping: uses.indices) { uses[$0] }
    guard counts.count > 1, counts.count < uses.count || uses.count == 2 else { return (uses, []) }
    let order = counts.keys.ordered {
      let (a, b) = (counts[$0]?.count ?? 0, counts[$1]?.count ?? 0)
      return a != b ? a > b : $0 < $1
    }
    var owners: [Int: Int] = [:]
    var kept: [Int] = []
    for use in order {
      guard let block = counts[use]?.first else { continue }
      for other in kept where owners[use] == nil {
        guard let first = counts[other]?.first else { continue }
        if try sharesMatrices(blocks[block], blocks[first], content) { owners[use] = other }
      }
      if owners[use] == nil { kept.append(use) }
    }
    guard !owners.isEmpty else { return (uses, []) }
    let gathered = uses.map { owners[$0] ?? $0 }
    var numbers: [Int: Int] = [:]
    let numbered = gathered.map { use in
      let number = numbers[use] ?? numbers.count
      numbers[use] = number
      return number
    }
    return (numbered, Set(uses.indices.filter { owners[uses[$0]] != nil }))
  }

  /// Whether two blocks share half of their matrices.
  private mutating func sharesMatrices(
    _ a: GraphBlock, _ b: GraphBlock, _ content: GraphReader.Content
  ) throws(FileError) -> Bool {
    var different = 0
    for (one, other) in zip(a.linears, b.linears) {
      let (x, y) = (GraphSource(one.0.weight), GraphSource(other.0.weight))
      if x != y, try relation(of: x, to: y, content) == .different { different += 1 }
      if different * 2 > a.linears.count { return false }
    }
    return true
  }
}

package import AlbertArchitecture
package import AlbertBytes
internal import AlbertGraphRecognition
package import AlbertTensors
internal import AlbertUpstreams

/// A graph folded into the parts of the model that it computes.
package struct GraphFold: Sendable {
  /// The nodes of one part.
  package struct Block: Sendable {
    /// What it is, such as `layer 1`; of heads the graph's output.
    package let title: String
    /// The stage that it ends with; nil of heads and of what prepares masks and shapes.
    package let stage: Stage?
    /// The value that it ends with; nil of what prepares masks and shapes.
    package let value: String?
    /// Its operators, the most frequent first.
    package let operators: [(name: String, count: Int)]
    /// The names by which its nodes are called.
    package let nodes: Set<String>
    /// The blocks whose values its nodes take, by their places.
    package let sources: [Int]
    /// The numbers of the stored tensors that it takes.
    package let parameters: Int
    /// Those of them that no block before takes.
    package let ownParameters: Int
    /// The bytes that all of them take in the file.
    package let byteCount: Int
  }

  /// The parts in the order of computation.
  package let blocks: [Block]
  /// Tensors that single layers, or the decoder, compute with in the place of shared parameters, as if no
  /// layer shared any: a parameter's group is its layer.
  package let copies: [Parameter: (tensor: String, layout: Layout)]
  /// Tensors of other numbers that single layers take in the place of shared ones, by their layer too.
  package let strays: [Parameter: (tensor: String, layout: Layout)]
  /// What single layers compute by otherwise than the others.
  package let settings: [LayerSetting]

  /// The graph of a source; nil where it states none, or is not one model.
  ///
  /// Throws where tensors that must be compared cannot be read.
  package init?(_ inspection: Inspection) throws(FileError) {
    let archive = inspection.archive
    guard let graph = archive.graph, let config = inspection.config else { return nil }
    let readings = try GraphReader.readings(of: graph, hint: inspection.partialConfig) {
      (name, body) throws(FileError) in try archive.read(name, body)
    }
    guard readings.count == 1, let reading = readings.first else { return nil }
    let values = reading.values
    copies = reading.copies.mapValues { ($0.tensor, $0.layout) }
    settings = reading.settings
    strays = reading.strays.mapValues { ($0.tensor, $0.layout) }
    var chain: [(title: String, stage: Stage, value: String)] = [
      ("embeddings", .embeddings, values.embeddings)
    ]
    if let projection = values.projection {
      chain.append(("projection", .hiddenStates(0), projection))
    }
    for layer in 0..<config.numHiddenLayers {
      let last = (layer + 1) * config.innerGroupNum - 1
      guard values.blocks.indices.contains(last) else { break }
      chain.append(("layer \(layer + 1)", .hiddenStates(layer + 1), values.blocks[last]))
    }
    var folding = GraphFolding(graph)
    blocks = folding.blocks(chain)
  }

  /// The values that are stages by the graph's structure.
  package var places: [Stage: String] {
    Dictionary(
      firstOfEach: blocks.compactMap { block in
        guard let stage = block.stage, let value = block.value else { return nil }
        return (stage, value)
      })
  }
}

/// The nodes of a graph on their way into blocks.
private struct GraphFolding {
  private let graph: OperatorGraph
  private var taken: Set<Int> = []
  private var known: Set<String> = []

  init(_ graph: OperatorGraph) {
    self.graph = graph
  }

  /// The blocks that end with the values of `chain`, then those that end with the graph's outputs.
  mutating func blocks(
    _ chain: [(title: String, stage: Stage, value: String)]
  ) -> [GraphFold.Block] {
    var parts: [(title: String, stage: Stage?, value: String?, nodes: [Int])] = []
    var preparing: [Int] = []
    var previous: String?
    for (title, stage, value) in chain {
      let nodes = newAncestors(of: value)
      let behind = previous.map(dependents)
      // Masks and shapes are made once, beside the layers that all take them.
      parts.append((title, stage, value, nodes.filter { behind?.contains($0) ?? true }))
      preparing += nodes.filter { behind?.contains($0) == false }
      previous = value
    }
    for output in graph.outputs {
      let nodes = newAncestors(of: output)
      if !nodes.isEmpty { parts.append((output, nil, output, nodes)) }
    }
    if !preparing.isEmpty { parts.insert(("masks and shapes", nil, nil, preparing), at: 0) }
    let owners = Dictionary(
      firstOfEach: parts.enumerated().flatMap { part, found in found.nodes.map { ($0, part) } })
    return parts.enumerated().map { part, found in
      let makers = found.nodes.flatMap { graph.nodes[$0].inputs }.compactMap(graph.producerIndex)
      let sources = Set(makers.compactMap { owners[$0] }).subtracting([part]).sorted()
      return block(found.title, found.stage, found.value, found.nodes, from: sources)
    }
  }

  /// The nodes that `value` is made by and that no block has yet, in order.
  private mutating func newAncestors(of value: String) -> [Int] {
    var queue = [value]
    var found: [Int] = []
    while let next = queue.popLast() {
      guard let index = graph.producerIndex(of: next), taken.insert(index).inserted else {
        continue
      }
      found.append(index)
      queue += graph.nodes[index].inputs
    }
    return found.sorted()
  }

  /// The nodes that depend on `value`.
  private func dependents(on value: String) -> Set<Int> {
    var values: Set<String> = [value]
    var result: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where node.inputs.contains(where: values.contains)
    {
      result.insert(index)
      values.formUnion(node.outputs)
    }
    return result
  }

  private mutating func block(
    _ title: String, _ stage: Stage?, _ value: String?, _ indices: [Int], from sources: [Int]
  ) -> GraphFold.Block {
    let nodes = indices.map { graph.nodes[$0] }
    var counts: [String: Int] = [:]
    for node in nodes {
      let domain = node.domain.isEmpty ? "" : "\(node.domain)."
      counts[domain + node.operation, default: 0] += 1
    }
    let constants = Set(nodes.flatMap(\.inputs)).compactMap { graph.constants[$0] }.filter {
      $0.tensor.type.isFloatingPoint && $0.tensor.shape.count > 1
    }
    let own = constants.filter { known.insert($0.tensor.name).inserted }
    func count(_ constants: [GraphConstant]) -> Int {
      constants.reduce(0) { $0 + $1.tensor.shape.count }
    }
    return GraphFold.Block(
      title: title, stage: stage, value: value,
      operators: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        (name: $0.key, count: $0.value)
      },
      nodes: Set(nodes.map { $0.name.isEmpty ? $0.outputs.first ?? "" : $0.name }),
      sources: sources,
      parameters: count(constants), ownParameters: count(own),
      byteCount: constants.reduce(0) {
        $0 + ($1.isDequantized ? ($1.tensor.shape.count * $1.bits + 7) / 8 : $1.tensor.byteCount)
      })
  }
}

package import AlbertArchitecture
package import AlbertBytes
package import AlbertTensors
package import AlbertUpstreams

/// An ALBERT that a graph computes: which tensor is which parameter, and the config that the
/// operators state.
package struct GraphReading: Sendable {
  /// What precedes the publisher's names where they survived; empty for a model of its own.
  package let prefix: String
  /// What each tensor is; one that an exporter merged with equal ones is several parameters.
  package let meanings: [String: [TensorPurpose]]
  /// Biases that the graph does not add, so that they are zero: optimisers leave those out.
  package let zeros: Set<Parameter>
  /// Everything that the graph fixes, with what was noticed.
  package let config: PartialConfig
  /// The tensor of the word embeddings, which tells one model in a file from another.
  package let anchor: String
  /// The values of the graph that are known by its structure.
  package let values: Values
  /// Other tensors that single layers, or the decoder, compute with in the place of shared parameters, as
  /// if no layer shared any: a parameter's group is its layer.
  package let copies: [Parameter: Copy]
  /// Tensors of other numbers that single layers take in the place of shared ones, by their layer too.
  package let strays: [Parameter: Copy]
  /// What single layers compute by otherwise than the others.
  package let settings: [LayerSetting]

  /// A tensor that holds a parameter.
  package struct Copy: Hashable, Sendable {
    /// The tensor's name.
    package let tensor: String
    /// How it lies.
    package let layout: Layout

    init(_ source: GraphSource) { (tensor, layout) = (source.tensor, source.layout) }
  }

  /// Values that the model goes through.
  package struct Values: Sendable {
    /// The embeddings behind their LayerNorm.
    package let embeddings: String
    /// What the projection gives, where there is one.
    package let projection: String?
    /// What each block gives, in the order of computation.
    package let blocks: [String]
  }
}

/// The search for ALBERT in a graph of operators.
///
/// Names are not relied on: exporters make up their own, transpose matrices, copy shared layers and
/// merge tensors that happen to be equal. The structure tells every role; contents tell which copies
/// are one; surviving names only break ties that structure leaves (is it two groups of one inner
/// layer, or one of two?) and give the prefix.
package enum GraphReader {
  /// Hands out the content of a tensor in windows, as `TensorArchive.read` does.
  package typealias Content = (
    _ tensor: String, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) -> Void

  /// Every ALBERT in `graph`; empty where there is none.
  ///
  /// `hint` is what a config says, for what a graph leaves open. Contents are read where they must
  /// be compared.
  package static func readings(
    of graph: OperatorGraph, hint: PartialConfig? = nil, content: Content
  ) throws(FileError) -> [GraphReading] {
    let parts = GraphParts(graph)
    var readings: [GraphReading] = []
    for embeddings in parts.embeddings {
      let encoder = parts.encoder(behind: embeddings)
      guard !encoder.blocks.isEmpty else { continue }
      let assembly = try GraphAssembly(
        parts: parts, encoder: encoder, hint: hint, content: content)
      readings.append(try assembly.reading(content: content))
    }
    return whole(readings)
  }

  /// The readings without those that another one holds, as where a graph computes a model twice: once for
  /// its head, once for its hidden states.
  private static func whole(_ readings: [GraphReading]) -> [GraphReading] {
    func isParameter(_ meaning: TensorPurpose) -> Bool {
      if case .parameter = meaning { true } else { false }
    }
    let tensors = readings.map { reading in
      Set(reading.meanings.filter { $0.value.contains(where: isParameter) }.keys)
    }
    return readings.indices.filter { index in
      !readings.indices.contains { other in
        other != index && tensors[index].isSubset(of: tensors[other])
          && (tensors[index] != tensors[other] || other < index)
      }
    }.map { readings[$0] }
  }

  /// Why no ALBERT was found, as a sentence without its full stop.
  package static func obstacle(in graph: OperatorGraph) -> String {
    let known = [
      "QAttention": "its attention is one quantised operator of onnxruntime",
      "PackedAttention": "its attention is one packed operator of onnxruntime",
      "RelativePositionBias": "its attention uses relative positions",
      "LSTM": "its layers are recurrent",
    ]
    if let sentence = unreadBlocks(in: graph) { return sentence }
    let operations = Set(graph.nodes.map(\.operation))
    if let found = known.keys.sorted().first(where: { operations.contains($0) }),
      let reason = known[found]
    {
      return "\(reason) ('\(found)')"
    }
    let parts = GraphParts(graph)
    if parts.norms.isEmpty {
      return unfollowed(in: graph) ?? "it holds no LayerNorm"
    }
    if parts.embeddings.isEmpty { return "no LayerNorm of it follows a sum of embeddings" }
    return "what follows its embeddings is no attention with a residual and a LayerNorm behind it"
  }

  /// What is said where operators lie in the graphs of a branch or loop, in which nothing is looked for.
  private static func unfollowed(in graph: OperatorGraph) -> String? {
    let holders = ["If", "Loop", "Scan"]
    return graph.nodes.first { holders.contains($0.operation) }.map {
      "it holds no LayerNorm outside the graphs within operators ('\($0.operation)'), "
        + "which are not searched"
    }
  }

  /// What is said of matrices of packed integers that were not turned back into numbers.
  private static func unreadBlocks(in graph: OperatorGraph) -> String? {
    let bits = ["MatMulNBits": "bits", "MatMulBnb4": "", "GatherBlockQuantized": "bits"]
    for node in graph.nodes {
      guard let key = bits[node.operation],
        let matrix = node.input(node.operation == "GatherBlockQuantized" ? 0 : 1),
        let constant = graph.constants[matrix], !constant.isDequantized
      else { continue }
      return
        "its matrices are quantised to blocks of \(node.integer(key) ?? 4) bits in a way that is "
        + "not read here ('\(node.operation)')"
    }
    return nil
  }
}

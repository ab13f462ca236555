internal import AlbertArchitecture
internal import AlbertTensors

/// An ALBERT's embeddings and layers, as found in a graph.
struct GraphEncoder {
  let embeddings: GraphEmbeddings
  /// nil where embeddings go straight into the first layer.
  let projection: GraphLinear?
  let blocks: [GraphBlock]

  /// The value that the last layer gives.
  var output: String { blocks.last?.output ?? projection?.value ?? embeddings.norm.value }
}

/// The embeddings of a graph: the sum of the lookups, normalised.
struct GraphEmbeddings {
  let lookups: [GraphLookup]
  let norm: GraphNorm
}

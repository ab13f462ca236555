internal import AlbertGraphs

/// Which nodes of a graph onnxruntime computes in float16 on a processor.
///
/// It has few such kernels there. Other nodes it computes in Float32, between casts of its own; of two such
/// nodes in a row no value is rounded between them. A node with a kernel is computed in Float32 too where it
/// stands alone among those (onnxruntime, insert_cast_transformer.cc, `IsIsolatedFp16NodeOnCpu`).
struct HalfPrecision {
  private let producers: [String: GraphNode]
  private let consumers: [String: [GraphNode]]
  private let outputs: Set<String>

  /// Operators that only move elements, and the few that compute in float16 (onnxruntime 1.32,
  /// docs/OperatorKernels.md).
  private static let kernels: Set<String> = [
    "Cast", "CastLike", "Concat", "Constant", "Dropout", "Expand", "Flatten", "Gather",
    "GatherElements",
    "GatherND", "Identity", "If", "LayerNormalization", "Loop", "Reshape", "Shape", "Size", "Slice",
    "Split",
    "Squeeze", "Transpose", "Unsqueeze", "DequantizeLinear", "QuantizeLinear",
    "com.microsoft.MatMulNBits", "com.microsoft.SkipLayerNormalization",
    "com.microsoft.SkipSimplifiedLayerNormalization",
  ]

  init(_ graph: Graph) {
    var producers: [String: GraphNode] = [:]
    var consumers: [String: [GraphNode]] = [:]
    for node in graph.nodes {
      for output in node.outputs where !output.isEmpty { producers[output] = node }
      for input in Set(node.inputs) where !input.isEmpty {
        consumers[input, default: []].append(node)
      }
    }
    self.producers = producers
    self.consumers = consumers
    outputs = Set(graph.outputs.map(\.name))
  }

  /// Whether a node has a kernel for float16.
  static func hasKernel(_ node: GraphNode) -> Bool { kernels.contains(node.qualifiedOperation) }

  /// Whether a node that takes these values is computed in Float32, although it has a kernel.
  func isAlone(_ node: GraphNode, _ inputs: [GraphValue?]) -> Bool {
    guard node.graphs.isEmpty, !node.outputs.contains(where: outputs.contains) else { return false }
    let makers = zip(node.inputs, inputs).compactMap { name, value in
      value?.type == .float16 ? producers[name] : nil
    }.filter { $0.operation != "Constant" }
    let takers = node.outputs.flatMap { consumers[$0] ?? [] }
    return !makers.isEmpty && !makers.contains(where: Self.hasKernel)
      && !takers.contains(where: Self.hasKernel)
  }
}

extension GraphValue {
  /// A value of float16 as precise as Float32, in which what makes it is computed.
  func roundedToSingle() -> GraphValue {
    guard type == .float16, case .numbers(let values) = storage else { return rounded() }
    return GraphValue(values.map { GraphType.float32.nearest($0) }, type, shape)
  }
}

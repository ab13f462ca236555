internal import AlbertGraphs

/// Which nodes of a graph onnxruntime computes in float16 on a processor, and where it rounds to float16.
///
/// It has few such kernels there. Other nodes it computes in Float32, between casts of its own; where such a
/// cast meets another, its own or the graph's, both are left out, and no value is rounded between the nodes.
/// A node with a kernel is computed in Float32 too where it stands alone among those (onnxruntime,
/// insert_cast_transformer.cc, `IsIsolatedFp16NodeOnCpu` and `RemoveDuplicateCastTransformer`).
struct HalfPrecision {
  private let producers: [String: GraphNode]
  private let consumers: [String: [GraphNode]]
  private let outputs: Set<String>

  /// Operators that only move elements, and the few that compute in float16, by the versions that do
  /// (the kernels that onnxruntime 1.32 registers for processors).
  private static let kernels: [String: ClosedRange<Int>] = {
    let always = [
      "Attention", "Cast", "CastLike", "Compress", "Concat", "Constant", "ConstantOfShape",
      "DequantizeLinear", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Identity",
      "If", "IsNaN", "LayerNormalization", "Loop", "Mod", "QuantizeLinear", "RMSNormalization",
      "Reshape", "ReverseSequence", "RotaryEmbedding", "Round", "Scan", "ScatterElements",
      "ScatterND", "Shape", "Shrink", "Sign", "SimplifiedLayerNormalization", "Size", "Slice",
      "Split", "Squeeze", "TensorScatter", "Transpose", "Unsqueeze",
      "com.microsoft.GatherBlockQuantized", "com.microsoft.GroupQueryAttention",
      "com.microsoft.MatMulNBits", "com.microsoft.RotaryEmbedding",
      "com.microsoft.SkipLayerNormalization", "com.microsoft.SkipSimplifiedLayerNormalization",
    ]
    let some: [String: ClosedRange<Int>] = [
      "Celu": 28...(.max), "Clip": 12...(.max), "Dropout": 7...11, "IsInf": 20...(.max),
      "Max": 12...(.max), "Min": 12...(.max), "Scatter": 9...10,
    ]
    return some.merging(always.map { ($0, 1...(.max)) }) { some, _ in some }
  }()

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
  static func hasKernel(_ node: GraphNode) -> Bool {
    kernels[node.qualifiedOperation]?.contains(node.version) ?? false
  }

  /// Whether a node is one of the graph's own casts.
  static func isCast(_ node: GraphNode) -> Bool {
    node.domain.isEmpty && (node.operation == "Cast" || node.operation == "CastLike")
  }

  /// Whether a node that takes these values takes and gives them as float16 holds them.
  func rounds(_ node: GraphNode, _ inputs: [GraphValue?]) -> (taken: Bool, given: Bool) {
    guard Self.hasKernel(node) else { return (false, false) }
    let takesHalf = inputs.contains { $0?.type == .float16 }
    guard Self.isCast(node) else {
      let rounds = !takesHalf || !isAlone(node, inputs)
      return (rounds, rounds)
    }
    let target = Self.target(of: node, inputs)
    return (
      takesHalf && castTakesRounded(node, to: target)
        && !(target == .float16 && isAlone(node, inputs)),
      target == .float16 && castGivesRounded(node, of: inputs.first??.type)
    )
  }

  private static func target(of cast: GraphNode, _ inputs: [GraphValue?]) -> GraphType? {
    guard case .integer(let code) = cast.attributes["to"] else { return inputs.last??.type }
    return GraphType(code: code)
  }

  /// Whether a node that takes these values is computed in Float32, although it has a kernel.
  private func isAlone(_ node: GraphNode, _ inputs: [GraphValue?]) -> Bool {
    guard node.graphs.isEmpty, !node.outputs.contains(where: outputs.contains) else { return false }
    let makers = zip(node.inputs, inputs).compactMap { name, value in
      value?.type == .float16 ? producers[name] : nil
    }.filter { $0.operation != "Constant" }
    let takers = node.outputs.flatMap { consumers[$0] ?? [] }
    return !makers.isEmpty && !makers.contains(where: Self.hasKernel)
      && !takers.contains(where: Self.hasKernel)
  }

  /// Whether a cast of float16 sees the rounded value: of two casts of the graph both are made, and one that
  /// the runtime put before the graph's is left out where the graph's only undoes it, or where nothing but
  /// casts takes its value.
  private func castTakesRounded(_ node: GraphNode, to target: GraphType?) -> Bool {
    let value = node.inputs[0]
    if let maker = producers[value], Self.isCast(maker) { return true }
    let isOutput = node.outputs.contains(where: outputs.contains)
    return (isOutput || target != .float32) && !isTakenByCasts(value, orOwn: true)
  }

  /// Whether a cast to float16 gives what it rounded also to nodes that are computed in Float32: what was
  /// Float32 before, those take as it was, where no other cast of the graph takes it.
  private func castGivesRounded(_ node: GraphNode, of source: GraphType?) -> Bool {
    let value = node.outputs[0]
    guard source == .float32 || source == .float16 else {
      return !isTakenByCasts(value, orOwn: false)
    }
    return (consumers[value] ?? []).contains(where: Self.isCast)
  }

  /// Whether only the runtime's casts take a value of float16, and, where `orOwn` says so, the graph's.
  private func isTakenByCasts(_ value: String, orOwn: Bool) -> Bool {
    !outputs.contains(value)
      && (consumers[value] ?? []).allSatisfy {
        !Self.hasKernel($0) || (orOwn && Self.isCast($0))
      }
  }
}

extension GraphValue {
  /// A value of float16 as precise as Float32, in which what makes it is computed.
  func roundedToSingle() -> GraphValue {
    guard type == .float16, case .numbers(let values) = storage else { return rounded() }
    return GraphValue(values.each { Double(Float($0)) }, type, shape)
  }
}

internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// How exactly a graph computes what its weights say.
struct GraphPrecision {
  /// The unit roundoff of what it does to values on the way.
  let roundoff: Double

  /// Half a step of integers of 8 bits, symmetric around 0.
  private static let byte = 0.5 / 127
  private static let word = 0.5 / 32767

  init(_ graph: Graph, _ mode: GraphMode) {
    guard mode != .unrounded else {
      roundoff = ElementType.float32.roundoff
      return
    }
    var coarsest = Self.constants(of: graph)
    let stored = Set(graph.initializers.keys)
    for node in graph.nodes {
      switch node.operation {
      case "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "MatMulInteger",
        "MatMulIntegerToFloat",
        "QGemm", "QAttention", "QEmbedLayerNormalization", "DynamicQuantizeLSTM",
        "HybridFullyConnected":
        coarsest = max(coarsest, Self.byte)
      case "QuantizeLinear":
        guard let input = node.inputs.first, !stored.contains(input) else { continue }
        let zero = node.inputs.count > 2 ? graph.initializers[node.inputs[2]]?.type : nil
        coarsest = max(coarsest, zero == .uint16 || zero == .int16 ? Self.word : Self.byte)
      case "MatMulNBits":
        if case .integer(4) = node.attributes["accuracy_level"] {
          coarsest = max(coarsest, Self.byte)
        }
      case "Cast":
        if case .integer(let code) = node.attributes["to"], let type = GraphType(code: code) {
          coarsest = max(coarsest, Self.roundoff(of: type))
        }
      default:
        if node.operation.hasPrefix("QLinear") { coarsest = max(coarsest, Self.byte) }
      }
    }
    if mode == .declared {
      let types = graph.initializers.values.map(\.type) + graph.outputs.compactMap(\.type)
      for type in types { coarsest = max(coarsest, Self.roundoff(of: type)) }
    }
    roundoff = coarsest
  }

  /// The unit roundoff of the coarsest of a graph's factors: Float32 wherever weights are, or coarser.
  static func constants(of graph: Graph) -> Double {
    var coarsest = ElementType.float32.roundoff
    func take(_ tensor: GraphTensor) {
      // Single numbers are factors and epsilons, all others are weights.
      if tensor.shape.count == 1 { coarsest = max(coarsest, roundoff(of: tensor.type)) }
    }
    graph.initializers.values.forEach(take)
    for node in graph.nodes {
      for case .tensor(let tensor) in node.attributes.values { take(tensor) }
    }
    return coarsest
  }

  private static func roundoff(of type: GraphType) -> Double {
    type.family == .numbers ? type.elementType?.roundoff ?? 0 : 0
  }
}

extension Graph {
  /// Plain operators that round numbers to integers, with how many there are of each.
  var plainRoundings: [String: Int] {
    var counts: [String: Int] = [:]
    for node in nodes {
      switch node.operation {
      case "Round", "Floor", "Ceil": counts[node.operation, default: 0] += 1
      case "Cast":
        if case .integer(let code) = node.attributes["to"], let type = GraphType(code: code),
          type.family == .integers, type.bits <= 16
        {
          counts["Cast to \(type.rawValue)", default: 0] += 1
        }
      default: break
      }
    }
    return counts
  }
}

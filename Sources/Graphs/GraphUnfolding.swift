internal import AlbertBytes
internal import AlbertTensors

extension Graph {
  /// The graph with biases as the model states them, and the names of those that were computed for it.
  ///
  /// A converter turns (x A + a) B + b into (x A) B + (B a + b), and keeps x A + a beside it for whoever
  /// else takes it. What is computed stays the same; what is stored as b is not a parameter any more.
  func unfolded(
    _ quantizations: [String: GraphQuantization]
  ) -> (graph: Graph, restored: Set<String>) {
    let products = GraphProduct.all(in: self)
    var graph = self
    var restored: Set<String> = []
    var folded: Set<String> = []
    for plain in products where plain.bias == nil {
      guard
        let whole = products.first(where: {
          $0.bias != nil && $0.input == plain.input && $0.weight == plain.weight
        }), let shift = whole.bias?.name
      else { continue }
      for next in products where next.input == plain.result {
        guard let bias = next.bias, let matrix = initializers[next.weight],
          let sum = initializers[bias.name], let added = initializers[shift],
          matrix.shape.dimensions == [sum.shape.count, added.shape.count]
        else { continue }
        let name = "\(bias.name)#restored"
        guard initializers[name] == nil else { continue }
        let quantization = quantizations[next.weight]
        let source = self
        graph.initializers[name] = GraphTensor(
          name: name, type: .float32, shape: Shape([sum.shape.count]),
          load: { () throws(FileError) in
            try source.restored(sum, matrix, quantization, added)
          })
        graph.nodes[next.node] = graph.nodes[next.node].taking(whole.result, at: 0)
        graph.nodes[bias.node] = graph.nodes[bias.node].taking(name, at: bias.input)
        restored.insert(name)
        folded.insert(bias.name)
      }
    }
    var used = Set(graph.nodes.flatMap(\.inputs))
    graph.nodes.removeAll { node in
      node.operation == "Cast" && node.inputs.allSatisfy(folded.contains)
        && !node.outputs.contains(where: used.contains)
    }
    used = Set(graph.nodes.flatMap(\.inputs))
    for name in folded where !used.contains(name) { graph.initializers[name] = nil }
    if !restored.isEmpty, let ordered = try? graph.ordered(outer: [], path: "") {
      graph.nodes = ordered
    }
    return (graph, restored)
  }

  /// b = (B a + b) - B a, summed in Float64.
  private func restored(
    _ folded: GraphTensor, _ matrix: GraphTensor, _ quantization: GraphQuantization?,
    _ added: GraphTensor
  ) throws(FileError) -> [UInt8] {
    var result = try folded.numbers()
    let shift = try added.numbers()
    let weights: [Double]
    if let quantization {
      let bytes = try quantization.dequantized(matrix, in: self, path: matrix.name)
      weights = unsafe bytes.span.bytes.doubles(of: .float32) ?? []
    } else {
      weights = try matrix.numbers()
    }
    guard weights.count == result.count * shift.count else {
      throw FileError(matrix.name, .malformed("its data end early"))
    }
    for row in result.indices {
      for column in shift.indices {
        result[row] -= weights[row * shift.count + column] * shift[column]
      }
    }
    return ElementType.float32.bytes(of: result)
  }
}

/// A product with a stored matrix [out, in] in the ways that importers say it.
private struct GraphProduct {
  /// The node of the product.
  let node: Int
  /// The value multiplied, changes of shape passed over.
  let input: String
  let weight: String
  /// The value given, the bias added where there is one.
  let result: String
  /// The stored bias, and which input of which node it is.
  var bias: (name: String, node: Int, input: Int)?

  /// All products of a graph.
  static func all(in graph: Graph) -> [GraphProduct] {
    let search = Search(graph)
    return graph.nodes.indices.compactMap { search.product($0) }
  }

  private struct Search {
    let graph: Graph
    private var producers: [String: Int] = [:]
    private var users: [String: [Int]] = [:]

    init(_ graph: Graph) {
      self.graph = graph
      for (index, node) in graph.nodes.enumerated() {
        for output in node.outputs { producers[output] = index }
        for input in Set(node.inputs) { users[input, default: []].append(index) }
      }
    }

    /// The value that `value` is, changes of shape and type passed over.
    func root(_ value: String) -> String {
      var value = value
      for _ in 0..<8 {
        guard graph.initializers[value] == nil, let index = producers[value],
          ["Reshape", "Cast", "Identity"].contains(graph.nodes[index].operation),
          let input = graph.nodes[index].inputs.first
        else { return value }
        value = input
      }
      return value
    }

    func product(_ index: Int) -> GraphProduct? {
      let node = graph.nodes[index]
      guard node.inputs.count >= 2, let output = node.outputs.first else { return nil }
      switch node.operation {
      case "Gemm":
        guard case .integer(1) = node.attributes["transB"] else { return nil }
        return make(index, root(node.inputs[1]), output, bias: 2)
      case "HybridFullyConnected": return make(index, node.inputs[1], output, bias: 3)
      case "MatMul":
        guard let turned = producers[node.inputs[1]].map({ graph.nodes[$0] }),
          turned.operation == "Transpose", let matrix = turned.inputs.first
        else { return nil }
        let only = users[output]?.count == 1 ? users[output]?.first : nil
        if let only, graph.nodes[only].operation == "Add",
          let place = graph.nodes[only].inputs.firstIndex(where: { $0 != output }),
          let sum = graph.nodes[only].outputs.first, isVector(root(graph.nodes[only].inputs[place]))
        {
          let name = root(graph.nodes[only].inputs[place])
          return make(index, root(matrix), sum, (name, only, place))
        }
        return make(index, root(matrix), output, nil)
      default: return nil
      }
    }

    private func make(
      _ index: Int, _ weight: String, _ result: String, bias: Int
    ) -> GraphProduct? {
      let node = graph.nodes[index]
      guard bias < node.inputs.count, !node.inputs[bias].isEmpty else {
        return make(index, weight, result, nil)
      }
      let name = root(node.inputs[bias])
      return isVector(name) ? make(index, weight, result, (name, index, bias)) : nil
    }

    private func make(
      _ index: Int, _ weight: String, _ result: String,
      _ bias: (name: String, node: Int, input: Int)?
    ) -> GraphProduct? {
      guard graph.initializers[weight]?.shape.rank == 2 else { return nil }
      return GraphProduct(
        node: index, input: root(graph.nodes[index].inputs[0]), weight: weight, result: result,
        bias: bias)
    }

    private func isVector(_ name: String) -> Bool {
      graph.initializers[name].map { $0.shape.rank == 1 && $0.type.family == .numbers } ?? false
    }
  }
}

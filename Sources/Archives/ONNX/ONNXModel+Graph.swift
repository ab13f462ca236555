internal import AlbertBytes
internal import AlbertTensors

extension ONNXModel {
  /// The model's metadata, and what it says of its own format under names of our own.
  var text: [String: String] {
    let sets = operatorSets.sorted { $0.key < $1.key }.map { domain, version in
      domain.isEmpty ? "\(version)" : "\(domain) \(version)"
    }
    var text = metadata
    text["onnx.ir_version"] = "\(irVersion)"
    text["onnx.opset"] = sets.joined(separator: ", ")
    if !producer.isEmpty {
      text["onnx.producer"] = producerVersion.isEmpty ? producer : "\(producer) \(producerVersion)"
    }
    return text
  }

  /// All nodes with calls of the file's own functions expanded, without `Constant` nodes, whose
  /// tensors join `constants`.
  func operators(into constants: inout ONNXConstants) throws(FileError) -> [OperatorNode] {
    var inliner = ONNXInliner(self, path: constants.path)
    try inliner.expand(graph.nodes, names: nil, arguments: [:], scope: "")
    var nodes: [OperatorNode] = []
    nodes.reserveCapacity(inliner.nodes.count)
    for node in inliner.nodes {
      if node.operation == "Constant", node.domain.isEmpty, let output = node.outputs.first {
        try constants.add(node, output: output)
        if constants.byName[output] != nil { continue }
      }
      nodes.append(node.operator)
    }
    return nodes
  }

  /// Tensors inside the bodies of conditions and loops, which are not part of the flat graph.
  var tensorsWithinNodes: Int { graph.nodes.reduce(0) { $0 + $1.tensorsWithin } }
}

extension ONNXNode {
  /// The node as a container-free value; graphs and tensors within it are named only.
  var `operator`: OperatorNode {
    var settings: [String: OperatorAttribute] = [:]
    for attribute in attributes {
      switch attribute.value {
      case .plain(let value): settings[attribute.name] = value
      case .texts: settings[attribute.name] = .other("texts")
      case .tensor: settings[attribute.name] = .other("a tensor")
      case .graph: settings[attribute.name] = .other("a graph")
      }
    }
    return OperatorNode(
      name: name, operation: operation, domain: domain, inputs: inputs, outputs: outputs,
      attributes: settings)
  }

  /// Tensors in graphs within the node, at any depth.
  fileprivate var tensorsWithin: Int {
    attributes.reduce(0) { sum, attribute in
      guard case .graph(let graph) = attribute.value else { return sum }
      return sum + graph.initializers.count + graph.nodes.reduce(0) { $0 + $1.tensorsWithin }
    }
  }
}

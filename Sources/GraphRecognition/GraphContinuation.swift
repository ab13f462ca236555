internal import AlbertTensors

/// Layers of a model that lie behind those that were recognised.
///
/// Whatever uses a matrix of a recognised layer once more is a layer too, which an exporter, an optimiser or a
/// fault changed so that it is not known again.
struct GraphContinuation {
  /// The first node that belongs to such a layer.
  let node: OperatorNode

  /// What goes on behind `encoder`; nil where nothing does.
  init?(of encoder: GraphEncoder, in view: GraphView) {
    let matrices = Set(
      encoder.blocks.flatMap { $0.linears.map(\.0.weight.tensor) })
    var behind: Set<String> = [encoder.output]
    for node in view.graph.nodes where node.inputs.contains(where: behind.contains) {
      behind.formUnion(node.outputs)
      let taken = node.inputs.map { Self.matrix($0, view) }
      if taken.contains(where: matrices.contains) {
        self.node = node
        return
      }
    }
    return nil
  }

  /// The tensor that `value` is, turned or not.
  private static func matrix(_ value: String, _ view: GraphView) -> String {
    let root = view.root(value)
    guard let node = view.graph.producer(of: root), node.operation == "Transpose",
      let input = node.input(0)
    else { return root }
    return view.root(input)
  }

  /// What is missing, as a sentence.
  func message(layers: Int) -> String {
    let name = node.name.isEmpty ? node.outputs.first ?? "" : node.name
    let known = layers == 1 ? "1 layer was" : "\(layers) layers were"
    return
      "\(known) recognised, and the graph goes on with the same weights from the node '\(name)' "
      + "(\(node.operation)) on: the layers behind it are missing here"
  }
}

internal import AlbertBytes
internal import AlbertTensors

extension TFLiteOperators {
  /// Products, and the change from integers to the numbers that they stand for.
  static let products: [String: Translation] = [
    "DEQUANTIZE": dequantize,
    "EMBEDDING_LOOKUP": lookUp,
    "FULLY_CONNECTED": fullyConnected,
    "BATCH_MATMUL": batchMatMul,
  ]

  @Sendable private static func dequantize(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let place = try graph.input(node, 0)
    let output = try graph.outputPlace(node)
    guard graph.isQuantized(place) else {
      return try graph.cast(graph.names[place], to: output)
    }
    try graph.dequantize(place, graph.names[place], to: graph.names[output])
  }

  @Sendable private static func lookUp(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let (ids, table) = (try graph.input(node, 0), try graph.input(node, 1))
    let output = try graph.output(node)
    guard graph.isQuantized(table) else {
      graph.add("Gather", [graph.names[table], graph.names[ids]], to: output)
      return
    }
    guard graph.model.values[table].scales.count == 1 else { return graph.refuse(node) }
    let rows = graph.add("Gather", [graph.names[table], graph.names[ids]])
    try graph.dequantize(table, rows, to: output)
  }

  @Sendable private static func fullyConnected(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let (x, weights) = (try graph.input(node, 0), try graph.input(node, 1))
    let bias = node.inputs.count > 2 && node.inputs[2] >= 0 ? [graph.names[node.inputs[2]]] : []
    guard node.options.small(1) == 0, !graph.isQuantized(x) else {
      return graph.refuse(node, "SHUFFLED")
    }
    let width = graph.model.values[weights].shape.last ?? 0
    let keepsAxes = node.options.flag(2)
    let output = try graph.output(node)
    try graph.activate(node, field: 0, to: output) { (graph, output) throws(FileError) in
      // Without its axes kept, the input is rows of as many elements as the weights have columns.
      let rows =
        keepsAxes
        ? graph.names[x] : graph.add("Reshape", [graph.names[x], graph.integers([-1, width])])
      if graph.isQuantized(weights) {
        let inputs = [rows, graph.names[weights], graph.scales(weights)] + bias
        let isAsymmetric = node.options.flag(3)
        graph.add(
          "HybridFullyConnected", inputs, to: output,
          ["asymmetric": .integer(isAsymmetric ? 1 : 0)], domain: TFLiteTranslation.domain)
      } else if keepsAxes {
        let turned = graph.add("Transpose", [graph.names[weights]], ["perm": .integers([1, 0])])
        let product = graph.add("MatMul", [rows, turned], to: bias.isEmpty ? output : nil)
        if !bias.isEmpty { graph.add("Add", [product] + bias, to: output) }
      } else {
        graph.add(
          "Gemm", [rows, graph.names[weights]] + bias, to: output, ["transB": .integer(1)])
      }
    }
  }

  @Sendable private static func batchMatMul(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let places = [try graph.input(node, 0), try graph.input(node, 1)]
    guard !places.contains(where: graph.isQuantized) else { return graph.refuse(node) }
    var operands: [String] = []
    for (field, place) in places.enumerated() {
      var name = graph.names[place]
      if node.options.flag(field) {
        var order = Array(0..<graph.rank(place))
        guard order.count >= 2 else { return graph.refuse(node) }
        order.swapAt(order.count - 1, order.count - 2)
        name = graph.add("Transpose", [name], ["perm": .integers(order)])
      }
      operands.append(name)
    }
    graph.add("MatMul", operands, to: try graph.output(node))
  }
}

extension TFLiteTranslation {
  /// The scales of a value's integers as a stored value: one, or one for each place of its axis.
  mutating func scales(_ place: Int) -> String {
    let scales = model.values[place].scales
    return numbers(scales, isScalar: scales.count == 1)
  }

  /// The numbers that the integers in `name`, quantised as those at `place`, stand for.
  mutating func dequantize(_ place: Int, _ name: String, to output: String) throws(FileError) {
    let value = model.values[place]
    var inputs = [name, scales(place)]
    if value.zeroPoints.contains(where: { $0 != 0 }) {
      let type = try type(place)
      guard type.bits == 8, value.zeroPoints.count == value.scales.count else {
        throw FileError(
          file.path.string, .unsupported("zero points of \(type.rawValue)"), tensor: names[place])
      }
      inputs.append(bytes(value.zeroPoints, type, isScalar: value.scales.count == 1))
    }
    add("DequantizeLinear", inputs, to: output, ["axis": .integer(value.axis)])
  }

  /// Adds a node whose result is the translation's own.
  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [String: GraphAttribute]
  ) -> String {
    add(operation, inputs, to: nil, attributes)
  }
}

internal import AlbertBytes
internal import AlbertTensors

extension TFLiteOperators {
  /// Convolutions and pools, whose channels lie behind all other axes.
  static let windows: [String: Translation] = [
    "AVERAGE_POOL_2D": pool("AveragePool"),
    "CONV_2D": { (graph, node) throws(FileError) in
      try convolve(&graph, node, activation: 3, order: [0, 3, 1, 2])
    },
    "DEPTHWISE_CONV_2D": { (graph, node) throws(FileError) in
      try convolve(&graph, node, activation: 4, order: [3, 0, 1, 2])
    },
    "MAX_POOL_2D": pool("MaxPool"),
  ]

  /// The settings that begin alike: how windows are padded and walk.
  private static func walk(_ node: TFLiteModel.Node) -> [String: GraphAttribute] {
    [
      "auto_pad": .text(node.options.small(0) == 0 ? "SAME_UPPER" : "VALID"),
      "strides": .integers([node.options.integer(2), node.options.integer(1)]),
    ]
  }

  /// What `operation` gives of the first input, with the channels where ONNX has them.
  private static func turned(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node, activation: Int,
    _ operation: String, _ inputs: [String], _ settings: [String: GraphAttribute]
  ) throws(FileError) {
    let x = try graph.first(node)
    let output = try graph.output(node)
    try graph.activate(node, field: activation, to: output) { graph, output in
      let channels = graph.add("Transpose", [x], ["perm": .integers([0, 3, 1, 2])])
      let result = graph.add(operation, [channels] + inputs, settings)
      graph.add("Transpose", [result], to: output, ["perm": .integers([0, 2, 3, 1])])
    }
  }

  /// A product over neighbours; `order` brings the axes of its weights to ONNX's.
  private static func convolve(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node, activation: Int, order: [Int]
  ) throws(FileError) {
    let (x, weights) = (try graph.input(node, 0), try graph.input(node, 1))
    let (channels, shape) = (graph.model.values[x].shape, graph.model.values[weights].shape)
    guard !graph.isQuantized(weights), channels.count == 4, shape.count == 4 else {
      return graph.refuse(node)
    }
    // A depthwise one takes each channel alone.
    let taken = order[0] == 3 ? 1 : shape[3]
    guard taken > 0, channels[3] > 0, channels[3].isMultiple(of: taken) else {
      return graph.refuse(node)
    }
    var settings = walk(node)
    let dilation = activation + 1
    settings["dilations"] = .integers(
      [dilation + 1, dilation].map { node.options.isSet($0) ? node.options.integer($0) : 1 })
    settings["group"] = .integer(channels[3] / taken)
    let turnedWeights = graph.add(
      "Transpose", [graph.names[weights]], ["perm": .integers(order)])
    let bias = node.inputs.count > 2 && node.inputs[2] >= 0 ? [graph.names[node.inputs[2]]] : []
    try turned(
      &graph, node, activation: activation, "Conv", [turnedWeights] + bias, settings)
  }

  private static func pool(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      var settings = walk(node)
      settings["kernel_shape"] = .integers([node.options.integer(4), node.options.integer(3)])
      try turned(&graph, node, activation: 5, operation, [], settings)
    }
  }
}

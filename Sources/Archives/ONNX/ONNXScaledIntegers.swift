internal import AlbertTensors

/// Finds weights of 8 bits that a graph turns into numbers with a cast and a product, and states
/// that as ONNX's `DequantizeLinear`, which computes the same.
///
/// Exporters that share a weight between many operators spell it out: onnxruntime dequantises anew
/// for every operator that takes a `DequantizeLinear`'s result, but folds this once.
enum ONNXScaledIntegers {
  /// `nodes` with every such product replaced.
  static func restated(
    _ nodes: [OperatorNode], _ constants: [String: GraphConstant]
  ) -> [OperatorNode] {
    var casts: [String: String] = [:]
    for node in nodes where node.operation == "Cast" {
      if let output = node.outputs.first, let input = node.input(0),
        let type = constants[input]?.tensor.type, type == .int8 || type == .uint8
      {
        casts[output] = input
      }
    }
    guard !casts.isEmpty else { return nodes }
    return nodes.map { restated($0, casts, constants) ?? $0 }
  }

  private static func restated(
    _ node: OperatorNode, _ casts: [String: String], _ constants: [String: GraphConstant]
  ) -> OperatorNode? {
    guard node.operation == "Mul", node.inputs.count == 2 else { return nil }
    for (cast, scale) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
      guard let integers = casts[cast], let q = constants[integers]?.tensor.shape,
        let s = constants[scale]?.tensor, s.type == .float32,
        let axis = axis(of: s.shape.dimensions, over: q.dimensions)
      else { continue }
      return OperatorNode(
        name: node.name, operation: "DequantizeLinear", inputs: [integers, scale],
        outputs: node.outputs, attributes: ["axis": .integer(axis)])
    }
    return nil
  }

  /// The one axis of `integers` along which a scale of the extents `scale` differs, 0 where it is
  /// one number; nil where they do not go together in this way.
  private static func axis(of scale: [Int], over integers: [Int]) -> Int? {
    guard scale.count <= integers.count else { return nil }
    // Missing axes are outer ones of extent 1.
    let offset = integers.count - scale.count
    let axes = scale.indices.filter { scale[$0] != 1 }
    guard axes.count <= 1 else { return nil }
    guard let axis = axes.first else { return 0 }
    return scale[axis] == integers[offset + axis] ? offset + axis : nil
  }
}

internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertConversion
internal import AlbertTensors

extension AlbertGraph {
  /// The tensors that the graph takes, in order of use, each in the canonical layout; behind one of
  /// 8-bit integers its scales, [rows, 1].
  var tensors: [OutputTensor] {
    ParameterSpec.all(config, contents).filter { weights.uses($0.parameter) }.flatMap { spec in
      let parameter = spec.parameter
      let type = weights.type(parameter)
      let tensor = TensorDescription(name: spec.name, type: type, shape: spec.shape)
      guard type == .int8, let rows = spec.shape.dimensions.first else {
        return [OutputTensor(tensor, .parameter(parameter, .canonical))]
      }
      let scales = TensorDescription(
        name: ONNXWeights.scale(of: parameter), type: .float32, shape: Shape([rows, 1]))
      return [
        OutputTensor(tensor, .integers(parameter, .canonical)),
        OutputTensor(scales, .scales(parameter)),
      ]
    }
  }

  /// The whole model, written by `tool`, such as `albert 1.0.0`.
  func model(
    by tool: String, metadata: [(key: String, value: String)] = []
  ) -> ONNXModelDescription {
    let words = tool.split(separator: " ", maxSplits: 1)
    var model = ONNXModelDescription(
      name: "albert", producer: words.first.map(String.init) ?? tool,
      producerVersion: words.count > 1 ? String(words[1]) : "", metadata: metadata)
    model.nodes = g.nodes
    model.inputs = inputs
    model.outputs = outputs
    model.constants = g.constants
    model.tensors = tensors.map(\.tensor)
    return model
  }
}

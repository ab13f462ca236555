internal import AlbertBytes

/// What the expansion of functions may make: a little more than the file itself states.
///
/// A function of a few bytes can call others that call others, each with thousands of values, so what
/// is made is counted in bytes of memory: nodes, names, and the values of constants. Every step makes
/// something, so the steps are bounded too.
struct ONNXExpansionBudget {
  private let most: Int
  private var spent = 0
  private let path: String

  /// The layers of the largest ALBERT, one call each, take a tenth of this.
  private static let allowance = 16 << 20

  /// A budget for a file whose graph and functions are `stated`.
  init(stated model: ONNXModel, path: String) {
    let functions = model.functions.values.reduce(0) { sum, function in
      sum + function.signatureSize + function.nodes.reduce(0) { $0 + $1.memorySize }
    }
    let nodes = model.graph.nodes.reduce(0) { $0 + $1.memorySize }
    most = Self.allowance + 4 * (functions + nodes)
    self.path = path
  }

  /// Takes `size` bytes; throws where there are not as many left.
  mutating func spend(_ size: Int) throws(FileError) {
    spent += size
    try FileError.limit(
      spent, "the number of bytes in the graph with functions expanded", most: most, in: path,
      remedy: "export the model without functions, or inline them with onnx.inliner")
  }
}

extension ONNXFunction {
  /// The bytes of memory that a call's table of names takes.
  var signatureSize: Int {
    64 + inputs.memorySize + outputs.memorySize + 96 * (inputs.count + defaults.count)
  }
}

extension ONNXNode {
  /// The bytes of memory that the node takes, without the data of its tensors.
  var memorySize: Int {
    attributes.reduce(160 + name.utf8.count + inputs.memorySize + outputs.memorySize) {
      $0 + $1.memorySize
    }
  }
}

extension ONNXAttribute {
  /// Attributes are shared by all copies of a node, but for the values of small constants and for graphs.
  fileprivate var memorySize: Int {
    switch value {
    case .tensor(let tensor):
      96 + MemoryLayout<Double>.size * min(tensor.shape.count, ONNXConstants.maxIntegerBytes)
    case .plain(.integers(let values)): 96 + MemoryLayout<Double>.size * values.count
    case .plain(.numbers(let values)): 96 + MemoryLayout<Double>.size * values.count
    case .texts(let values): 96 + values.memorySize
    case .graph(let graph):
      96 + graph.inputs.memorySize + graph.outputs.memorySize + 160 * graph.initializers.count
        + graph.nodes.reduce(0) { $0 + $1.memorySize }
    case .plain: 96
    }
  }
}

extension [String] {
  /// The bytes of memory of texts; up to 15 bytes lie in the text itself.
  fileprivate var memorySize: Int {
    reduce(0) { $0 + ($1.utf8.count < 16 ? 16 : 48 + $1.utf8.count) }
  }
}

internal import AlbertTensors

/// What an ONNX file states, without the tensors' data.
struct ONNXModel {
  /// The version of the file format.
  var irVersion = 0
  /// The version of each operator set, by domain; empty for ONNX's own.
  var operatorSets: [String: Int] = [:]
  /// The exporter and its version.
  var producer = ""
  var producerVersion = ""
  /// Text that the file carries about itself.
  var metadata: [String: String] = [:]
  var graph = ONNXGraph()
  /// Operators that the file defines itself, by domain, name and overload.
  var functions: [ONNXFunction.Key: ONNXFunction] = [:]
}

/// A graph, the model's own or one within a node.
struct ONNXGraph {
  var nodes: [ONNXNode] = []
  var initializers: [ONNXTensor] = []
  var inputs: [String] = []
  var outputs: [String] = []
}

/// An operator that is defined in the file by other operators.
struct ONNXFunction {
  struct Key: Hashable {
    var domain = ""
    var name = ""
    var overload = ""
  }

  var key = Key()
  var inputs: [String] = []
  var outputs: [String] = []
  var nodes: [ONNXNode] = []
  /// Attributes that have a default.
  var defaults: [ONNXAttribute] = []
}

/// A call of an operator.
struct ONNXNode {
  var name = ""
  var operation = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  var attributes: [ONNXAttribute] = []

  /// The function that the node calls, if the file defines one of that name.
  var key: ONNXFunction.Key {
    ONNXFunction.Key(domain: domain, name: operation, overload: overload)
  }
}

/// A setting of a node.
struct ONNXAttribute {
  enum Value {
    case plain(OperatorAttribute)
    case tensor(ONNXTensor)
    case graph(ONNXGraph)
  }

  var name = ""
  var value = Value.plain(.other("nothing"))
  /// In a function: the caller's attribute that is meant.
  var reference: String?
}

/// A tensor: what it is and where its data lie.
struct ONNXTensor {
  /// Where the elements are stated.
  enum Data {
    /// Nowhere; only a tensor without elements does this.
    case none
    /// Little-endian bytes in the file.
    case raw(Range<Int>)
    /// In the typed repeated field `field` of the tensor's message, which fills `message`.
    case typed(field: Int, message: Range<Int>)
    /// In a file of its own.
    case external(ONNXExternalData)
  }

  var name = ""
  /// The element type's code in the file.
  var code = 0
  var shape = Shape([])
  var data = Data.none
  /// Where the tensor is described, for errors.
  var offset = 0

  var type: ElementType { ONNXElementType.type(of: code) }

  var description: TensorDescription { TensorDescription(name: name, type: type, shape: shape) }
}

/// Where in which other file a tensor's data lie.
struct ONNXExternalData {
  var location = ""
  var offset = 0
  var length: Int?
  /// The SHA-1 of the whole file, where the model states one.
  var checksum: String?
}

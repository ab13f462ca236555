package import AlbertTensors

/// What an ONNX file states, without the tensors' data.
package struct ONNXModel: Sendable {
  /// The version of the file format.
  package var irVersion = 0
  /// The version of each operator set, by domain; empty for ONNX's own.
  package var operatorSets: [String: Int] = [:]
  /// The exporter and its version.
  package var producer = ""
  package var producerVersion = ""
  /// Text that the file carries about itself.
  package var metadata: [String: String] = [:]
  package var graph = ONNXGraph()
  /// Operators that the file defines itself, by domain, name and overload.
  package var functions: [ONNXFunction.Key: ONNXFunction] = [:]
}

/// A graph, the model's own or one within a node.
package struct ONNXGraph: Sendable {
  package var nodes: [ONNXNode] = []
  package var initializers: [ONNXTensor] = []
  /// What goes in, without tensors that the file holds.
  package var inputs: [String] = []
  package var outputs: [String] = []
  /// What the file says of values, by name.
  package var values: [String: ONNXValueStatement] = [:]

  package init() {}
}

/// What a file says of a value's type and shape.
package struct ONNXValueStatement: Sendable {
  /// The element type's code; nil where none is stated, or the value is not a tensor.
  package var code: Int?
  /// Extents, each a number, a name, or neither; nil where no shape is stated.
  package var extents: [(size: Int?, name: String?)]?
  /// The kind of a value that is not a tensor, such as a sequence.
  package var otherKind: String?
}

/// An operator that is defined in the file by other operators.
package struct ONNXFunction: Sendable {
  package struct Key: Hashable, Sendable {
    package var domain = ""
    package var name = ""
    package var overload = ""
  }

  package var key = Key()
  package var inputs: [String] = []
  package var outputs: [String] = []
  package var nodes: [ONNXNode] = []
  /// The versions of operators that its nodes mean, by domain.
  package var operatorSets: [String: Int] = [:]
  /// Attributes that have a default.
  package var defaults: [ONNXAttribute] = []
}

/// A call of an operator.
package struct ONNXNode: Sendable {
  package var name = ""
  package var operation = ""
  package var domain = ""
  package var overload = ""
  package var inputs: [String] = []
  package var outputs: [String] = []
  package var attributes: [ONNXAttribute] = []
  /// The version of the operator's domain, where a function states one of its own.
  package var version: Int?

  /// The function that the node calls, if the file defines one of that name.
  package var key: ONNXFunction.Key {
    ONNXFunction.Key(domain: domain, name: operation, overload: overload)
  }
}

/// A setting of a node.
package struct ONNXAttribute: Sendable {
  package enum Value: Sendable {
    case plain(OperatorAttribute)
    case texts([String])
    case tensor(ONNXTensor)
    case graph(ONNXGraph)
  }

  package var name = ""
  package var value = Value.plain(.other("nothing"))
  /// In a function: the caller's attribute that is meant.
  package var reference: String?
}

/// A tensor: what it is and where its data lie.
package struct ONNXTensor: Sendable {
  /// Where the elements are stated.
  package enum Data: Sendable {
    /// Nowhere; only a tensor without elements does this.
    case none
    /// Little-endian bytes in the file.
    case raw(Range<Int>)
    /// In the typed repeated field `field` of the tensor's message, which fills `message`.
    case typed(field: Int, message: Range<Int>)
    /// In a file of its own.
    case external(ONNXExternalData)
  }

  package var name = ""
  /// The element type's code in the file.
  package var code = 0
  package var shape = Shape([])
  package var data = Data.none
  /// Where the tensor is described, for errors.
  package var offset = 0
  /// Whether the elements are bytes that smaller integers are packed in, with or without a sign.
  var isPacked = false

  package var type: ElementType { ONNXElementType.type(of: code) }

  package var description: TensorDescription {
    TensorDescription(name: name, type: type, shape: shape)
  }
}

/// Where in which other file a tensor's data lie.
package struct ONNXExternalData: Sendable {
  package var location = ""
  package var offset = 0
  package var length: Int?
  /// The SHA-1 of the whole file, where the model states one.
  package var checksum: String?
}

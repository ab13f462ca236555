internal import AlbertBytes
package import AlbertTensors

/// An ONNX model to be written: operators over named values, and the tensors that they take.
///
/// It holds no tensor's bytes, and says nothing of where they go: see `ONNXLayout` and
/// `ONNXExternalLayout`.
package struct ONNXModelDescription: Sendable {
  /// The graph's name, which ONNX demands.
  package var name: String
  /// The program that writes the file.
  package var producer: String
  /// Its version.
  package var producerVersion: String
  /// Text that the file carries about itself, in the order in which it is written.
  package var metadata: [(key: String, value: String)]
  /// Operators, each behind those whose results it takes; ONNX's own domain only.
  package var nodes: [OperatorNode] = []
  /// Values that whoever runs the graph supplies.
  package var inputs: [ONNXValue] = []
  /// Values that the graph gives back.
  package var outputs: [ONNXValue] = []
  /// Numbers that belong to the graph itself.
  package var constants: [ONNXConstant] = []
  /// Weights, by the name of the value that each one is.
  package var tensors: [TensorDescription] = []

  /// The version of the file format: onnxruntime reads it from 1.10 on.
  package static let irVersion = 8
  /// The version of the operators: the first with LayerNormalization, onnxruntime's from 1.12 on.
  package static let operatorSet = 17

  /// An empty graph.
  package init(
    name: String, producer: String, producerVersion: String,
    metadata: [(key: String, value: String)] = []
  ) {
    self.name = name
    self.producer = producer
    self.producerVersion = producerVersion
    self.metadata = metadata
  }
}

/// What goes into a graph or comes out of it.
package struct ONNXValue: Sendable {
  /// One extent of a value.
  package enum Extent: Sendable {
    case fixed(Int)
    /// Any, but the same wherever the name stands.
    case named(String)
  }

  /// Its name.
  package let name: String
  /// Its element type.
  package let type: ElementType
  /// Its extents, outermost axis first.
  package let extents: [Extent]

  /// Describes a value.
  package init(name: String, type: ElementType, extents: [Extent]) {
    self.name = name
    self.type = type
    self.extents = extents
  }
}

/// Numbers that are part of a graph: a factor, a shape, an axis.
package struct ONNXConstant: Sendable {
  /// Name, element type and shape.
  package let tensor: TensorDescription
  /// The elements, little-endian.
  package let bytes: [UInt8]

  /// A number without axes.
  package init(name: String, _ value: Float) {
    tensor = TensorDescription(name: name, type: .float32, shape: Shape([]))
    bytes = [UInt8](littleEndian: UInt64(value.bitPattern), count: 4)
  }

  /// An integer without axes.
  package init(name: String, _ value: Int) {
    tensor = TensorDescription(name: name, type: .int64, shape: Shape([]))
    bytes = [UInt8](littleEndian: UInt64(bitPattern: Int64(value)), count: 8)
  }

  /// A list of integers.
  package init(name: String, _ values: [Int]) {
    tensor = TensorDescription(name: name, type: .int64, shape: Shape([values.count]))
    bytes = values.flatMap { [UInt8](littleEndian: UInt64(bitPattern: Int64($0)), count: 8) }
  }
}

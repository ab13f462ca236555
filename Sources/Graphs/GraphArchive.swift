internal import AlbertArchives
package import AlbertBytes
package import AlbertTensors

/// The tensors of a graph as the numbers that they stand for, and its operators as the graph over them.
///
/// So a model is recognised in any format of graphs.
package struct GraphArchive: TensorArchive {
  /// The container's word for its format.
  package let format: String
  /// All files that belong to the graph.
  package let files: [SourceFile]
  /// All stored tensors, by name.
  package let tensors: [TensorDescription]
  /// The operators over them.
  package let graph: OperatorGraph?
  /// What a user should know of the file.
  package var notes: [ArchiveNote] { model.notes }

  private let model: GraphModel
  /// The graph as it is recognised, with all stored tensors.
  private let stated: Graph
  private let quantizations: [String: GraphQuantization]

  /// What stands in the place of a container that lists no tensors because only its graph does; nil for
  /// any other container.
  ///
  /// Throws where the graph cannot be read.
  package init?(inPlaceOf archive: any TensorArchive) throws(FileError) {
    guard archive.graph == nil, archive.tensors.isEmpty, let file = archive.files.first,
      GraphRegistry.isFormat(archive.format)
    else { return nil }
    try self.init(try GraphRegistry.open(file.path))
  }

  /// A graph's tensors, of which only small ones are read.
  ///
  /// Throws where two nodes give one value, or small tensors cannot be read.
  package init(_ model: GraphModel) throws(FileError) {
    self.model = model
    format = model.format
    files = model.files
    let path = model.path
    let found = GraphQuantization.find(in: model.graph)
    quantizations = found
    let (stated, restored) = model.graph.unfolded(found)
    self.stated = stated
    var constants = GraphConstants(files: model.files)
    var tensors: [TensorDescription] = []
    for (name, tensor) in stated.initializers.sorted(by: { $0.key < $1.key }) {
      let constant = try constants.constant(
        name, tensor, found[name], isRestored: restored.contains(name), path: path)
      constants.byName[name] = constant
      tensors.append(constant.tensor)
    }
    self.tensors = tensors
    graph = OperatorGraph(
      nodes: stated.nodes.map(\.operator), inputs: stated.inputs.map(\.name),
      outputs: stated.outputs.map(\.name), constants: constants.byName)
    guard graph != nil else {
      throw FileError(path, .malformed("two nodes give values of one name"))
    }
  }

  /// Hands the numbers of the tensor `name` to `body`.
  package func read(
    _ name: String, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let bytes = try bytes(of: name)
    try unsafe body(bytes.span.bytes)
  }

  private func bytes(of name: String) throws(FileError) -> [UInt8] {
    guard let tensor = stated.initializers[name] else {
      throw FileError(model.path, .missing("tensor '\(name)'"))
    }
    if let quantization = quantizations[name] {
      return try quantization.dequantized(tensor, in: model.graph, path: model.path)
    }
    guard tensor.type.elementType != nil else {
      throw FileError(
        model.path, .unsupported("a tensor of \(tensor.type.rawValue)"), tensor: name)
    }
    return try tensor.bytes()
  }

  /// Checks that no file has changed.
  package func finish() throws(FileError) { try model.finish() }
}

/// The constants of a graph, the values of small ones read.
private struct GraphConstants {
  var byName: [String: GraphConstant] = [:]
  private var kept = 0
  /// Small tensors may lie at one place, so that a small file could hold many of them.
  private let most: Int

  /// Bytes up to which the values of integers are kept: shapes, axes, tables of positions.
  private static let maxIntegerBytes = 1 << 13
  /// Numbers up to which values are kept: factors and epsilons, but no weights.
  private static let maxFloats = 64

  init(files: [SourceFile]) {
    most = files.reduce(1 << 20) { $0 + $1.size }
  }

  /// What recognition sees of a stored tensor.
  mutating func constant(
    _ name: String, _ tensor: GraphTensor, _ quantization: GraphQuantization?, isRestored: Bool,
    path: String
  ) throws(FileError) -> GraphConstant {
    if isRestored {
      return GraphConstant(
        tensor: TensorDescription(name: name, type: .float32, shape: tensor.shape), values: nil,
        isRestored: true)
    }
    if let quantization {
      let description = TensorDescription(
        name: name, type: .float32, shape: Self.shape(tensor.shape, .float32))
      return GraphConstant(
        tensor: description, values: nil, isDequantized: true, scales: quantization.scales,
        bits: tensor.type.bits)
    }
    let type = tensor.type.elementType ?? .opaque
    let description = TensorDescription(
      name: name, type: type, shape: Self.shape(tensor.shape, type))
    let isSmall =
      type.isFloatingPoint
      ? tensor.shape.count <= Self.maxFloats : description.byteCount <= Self.maxIntegerBytes
    guard isSmall, type != .opaque else {
      return GraphConstant(tensor: description, values: nil)
    }
    kept += description.byteCount
    guard kept <= most else {
      throw FileError(
        path, .limit(of: "the number of bytes in all small tensors", value: kept, most: most),
        tensor: name)
    }
    let bytes = try tensor.bytes()
    return unsafe GraphConstant(tensor: description, values: bytes.span.bytes.doubles(of: type))
  }

  /// A matrix with axes of one place before it is the matrix: converters fold lookups into such.
  private static func shape(_ shape: Shape, _ type: ElementType) -> Shape {
    guard type.isFloatingPoint, shape.rank > 2, shape.dimensions.dropLast(2).allSatisfy({ $0 == 1 })
    else { return shape }
    return Shape(Array(shape.dimensions.suffix(2)))
  }
}

extension GraphNode {
  /// The node as recognition sees it; graphs and tensors within it are named only.
  fileprivate var `operator`: OperatorNode {
    OperatorNode(
      name: name, operation: operation, domain: domain, inputs: inputs, outputs: outputs,
      attributes: attributes.mapValues { value in
        switch value {
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .text(let value): .text(value)
        case .integers(let values): .integers(values)
        case .numbers(let values): .numbers(values)
        case .texts: .other("texts")
        case .tensor: .other("a tensor")
        case .graph: .other("a graph")
        case .other(let what): .other(what)
        }
      })
  }
}

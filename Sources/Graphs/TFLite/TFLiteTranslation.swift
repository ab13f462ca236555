internal import AlbertArchives
internal import AlbertBytes
internal import AlbertTensors

/// A graph in the making: nodes of ONNX's operators for those of TensorFlow Lite.
struct TFLiteTranslation {
  /// The version of ONNX's operators that is meant.
  static let version = 21
  /// The domain of what has no operator of ONNX.
  static let domain = "tflite"

  let model: TFLiteModel
  let file: SourceFile
  private(set) var names: [String] = []
  private(set) var nodes: [GraphNode] = []
  private(set) var initializers: [String: GraphTensor] = [:]
  /// How many values were made beside those of the file.
  private var made = 0
  private var used: Set<String> = []

  init(_ model: TFLiteModel, _ file: SourceFile) throws(FileError) {
    self.model = model
    self.file = file
    let inputs = Set(model.inputs)
    for place in model.values.indices {
      // A caller's name comes first; two values of one name are told apart by their place.
      let wanted =
        model.names[place] ?? Self.argument(model.values[place].name, inputs.contains(place))
      let name = wanted.isEmpty || used.contains(wanted) ? "\(wanted)#\(place)" : wanted
      guard used.insert(name).inserted else {
        throw FileError(file.path.string, .malformed("two values have the name '\(name)'"))
      }
      names.append(name)
    }
  }

  /// The name that a caller knows an input by: without a signature of its own, a model of TensorFlow has
  /// it within the name of its placeholder, as `serving_default_input_ids:0`.
  private static func argument(_ name: String, _ isInput: Bool) -> String {
    let prefix = "serving_default_"
    guard isInput, name.hasPrefix(prefix), name.hasSuffix(":0") else { return name }
    return String(name.dropFirst(prefix.count).dropLast(2))
  }

  /// The whole graph.
  mutating func graph() throws(FileError) -> Graph {
    for place in model.values.indices where isStored(place) {
      initializers[names[place]] = try tensor(place)
    }
    for node in model.nodes { try translate(node) }
    var graph = Graph(
      nodes: nodes, inputs: try ports(model.inputs), outputs: try ports(model.outputs),
      initializers: initializers)
    graph.nodes = try graph.ordered(outer: [], path: file.path.string)
    return graph
  }

  /// Where stored values lie in the file.
  var ranges: TensorRanges {
    var ranges = TensorRanges()
    for place in model.values.indices where isStored(place) {
      ranges.add(names[place], model.buffers[model.values[place].buffer], elementSize: 1)
    }
    return ranges
  }

  // MARK: Values

  /// Whether a value's data are in the file.
  func isStored(_ place: Int) -> Bool {
    let buffer = model.values[place].buffer
    return buffer > 0 && buffer < model.buffers.count && !model.buffers[buffer].isEmpty
  }

  /// The element type of a value.
  func type(_ place: Int) throws(FileError) -> GraphType {
    let code = model.values[place].code
    guard let type = Self.types[code] else {
      throw FileError(
        file.path.string, .unsupported("TensorFlow Lite's element type \(code)"),
        tensor: names[place])
    }
    return type
  }

  /// Element types by their codes (schema.fbs, `TensorType`).
  static let types: [Int: GraphType] = [
    0: .float32, 1: .float16, 2: .int32, 3: .uint8, 4: .int64, 5: .string, 6: .bool, 7: .int16,
    8: .complex64, 9: .int8, 10: .float64, 11: .complex128, 12: .uint64, 15: .uint32, 16: .uint16,
    17: .int4, 18: .bfloat16,
  ]

  private func tensor(_ place: Int) throws(FileError) -> GraphTensor {
    let value = model.values[place]
    guard !value.isSparse else {
      throw FileError(
        file.path.string, .unsupported("a sparse tensor"), tensor: names[place],
        remedy: "convert the model again without sparsity")
    }
    let range = model.buffers[value.buffer]
    guard let shape = Shape(checking: value.shape) else {
      throw FileError(
        file.path.string, .malformed("a tensor has the shape \(value.shape)"), tensor: names[place])
    }
    let file = file
    let tensor = GraphTensor(
      name: names[place], type: try type(place), shape: shape,
      load: { () throws(FileError) in
        try file.bytes(at: range.lowerBound, count: range.count, what: "a tensor's data")
      })
    guard tensor.type == .string || tensor.byteCount == range.count else {
      throw FileError(
        file.path.string,
        .mismatch(
          of: "the bytes of \(tensor.type.rawValue) \(shape)", expected: "\(tensor.byteCount)",
          found: "\(range.count)"), offset: range.lowerBound, tensor: names[place])
    }
    return tensor
  }

  private func ports(_ places: [Int]) throws(FileError) -> [GraphPort] {
    var ports: [GraphPort] = []
    for place in places where place >= 0 {
      let value = model.values[place]
      let extents = value.signature.isEmpty ? value.shape : value.signature
      ports.append(
        GraphPort(
          name: names[place], type: try type(place),
          extents: extents.map { $0 < 0 ? .unknown : .fixed($0) }))
    }
    return ports
  }

  /// The integers that a stored value holds; nil where it is not stored.
  func constants(_ place: Int) throws(FileError) -> [Int]? {
    guard place >= 0, isStored(place), let tensor = initializers[names[place]] else { return nil }
    let bytes = try tensor.bytes()
    switch tensor.type {
    case .int32:
      return (0..<tensor.shape.count).map { index in
        Int(Int32(truncatingIfNeeded: Self.bits(bytes, 4 * index, 4)))
      }
    case .int64:
      return (0..<tensor.shape.count).map { index in
        Int(Int64(bitPattern: Self.bits(bytes, 8 * index, 8)))
      }
    default: return nil
    }
  }

  private static func bits(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }

  /// Whether a value is integers that stand for numbers.
  func isQuantized(_ place: Int) -> Bool {
    guard place >= 0, [3, 7, 9, 17].contains(model.values[place].code) else { return false }
    return !model.values[place].scales.isEmpty
  }

  // MARK: Making

  /// A name for a value of the translation's own.
  mutating func fresh(_ base: String) -> String {
    made += 1
    var name = "\(base)/\(made)"
    while !used.insert(name).inserted { name += "'" }
    return name
  }

  /// Adds a node and returns its result's name, which is made where none is given.
  @discardableResult
  mutating func add(
    _ operation: String, _ inputs: [String], to output: String? = nil,
    _ attributes: [String: GraphAttribute] = [:], domain: String = ""
  ) -> String {
    let output = output ?? fresh(operation)
    nodes.append(
      GraphNode(
        operation: operation, domain: domain, version: domain.isEmpty ? Self.version : 1,
        inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }

  /// Adds a node of several results.
  mutating func add(
    _ operation: String, _ inputs: [String], results: [String],
    _ attributes: [String: GraphAttribute] = [:], domain: String = ""
  ) {
    nodes.append(
      GraphNode(
        operation: operation, domain: domain, version: domain.isEmpty ? Self.version : 1,
        inputs: inputs, outputs: results, attributes: attributes))
  }

  /// A list of integers as a stored value.
  mutating func integers(_ values: [Int]) -> String {
    store(.int64, Shape([values.count]), values.map { UInt64(bitPattern: Int64($0)) }, size: 8)
  }

  /// Numbers as a stored value; with no axis where `isScalar`.
  mutating func numbers(_ values: [Float], isScalar: Bool = false) -> String {
    store(
      .float32, isScalar ? Shape([]) : Shape([values.count]),
      values.map { UInt64($0.bitPattern) }, size: 4)
  }

  /// Integers of one byte as a stored value.
  mutating func bytes(_ values: [Int64], _ type: GraphType, isScalar: Bool) -> String {
    store(
      type, isScalar ? Shape([]) : Shape([values.count]), values.map { UInt64(bitPattern: $0) },
      size: 1)
  }

  private mutating func store(
    _ type: GraphType, _ shape: Shape, _ values: [UInt64], size: Int
  ) -> String {
    let name = fresh("constant")
    let bytes = values.flatMap { [UInt8](littleEndian: $0, count: size) }
    initializers[name] = GraphTensor(
      name: name, type: type, shape: shape, load: { () throws(FileError) in bytes })
    return name
  }

  /// A value of sizes, axes or places as ONNX takes it: of 64 bits.
  mutating func wide(_ place: Int) throws(FileError) -> String {
    try type(place) == .int64 ? names[place] : add("Cast", [names[place]], nil, code(.int64))
  }

  private func code(_ type: GraphType) -> [String: GraphAttribute] { ["to": .integer(type.code)] }

  private mutating func add(
    _ operation: String, _ inputs: [String], _ output: String?,
    _ attributes: [String: GraphAttribute]
  ) -> String {
    add(operation, inputs, to: output, attributes)
  }

  /// The number of axes of a value, as the converter knew it.
  func rank(_ place: Int) -> Int { model.values[place].shape.count }
}

internal import AlbertBytes
internal import AlbertTensors

/// The tensors and constants of a graph, by the name of their value.
struct ONNXConstants {
  /// Stored tensors: initializers, and constants of floats that are more than a number.
  private(set) var tensors: [ONNXTensor] = []
  /// All, with the values of small ones.
  private(set) var byName: [String: GraphConstant] = [:]
  private let file: SourceFile
  private let external: ONNXExternalFiles
  /// Bytes of data whose values were kept.
  private var kept = 0

  /// The path that errors name.
  var path: String { file.path.string }

  /// Bytes up to which the values of integers are kept: shapes, axes, and tables of positions.
  static let maxIntegerBytes = 1 << 13
  /// Floats up to which values are kept: factors and epsilons, but no weights.
  static let maxFloats = 64
  /// Bytes that small tensors may take beyond the files: constants of functions count at each call.
  private static let spareBytes = 1 << 20

  /// The bytes of all files, and some to spare.
  var allBytes: Int { ([file] + external.files).reduce(Self.spareBytes) { $0 + $1.size } }

  /// The data of a tensor.
  func data(of tensor: ONNXTensor) throws(FileError) -> ONNXTensorData {
    try external.data(of: tensor, file)
  }

  init(file: SourceFile, external: ONNXExternalFiles) {
    self.file = file
    self.external = external
  }

  /// Adds an initializer.
  mutating func add(_ tensor: ONNXTensor) throws(FileError) {
    try insert(tensor, values: try values(of: tensor))
    tensors.append(tensor)
  }

  /// Gives tensors other shapes of as many elements.
  mutating func give(_ shapes: [String: Shape]) {
    for index in tensors.indices {
      guard let shape = shapes[tensors[index].name] else { continue }
      tensors[index].shape = shape
      byName[tensors[index].name] = GraphConstant(
        tensor: tensors[index].description, values: byName[tensors[index].name]?.values)
    }
  }

  /// Adds what a `Constant` node gives under the name `output`.
  mutating func add(_ node: ONNXNode, output: String) throws(FileError) {
    for attribute in node.attributes {
      switch (attribute.name, attribute.value) {
      case ("value", .tensor(var tensor)):
        tensor.name = output
        try insert(tensor, values: try values(of: tensor))
        if tensor.type.isFloatingPoint || tensor.type.size == 1 || tensor.smallType != nil,
          tensor.shape.count > 1
        {
          tensors.append(tensor)
        }
      case ("value_int", .plain(.integer(let value))):
        try insert(output, .int64, [], [Double(value)])
      case ("value_float", .plain(.number(let value))):
        try insert(output, .float32, [], [value])
      case ("value_ints", .plain(.integers(let values))):
        try insert(output, .int64, [values.count], values.map(Double.init))
      case ("value_floats", .plain(.numbers(let values))):
        try insert(output, .float32, [values.count], values)
      default: break
      }
    }
  }

  private mutating func insert(
    _ name: String, _ type: ElementType, _ dimensions: [Int], _ values: [Double]
  ) throws(FileError) {
    let shape = Shape(dimensions)
    var tensor = ONNXTensor()
    tensor.name = name
    tensor.shape = shape
    let description = TensorDescription(name: name, type: type, shape: shape)
    try insert(tensor, GraphConstant(tensor: description, values: values))
  }

  private mutating func insert(_ tensor: ONNXTensor, values: [Double]?) throws(FileError) {
    try insert(tensor, GraphConstant(tensor: tensor.description, values: values))
  }

  private mutating func insert(
    _ tensor: ONNXTensor, _ constant: GraphConstant
  ) throws(FileError) {
    guard byName.updateValue(constant, forKey: tensor.name) == nil else {
      throw FileError(
        path, .malformed("two tensors have one name"), offset: tensor.offset,
        tensor: tensor.name)
    }
  }

  /// The elements of a small tensor.
  ///
  /// Throws where small tensors hold more than the files do: many may claim one place.
  private mutating func values(of tensor: ONNXTensor) throws(FileError) -> [Double]? {
    let description = tensor.description
    let isSmall =
      tensor.type.isFloatingPoint
      ? description.shape.count <= Self.maxFloats
      : description.byteCount <= Self.maxIntegerBytes
    guard isSmall, tensor.type != .opaque else { return nil }
    var data = try self.data(of: tensor)
    // The weights may be large, and opening reads none of them; who reads them all checks them.
    data.check = nil
    kept += description.byteCount
    let most = allBytes
    try FileError.limit(
      kept, "the number of bytes in all small tensors", most: most, in: path, offset: tensor.offset,
      tensor: tensor.name)
    let bytes = try data.bytes()
    return unsafe bytes.span.bytes.doubles(of: tensor.type)
  }
}

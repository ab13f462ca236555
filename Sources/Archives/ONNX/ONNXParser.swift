internal import AlbertBytes
internal import AlbertTensors

/// Reads `ModelProto` and what is in it.
///
/// Data of tensors stay in the file: a model of gigabytes costs its nodes and names. Documentation
/// strings, types of values and everything else that changes no number is passed over.
struct ONNXParser {
  var reader: ProtobufReader
  /// What has been read of each kind, all graphs together.
  private var nodes = 0
  private var tensors = 0

  /// The most nodes, tensors and functions that are accepted, far above any transformer's.
  static let maxNodes = 1 << 16
  /// The longest name or text that is accepted.
  static let longestName = 1 << 16
  /// The longest path that a system takes.
  static let longestPath = 1 << 12

  init(_ file: SourceFile) throws(FileError) {
    reader = ProtobufReader(try ByteCursor(file))
  }

  /// Reads the model that fills the file.
  mutating func model() throws(FileError) -> ONNXModel {
    var model = ONNXModel()
    var once = ProtobufOnce()
    var hasGraph = false
    while let field = try reader.next() {
      switch field.number {
      case 1:
        try once.check(field, "the format's version")
        model.irVersion = try field.count("the format's version")
      case 2: model.producer = try name(field, "the exporter's name")
      case 3: model.producerVersion = try name(field, "the exporter's version")
      case 7:
        try once.check(field, "the graph")
        model.graph = try graph(field)
        hasGraph = true
      case 8:
        let (domain, version) = try operatorSet(field)
        model.operatorSets[domain] = version
      case 14:
        let (key, value) = try entry(field, "the model's metadata")
        model.metadata[key] = value
      case 25:
        let function = try function(field)
        try check(model.functions.count + 1, "the number of functions", field)
        guard model.functions.updateValue(function, forKey: function.key) == nil else {
          throw field.malformed("function '\(function.key.name)' is defined twice")
        }
      default: break
      }
    }
    guard hasGraph else { throw FileError(reader.path, .missing("the graph of the ONNX model")) }
    return model
  }

  /// A name or other short text.
  mutating func name(_ field: ProtobufField, _ what: String) throws(FileError) -> String {
    try reader.string(field, what, most: Self.longestName)
  }

  /// The fields of the nested message `field`, one by one.
  ///
  /// It is not inlined, since all kinds of messages would be put into one function with it, whose
  /// optimisation takes seconds.
  @inline(never)
  mutating func fields(
    of field: ProtobufField, _ what: String,
    _ body: (inout ONNXParser, ProtobufField) throws(FileError) -> Void
  ) throws(FileError) {
    let outer = try reader.enter(field, what)
    while let field = try reader.next() { try body(&self, field) }
    reader.leave(to: outer)
  }

  /// An entry of text to text.
  mutating func entry(
    _ field: ProtobufField, _ what: String
  ) throws(FileError) -> (key: String, value: String) {
    var key = ""
    var value = ""
    try fields(of: field, what) { (parser, field) throws(FileError) in
      switch field.number {
      case 1: key = try parser.name(field, "a key of \(what)")
      case 2: value = try parser.reader.string(field, "a value of \(what)")
      default: break
      }
    }
    return (key, value)
  }

  /// `OperatorSetIdProto`.
  mutating func operatorSet(
    _ field: ProtobufField
  ) throws(FileError) -> (domain: String, version: Int) {
    var domain = ""
    var version = 0
    try fields(of: field, "an operator set") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: domain = try parser.name(field, "an operator set's domain")
      case 2: version = try field.signed("an operator set's version")
      default: break
      }
    }
    return (Self.domain(domain), version)
  }

  /// ONNX's own domain has two spellings.
  static func domain(_ name: String) -> String { name == "ai.onnx" ? "" : name }

  /// Counts a node; throws above the limit.
  mutating func countNode(_ field: ProtobufField) throws(FileError) {
    nodes += 1
    try check(nodes, "the number of nodes", field)
  }

  /// Counts a tensor; throws above the limit.
  mutating func countTensor(_ field: ProtobufField) throws(FileError) {
    tensors += 1
    try check(tensors, "the number of tensors", field)
  }

  private func check(_ count: Int, _ what: String, _ field: ProtobufField) throws(FileError) {
    try FileError.limit(count, what, most: Self.maxNodes, in: reader.path, offset: field.offset)
  }
}

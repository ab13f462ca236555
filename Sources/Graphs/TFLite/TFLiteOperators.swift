internal import AlbertBytes
internal import AlbertTensors

/// How an operator of TensorFlow Lite is said in ONNX's words.
struct TFLiteOperator: Sendable {
  typealias Translation =
    @Sendable (inout TFLiteTranslation, TFLiteModel.Node) throws(FileError) -> Void

  /// Its name in schema.fbs.
  let name: String
  /// Adds the nodes; nil where there are none.
  let translation: Translation?

  init(_ name: String, _ translation: Translation? = nil) {
    self.name = name
    self.translation = translation
  }

  /// One ONNX operator of the same inputs.
  static func same(_ name: String, as operation: String) -> TFLiteOperator {
    TFLiteOperator(name) { (graph, node) throws(FileError) in
      graph.add(operation, graph.inputs(node), to: try graph.output(node))
    }
  }

  /// All that have a translation, by their codes (schema.fbs, `BuiltinOperator`).
  static let all: [Int: TFLiteOperator] = elementwise.merging(structural) { first, _ in first }
    .merging(control) { first, _ in first }.merging(windows) { first, _ in first }

  /// Branches, loops and calls, whose graphs are not followed: no transformer's file has any.
  private static let control: [Int: TFLiteOperator] = [
    31: TFLiteOperator("CALL"), 118: TFLiteOperator("IF"), 119: TFLiteOperator("WHILE"),
    129: TFLiteOperator("CALL_ONCE"),
  ]

  private static let elementwise: [Int: TFLiteOperator] = [
    0: TFLiteOperator("ADD", binary("Add")),
    18: TFLiteOperator("MUL", binary("Mul")),
    41: TFLiteOperator("SUB", binary("Sub")),
    42: TFLiteOperator("DIV", binary("Div")),
    8: same("FLOOR", as: "Floor"),
    14: same("LOGISTIC", as: "Sigmoid"),
    19: same("RELU", as: "Relu"),
    21: TFLiteOperator("RELU6") { (graph, node) throws(FileError) in
      let bounds = [
        graph.numbers([0], isScalar: true), graph.numbers([6], isScalar: true),
      ]
      graph.add("Clip", graph.inputs(node) + bounds, to: try graph.output(node))
    },
    25: TFLiteOperator("SOFTMAX", softmax),
    28: same("TANH", as: "Tanh"),
    47: same("EXP", as: "Exp"),
    50: same("LOG_SOFTMAX", as: "LogSoftmax"),
    55: same("MAXIMUM", as: "Max"),
    57: same("MINIMUM", as: "Min"),
    58: same("LESS", as: "Less"),
    59: same("NEG", as: "Neg"),
    61: same("GREATER", as: "Greater"),
    62: same("GREATER_EQUAL", as: "GreaterOrEqual"),
    63: same("LESS_EQUAL", as: "LessOrEqual"),
    66: same("SIN", as: "Sin"),
    71: same("EQUAL", as: "Equal"),
    72: TFLiteOperator("NOT_EQUAL") { (graph, node) throws(FileError) in
      let equal = graph.add("Equal", graph.inputs(node))
      graph.add("Not", [equal], to: try graph.output(node))
    },
    73: same("LOG", as: "Log"),
    75: same("SQRT", as: "Sqrt"),
    76: TFLiteOperator("RSQRT") { (graph, node) throws(FileError) in
      let root = graph.add("Sqrt", graph.inputs(node))
      graph.add("Reciprocal", [root], to: try graph.output(node))
    },
    78: same("POW", as: "Pow"),
    84: same("LOGICAL_OR", as: "Or"),
    86: same("LOGICAL_AND", as: "And"),
    87: same("LOGICAL_NOT", as: "Not"),
    92: TFLiteOperator("SQUARE") { (graph, node) throws(FileError) in
      let x = graph.inputs(node)
      graph.add("Mul", x + x, to: try graph.output(node))
    },
    99: TFLiteOperator("SQUARED_DIFFERENCE") { (graph, node) throws(FileError) in
      let difference = graph.add("Sub", graph.inputs(node))
      graph.add("Mul", [difference, difference], to: try graph.output(node))
    },
    101: same("ABS", as: "Abs"),
    104: same("CEIL", as: "Ceil"),
    108: same("COS", as: "Cos"),
    111: same("ELU", as: "Elu"),
    116: same("ROUND", as: "Round"),
    117: same("HARD_SWISH", as: "HardSwish"),
    150: TFLiteOperator("GELU") { (graph, node) throws(FileError) in
      graph.add(
        "Gelu", graph.inputs(node), to: try graph.output(node),
        ["approximate": .text(node.options.flag(0) ? "tanh" : "none")])
    },
    158: same("SIGN", as: "Sign"),
  ]

  /// A sum or product, and the activation that is fused with it.
  private static func binary(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      let output = try graph.output(node)
      try graph.activate(node, field: 0, to: output) { graph, output in
        graph.add(operation, graph.inputs(node), to: output)
      }
    }
  }

  @Sendable private static func softmax(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let beta = node.options.float(0, else: 0)
    var x = graph.inputs(node)
    if beta != 1 { x = [graph.add("Mul", x + [graph.numbers([beta], isScalar: true)])] }
    graph.add("Softmax", x, to: try graph.output(node), ["axis": .integer(-1)])
  }
}

extension TFLiteTranslation {
  /// The names of the values that an operator takes.
  func inputs(_ node: TFLiteModel.Node) -> [String] {
    node.inputs.map { $0 < 0 ? "" : names[$0] }
  }

  /// The place of the input at `index`.
  func input(_ node: TFLiteModel.Node, _ index: Int) throws(FileError) -> Int {
    guard index < node.inputs.count, node.inputs[index] >= 0 else {
      throw FileError(
        file.path.string, .malformed("an operator lacks its input \(index)"))
    }
    return node.inputs[index]
  }

  /// The name of the first value that an operator takes.
  func first(_ node: TFLiteModel.Node) throws(FileError) -> String {
    names[try input(node, 0)]
  }

  /// The name of an operator's only result.
  func output(_ node: TFLiteModel.Node) throws(FileError) -> String {
    names[try outputPlace(node)]
  }

  /// The place of an operator's only result.
  func outputPlace(_ node: TFLiteModel.Node) throws(FileError) -> Int {
    guard let place = node.outputs.first, place >= 0 else {
      throw FileError(file.path.string, .malformed("an operator gives nothing"))
    }
    return place
  }

  /// The nodes of `body`, which gives a value of the name it is told, and the activation that field
  /// `field` of the settings names.
  mutating func activate(
    _ node: TFLiteModel.Node, field: Int, to output: String,
    _ body: (inout TFLiteTranslation, String) throws(FileError) -> Void
  ) throws(FileError) {
    let activation = node.options.small(field)
    guard activation != 0 else { return try body(&self, output) }
    let plain = fresh("plain")
    try body(&self, plain)
    func bounds(_ least: Float, _ most: Float) -> [Float] { [least, most] }
    switch activation {
    case 1: add("Relu", [plain], to: output)
    case 2, 3:
      let limits = activation == 2 ? bounds(-1, 1) : bounds(0, 6)
      let names = [
        plain, numbers([limits[0]], isScalar: true), numbers([limits[1]], isScalar: true),
      ]
      add("Clip", names, to: output)
    case 4: add("Tanh", [plain], to: output)
    default:
      add("FUSED_ACTIVATION_\(activation)", [plain], to: output, domain: Self.domain)
    }
  }

  /// Adds the nodes for one operator; what has none stands for itself, in a domain of its own.
  mutating func translate(_ node: TFLiteModel.Node) throws(FileError) {
    let known = TFLiteOperator.all[node.code]
    let isInteger = (node.inputs + node.outputs).contains { isQuantized($0) }
    let moves = TFLiteOperator.movesIntegers.contains(node.code)
    if let translation = known?.translation, !isInteger || moves {
      return try translation(&self, node)
    }
    var name = known?.name ?? (node.code == 32 ? node.custom : "BUILTIN_\(node.code)")
    // Integers that stand for numbers would be taken for the numbers.
    if known != nil, isInteger { name += "_QUANTIZED" }
    add(
      name, inputs(node), results: node.outputs.map { $0 < 0 ? "" : names[$0] }, domain: Self.domain
    )
  }
}

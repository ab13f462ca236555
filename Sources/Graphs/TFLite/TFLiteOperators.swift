internal import AlbertBytes
internal import AlbertTensors

/// How operators of TensorFlow Lite are said in ONNX's words.
enum TFLiteOperators {
  /// Adds the nodes for one operator.
  typealias Translation =
    @Sendable (inout TFLiteTranslation, TFLiteModel.Node) throws(FileError) -> Void

  /// All translations, by the operator's name.
  ///
  /// Branches, loops and calls have none: no transformer's file has any.
  static let all: [String: Translation] = [elementwise, structural, products, places, windows]
    .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// One ONNX operator of the same inputs.
  static func same(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      graph.add(operation, graph.inputs(node), to: try graph.output(node))
    }
  }

  private static let elementwise: [String: Translation] = [
    "ADD": binary("Add"),
    "MUL": binary("Mul"),
    "SUB": binary("Sub"),
    "DIV": binary("Div"),
    "FLOOR": same("Floor"),
    "LOGISTIC": same("Sigmoid"),
    "RELU": same("Relu"),
    "RELU6": clip(0, 6),
    "RELU_N1_TO_1": clip(-1, 1),
    "RELU_0_TO_1": clip(0, 1),
    "LEAKY_RELU": { (graph, node) throws(FileError) in
      graph.add(
        "LeakyRelu", graph.inputs(node), to: try graph.output(node),
        ["alpha": .number(Double(node.options.float(0, else: 0)))])
    },
    "PRELU": same("PRelu"),
    "ADD_N": same("Sum"),
    "FLOOR_DIV": floorDivision,
    "FLOOR_MOD": floorRemainder,
    "SOFTMAX": softmax,
    "TANH": same("Tanh"),
    "EXP": same("Exp"),
    "L2_NORMALIZATION": normalize,
    "LOG_SOFTMAX": same("LogSoftmax"),
    "MAXIMUM": same("Max"),
    "MINIMUM": same("Min"),
    "LESS": same("Less"),
    "NEG": same("Neg"),
    "GREATER": same("Greater"),
    "GREATER_EQUAL": same("GreaterOrEqual"),
    "LESS_EQUAL": same("LessOrEqual"),
    "SIN": same("Sin"),
    "EQUAL": same("Equal"),
    "NOT_EQUAL": { (graph, node) throws(FileError) in
      let equal = graph.add("Equal", graph.inputs(node))
      graph.add("Not", [equal], to: try graph.output(node))
    },
    "LOG": same("Log"),
    "SQRT": same("Sqrt"),
    "RSQRT": { (graph, node) throws(FileError) in
      let root = graph.add("Sqrt", graph.inputs(node))
      graph.add("Reciprocal", [root], to: try graph.output(node))
    },
    "POW": same("Pow"),
    "LOGICAL_OR": same("Or"),
    "LOGICAL_AND": same("And"),
    "LOGICAL_NOT": same("Not"),
    "SQUARE": { (graph, node) throws(FileError) in
      let x = graph.inputs(node)
      graph.add("Mul", x + x, to: try graph.output(node))
    },
    "SQUARED_DIFFERENCE": { (graph, node) throws(FileError) in
      let difference = graph.add("Sub", graph.inputs(node))
      graph.add("Mul", [difference, difference], to: try graph.output(node))
    },
    "ABS": same("Abs"),
    "CEIL": same("Ceil"),
    "COS": same("Cos"),
    "ELU": same("Elu"),
    "ROUND": same("Round"),
    "HARD_SWISH": same("HardSwish"),
    "GELU": { (graph, node) throws(FileError) in
      graph.add(
        "Gelu", graph.inputs(node), to: try graph.output(node),
        ["approximate": .text(node.options.flag(0) ? "tanh" : "none")])
    },
    "SIGN": same("Sign"),
  ]

  private static func clip(_ least: Float, _ most: Float) -> Translation {
    { (graph, node) throws(FileError) in
      graph.clip(try graph.first(node), least, most, to: try graph.output(node))
    }
  }

  /// A sum or product, and the activation that is fused with it.
  private static func binary(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      let output = try graph.output(node)
      try graph.activate(node, field: 0, to: output) { graph, output in
        graph.add(operation, graph.inputs(node), to: output)
      }
    }
  }

  /// The last axis by its length, of which the interpreter takes no smaller one than a millionth.
  @Sendable private static func normalize(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let x = try graph.first(node)
    let output = try graph.output(node)
    try graph.activate(node, field: 0, to: output) { graph, output in
      let length = graph.add("ReduceL2", [x, graph.integers([-1])], ["keepdims": .integer(1)])
      let bounded = graph.add("Max", [length, graph.numbers([1e-6], isScalar: true)])
      graph.add("Div", [x, bounded], to: output)
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

  /// The names of an operator's results.
  func outputs(_ node: TFLiteModel.Node) -> [String] {
    node.outputs.map { $0 < 0 ? "" : names[$0] }
  }

  /// Holds a value between two numbers.
  mutating func clip(_ name: String, _ least: Float, _ most: Float, to output: String) {
    let bounds = [least, most].map { numbers([$0], isScalar: true) }
    add("Clip", [name] + bounds, to: output)
  }

  /// Gives a value the type of the result at `place`, which it becomes.
  mutating func cast(_ name: String, to place: Int) throws(FileError) {
    add("Cast", [name], to: names[place], ["to": .integer(try type(place).code)])
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
    switch activation {
    case 1: add("Relu", [plain], to: output)
    case 2: clip(plain, -1, 1, to: output)
    case 3: clip(plain, 0, 6, to: output)
    case 4: add("Tanh", [plain], to: output)
    default:
      add("FUSED_ACTIVATION_\(activation)", [plain], to: output, domain: Self.domain)
    }
  }

  /// Adds the nodes for one operator; what has none stands for itself, in a domain of its own.
  mutating func translate(_ node: TFLiteModel.Node) throws(FileError) {
    guard !node.isCustom, let translation = TFLiteOperators.all[node.name] else {
      return keep(node, as: node.name)
    }
    // Integers that stand for numbers would be taken for the numbers.
    guard !holdsIntegers(node) || TFLiteOperators.movesIntegers.contains(node.name) else {
      return refuse(node)
    }
    try translation(&self, node)
  }

  /// Lets an operator that is translated elsewise stand for itself, so that it is named before anything runs.
  mutating func refuse(_ node: TFLiteModel.Node, _ kind: String = "DYNAMIC") {
    keep(node, as: "\(node.name)_\(holdsIntegers(node) ? "QUANTIZED" : kind)")
  }

  private mutating func keep(_ node: TFLiteModel.Node, as name: String) {
    add(
      name, inputs(node), results: outputs(node),
      domain: node.isCustom ? "\(Self.domain).custom" : Self.domain)
  }

  /// Whether an operator takes or gives integers that stand for numbers.
  private func holdsIntegers(_ node: TFLiteModel.Node) -> Bool {
    (node.inputs + node.outputs).contains { isQuantized($0) }
  }
}

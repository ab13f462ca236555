internal import AlbertBytes
internal import AlbertTensors

extension TFLiteOperators {
  /// Operators that look for elements, or put them at places.
  static let places: [String: Translation] = [
    "ARG_MAX": extreme("ArgMax"),
    "ARG_MIN": extreme("ArgMin"),
    "TOPK_V2": { (graph, node) throws(FileError) in
      let outputs = graph.outputs(node)
      guard outputs.count == 2 else { return graph.refuse(node) }
      let count = graph.add(
        "Reshape", [try graph.wide(try graph.input(node, 1)), graph.integers([1])])
      let places = graph.fresh("places")
      graph.add("TopK", [try graph.first(node), count], results: [outputs[0], places])
      if !outputs[1].isEmpty { try graph.cast(places, to: node.outputs[1]) }
    },
    "WHERE": { (graph, node) throws(FileError) in
      let places = graph.add("NonZero", [try graph.first(node)])
      graph.add("Transpose", [places], to: try graph.output(node), ["perm": .integers([1, 0])])
    },
    "ONE_HOT": oneHot,
    "SCATTER_ND": { (graph, node) throws(FileError) in
      // What several places name is the sum of all that they are given.
      let places = try graph.wide(try graph.input(node, 0))
      let shape = try graph.wide(try graph.input(node, 2))
      let zeros = graph.add("Expand", [try graph.zero(like: try graph.input(node, 1)), shape])
      graph.add(
        "ScatterND", [zeros, places, graph.names[node.inputs[1]]], to: try graph.output(node),
        ["reduction": .text("add")])
    },
    "ZEROS_LIKE": { (graph, node) throws(FileError) in
      let x = try graph.input(node, 0)
      let shape = graph.add("Shape", [graph.names[x]])
      graph.add("Expand", [try graph.zero(like: x), shape], to: try graph.output(node))
    },
    "RANK": { (graph, node) throws(FileError) in
      let axes = graph.add("Size", [graph.add("Shape", [try graph.first(node)])])
      try graph.cast(axes, to: try graph.outputPlace(node))
    },
    "CUMSUM": { (graph, node) throws(FileError) in
      let axis = try graph.wide(try graph.input(node, 1))
      graph.add(
        "CumSum", [try graph.first(node), axis], to: try graph.output(node),
        [
          "exclusive": .integer(node.options.flag(0) ? 1 : 0),
          "reverse": .integer(node.options.flag(1) ? 1 : 0),
        ])
    },
    "REVERSE_V2": { (graph, node) throws(FileError) in
      guard let axes = try graph.constants(try graph.input(node, 1)) else {
        return graph.refuse(node)
      }
      let bounds = [-1, Int.min].map { bound in graph.integers(axes.map { _ in bound }) }
      let steps = graph.integers(axes.map { _ in -1 })
      graph.add(
        "Slice", [try graph.first(node)] + bounds + [graph.integers(axes), steps],
        to: try graph.output(node))
    },
    "PAD": pad,
    "PADV2": pad,
    "MIRROR_PAD": { (graph, node) throws(FileError) in
      // The other kind repeats the outermost element too, which ONNX has no word for.
      guard node.options.small(0) == 0 else { return graph.refuse(node, "SYMMETRIC") }
      graph.add(
        "Pad", [try graph.first(node), try graph.pads(node)], to: try graph.output(node),
        ["mode": .text("reflect")])
    },
    "REDUCE_ANY": holding("ReduceMax"),
    "REDUCE_ALL": holding("ReduceMin"),
  ]

  /// The place of the largest or smallest element along one axis, which is gone behind it.
  private static func extreme(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      guard let axis = try graph.constants(try graph.input(node, 1))?.first else {
        return graph.refuse(node)
      }
      let places = graph.add(
        operation, [try graph.first(node)], ["axis": .integer(axis), "keepdims": .integer(0)])
      try graph.cast(places, to: try graph.outputPlace(node))
    }
  }

  /// A place below zero names none here, where ONNX counts it from the end.
  @Sendable private static func oneHot(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let places = try graph.wide(try graph.input(node, 0))
    let depth = try graph.wide(try graph.input(node, 1))
    let (on, off) = (try graph.input(node, 2), try graph.input(node, 3))
    let isBelow = graph.add("Less", [places, graph.add("Sub", [depth, depth])])
    let named = graph.add("Where", [isBelow, depth, places])
    let values = [off, on].map {
      graph.add("Reshape", [graph.names[$0], graph.integers([1])])
    }
    let both = graph.add("Concat", values, ["axis": .integer(0)])
    graph.add(
      "OneHot", [named, depth, both], to: try graph.output(node),
      ["axis": .integer(node.options.integer(0))])
  }

  @Sendable private static func pad(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let value = node.inputs.count > 2 ? [graph.names[try graph.input(node, 2)]] : []
    let scalar = value.map { graph.add("Reshape", [$0, graph.integers([])]) }
    graph.add(
      "Pad", [try graph.first(node), try graph.pads(node)] + scalar, to: try graph.output(node))
  }

  /// Whether any or all of the truth values along axes hold.
  private static func holding(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      let output = try graph.outputPlace(node)
      let numbers = graph.add(
        "Cast", [try graph.first(node)], ["to": .integer(GraphType.int32.code)])
      let axes = try graph.wide(try graph.input(node, 1))
      let result = graph.add(operation, [numbers, axes], reduction(node))
      graph.add(
        "Cast", [result], to: graph.names[output], ["to": .integer(GraphType.bool.code)])
    }
  }
}

extension TFLiteOperators {
  /// A quotient rounded down; ONNX's of integers is rounded towards zero.
  @Sendable static func floorDivision(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let (a, b) = (try graph.first(node), graph.names[try graph.input(node, 1)])
    guard try graph.type(node.inputs[0]).family == .numbers else {
      let rest = graph.add("Mod", [a, b])
      graph.add("Div", [graph.add("Sub", [a, rest]), b], to: try graph.output(node))
      return
    }
    graph.add("Floor", [graph.add("Div", [a, b])], to: try graph.output(node))
  }

  /// What a division that is rounded down leaves: it has the divisor's sign.
  @Sendable static func floorRemainder(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let (a, b) = (try graph.first(node), graph.names[try graph.input(node, 1)])
    let output = try graph.output(node)
    guard try graph.type(node.inputs[0]).family == .numbers else {
      graph.add("Mod", [a, b], to: output)
      return
    }
    let rest = graph.add("Mod", [a, b], ["fmod": .integer(1)])
    let zero = graph.numbers([0], isScalar: true)
    let signs = [rest, b].map { graph.add("Less", [$0, zero]) }
    let isOther = graph.add("Xor", signs)
    let isThere = graph.add("Not", [graph.add("Equal", [rest, zero])])
    let moves = graph.add("And", [isOther, isThere])
    graph.add("Where", [moves, graph.add("Add", [rest, b]), rest], to: output)
  }
}

extension TFLiteTranslation {
  /// How much goes before and behind is a row for each axis, where ONNX wants all of the ones before the
  /// others.
  mutating func pads(_ node: TFLiteModel.Node) throws(FileError) -> String {
    let rows = try wide(try input(node, 1))
    let turned = add("Transpose", [rows], ["perm": .integers([1, 0])])
    return add("Reshape", [turned, integers([-1])])
  }

  /// Zero of the type of a value.
  mutating func zero(like place: Int) throws(FileError) -> String {
    add("Cast", [numbers([0], isScalar: true)], ["to": .integer(try type(place).code)])
  }
}

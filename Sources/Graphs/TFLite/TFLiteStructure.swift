internal import AlbertBytes
internal import AlbertTensors

extension TFLiteOperators {
  /// Operators that treat integers as they treat the numbers that they stand for.
  static let movesIntegers: Set = [
    "DEQUANTIZE", "EMBEDDING_LOOKUP", "FULLY_CONNECTED", "RESHAPE", "GATHER", "TRANSPOSE",
    "STRIDED_SLICE", "SLICE", "EXPAND_DIMS", "SQUEEZE", "SHAPE", "BATCH_MATMUL",
  ]

  /// Operators that move elements, and those along axes.
  static let structural: [String: Translation] = [
    "CONCATENATION": { (graph, node) throws(FileError) in
      try graph.activate(node, field: 1, to: try graph.output(node)) { graph, output in
        graph.add(
          "Concat", graph.inputs(node), to: output, ["axis": .integer(node.options.integer(0))])
      }
    },
    "RESHAPE": reshape,
    "GATHER": { (graph, node) throws(FileError) in
      let (axis, batched) = (node.options.integer(0), node.options.integer(1))
      guard batched != 0 else {
        graph.add(
          "Gather", graph.inputs(node), to: try graph.output(node), ["axis": .integer(axis)])
        return
      }
      guard axis == batched else { return graph.refuse(node, "BATCHED") }
      let places = graph.add(
        "Unsqueeze", [try graph.wide(try graph.input(node, 1)), graph.integers([-1])])
      graph.add(
        "GatherND", [try graph.first(node), places], to: try graph.output(node),
        ["batch_dims": .integer(batched)])
    },
    "TRANSPOSE": { (graph, node) throws(FileError) in
      guard let order = try graph.constants(try graph.input(node, 1)) else {
        return graph.refuse(node)
      }
      graph.add(
        "Transpose", [try graph.first(node)], to: try graph.output(node),
        ["perm": .integers(order)])
    },
    "MEAN": reduce("ReduceMean"),
    "SQUEEZE": { (graph, node) throws(FileError) in
      let axes = (node.options.list ?? []).isEmpty ? [] : [graph.integers(node.options.list ?? [])]
      graph.add("Squeeze", [try graph.first(node)] + axes, to: try graph.output(node))
    },
    "STRIDED_SLICE": TFLiteStridedSlice.translate,
    "SPLIT": { (graph, node) throws(FileError) in
      guard let axis = try graph.constants(try graph.input(node, 0))?.first else {
        return graph.refuse(node)
      }
      graph.add(
        "Split", [graph.names[try graph.input(node, 1)]],
        results: graph.outputs(node),
        ["axis": .integer(axis), "num_outputs": .integer(node.outputs.count)])
    },
    "SPLIT_V": { (graph, node) throws(FileError) in
      guard let axis = try graph.constants(try graph.input(node, 2))?.first,
        let sizes = try graph.constants(try graph.input(node, 1)), sizes.allSatisfy({ $0 >= 0 })
      else { return graph.refuse(node) }
      graph.add(
        "Split", [try graph.first(node), graph.integers(sizes)],
        results: graph.outputs(node), ["axis": .integer(axis)])
    },
    "CAST": { (graph, node) throws(FileError) in
      try graph.cast(try graph.first(node), to: try graph.outputPlace(node))
    },
    "SELECT": same("Where"),
    "SLICE": slice,
    "TILE": { (graph, node) throws(FileError) in
      let times = try graph.wide(try graph.input(node, 1))
      graph.add("Tile", [try graph.first(node), times], to: try graph.output(node))
    },
    "EXPAND_DIMS": { (graph, node) throws(FileError) in
      guard let axis = try graph.constants(try graph.input(node, 1)) else {
        return graph.refuse(node)
      }
      graph.add(
        "Unsqueeze", [try graph.first(node), graph.integers(axis)], to: try graph.output(node))
    },
    "SUM": reduce("ReduceSum"),
    "SHAPE": { (graph, node) throws(FileError) in
      let output = try graph.outputPlace(node)
      guard try graph.type(output) != .int64 else {
        graph.add("Shape", [try graph.first(node)], to: graph.names[output])
        return
      }
      try graph.cast(graph.add("Shape", [try graph.first(node)]), to: output)
    },
    "REDUCE_PROD": reduce("ReduceProd"),
    "REDUCE_MAX": reduce("ReduceMax"),
    "PACK": { (graph, node) throws(FileError) in
      let axis = node.options.integer(1)
      let axes = graph.integers([axis])
      let parts = graph.inputs(node).map { graph.add("Unsqueeze", [$0, axes]) }
      graph.add("Concat", parts, to: try graph.output(node), ["axis": .integer(axis)])
    },
    "UNPACK": { (graph, node) throws(FileError) in
      let axis = node.options.integer(1)
      let parts = node.outputs.map { _ in graph.fresh("part") }
      graph.add(
        "Split", [try graph.first(node)], results: parts,
        ["axis": .integer(axis), "num_outputs": .integer(parts.count)])
      let axes = graph.integers([axis])
      for (part, place) in zip(parts, node.outputs) where place >= 0 {
        graph.add("Squeeze", [part, axes], to: graph.names[place])
      }
    },
    "REDUCE_MIN": reduce("ReduceMin"),
    "FILL": { (graph, node) throws(FileError) in
      let sizes = try graph.wide(try graph.input(node, 0))
      graph.add(
        "Expand", [graph.names[try graph.input(node, 1)], sizes], to: try graph.output(node))
    },
    "RANGE": same("Range"),
    "GATHER_ND": { (graph, node) throws(FileError) in
      let indices = try graph.wide(try graph.input(node, 1))
      graph.add("GatherND", [try graph.first(node), indices], to: try graph.output(node))
    },
    "SELECT_V2": same("Where"),
    "BROADCAST_TO": { (graph, node) throws(FileError) in
      let sizes = try graph.wide(try graph.input(node, 1))
      graph.add("Expand", [try graph.first(node), sizes], to: try graph.output(node))
    },
  ]

  @Sendable private static func reshape(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let sizes: String
    if node.inputs.count > 1, node.inputs[1] >= 0 {
      sizes = try graph.wide(node.inputs[1])
    } else {
      sizes = graph.integers(node.options.list ?? [])
    }
    // An extent of 0 is meant as it stands, where ONNX would take the input's.
    graph.add(
      "Reshape", [graph.names[try graph.input(node, 0)], sizes], to: try graph.output(node),
      ["allowzero": .integer(1)])
  }

  private static func reduce(_ operation: String) -> Translation {
    { (graph, node) throws(FileError) in
      let axes = try graph.wide(try graph.input(node, 1))
      graph.add(
        operation, [graph.names[try graph.input(node, 0)], axes], to: try graph.output(node),
        reduction(node))
    }
  }

  /// What an operator that reduces axes states, in ONNX's words.
  static func reduction(_ node: TFLiteModel.Node) -> [String: GraphAttribute] {
    ["keepdims": .integer(node.options.flag(0) ? 1 : 0), "noop_with_empty_axes": .integer(1)]
  }

  @Sendable private static func slice(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    guard let starts = try graph.constants(try graph.input(node, 1)),
      let sizes = try graph.constants(try graph.input(node, 2)), starts.count == sizes.count
    else { return graph.refuse(node) }
    let ends = zip(starts, sizes).map { start, size in
      size < 0 ? Int.max : start.adding(size) ?? .max
    }
    let bounds = [graph.integers(starts), graph.integers(ends)]
    graph.add("Slice", [try graph.first(node)] + bounds, to: try graph.output(node))
  }
}

/// Slices of several axes at once, some of which vanish and some of which are new.
enum TFLiteStridedSlice {
  @Sendable static func translate(
    _ graph: inout TFLiteTranslation, _ node: TFLiteModel.Node
  ) throws(FileError) {
    let options = node.options
    guard let begin = try graph.constants(try graph.input(node, 1)),
      let end = try graph.constants(try graph.input(node, 2)),
      let strides = try graph.constants(try graph.input(node, 3)),
      begin.count == end.count, begin.count == strides.count,
      // An ellipsis stands for as many axes as are left, which no exporter of transformers writes.
      options.integer(2) == 0, !options.flag(5), begin.count <= 32
    else { return graph.refuse(node) }
    func isSet(_ field: Int, _ place: Int) -> Bool { options.integer(field) >> place & 1 == 1 }
    var (starts, ends, steps, axes): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    var vanishing: [Int] = []
    var new: [Int] = []
    var (axis, result) = (0, 0)
    for place in begin.indices {
      if isSet(3, place) {
        new.append(result)
        result += 1
        continue
      }
      let vanishes = isSet(4, place)
      let step = vanishes ? 1 : strides[place]
      starts.append(isSet(0, place) ? (step > 0 ? 0 : .max) : begin[place])
      let last = begin[place] == -1 ? .max : begin[place].adding(1) ?? .max
      ends.append(
        vanishes ? last : isSet(1, place) ? (step > 0 ? .max : .min) : end[place])
      steps.append(step)
      axes.append(axis)
      if vanishes { vanishing.append(axis) } else { result += 1 }
      axis += 1
    }
    let lists = [starts, ends, axes, steps].map { graph.integers($0) }
    let output = try graph.output(node)
    let inputs = [graph.names[try graph.input(node, 0)]] + lists
    var value = graph.add(
      "Slice", inputs, to: vanishing.isEmpty && new.isEmpty ? output : nil)
    if !vanishing.isEmpty {
      value = graph.add(
        "Squeeze", [value, graph.integers(vanishing)], to: new.isEmpty ? output : nil)
    }
    if !new.isEmpty { graph.add("Unsqueeze", [value, graph.integers(new)], to: output) }
  }
}

internal import AlbertGraphs
internal import AlbertTensors

/// Attention as onnxruntime fuses it, from vectors or from projections that are done already.
enum MicrosoftAttentionOperators {
  static let operators: [Operator] = [
    Operator("Attention", domain: "com.microsoft", run: attention),
    Operator("QAttention", domain: "com.microsoft", run: quantizedAttention),
    Operator("MultiHeadAttention", domain: "com.microsoft", run: multiHeadAttention),
  ]

  // MARK: Attention with its projections

  private static func attention(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let projected = try ProductOperators.product(call, try call.input(0), try call.input(1))
    return try attend(call, projected, bias: 2, mask: 3, past: 4, added: 5)
  }

  private static func quantizedAttention(
    _ call: OperatorCall
  ) throws(OperatorError) -> [GraphValue?] {
    let sums = try ProductSums(
      call, try OffsetMatrix(call, 0, zeroPoint: 6, isLeft: true),
      try OffsetMatrix(call, 1, zeroPoint: 7, isLeft: false))
    let projected = try sums.scaled(
      try call.numbers(3), try call.numbers(4), bias: nil, try call.input(3).type)
    return try attend(call, projected, bias: 2, mask: 5, past: 8, added: nil)
  }

  /// Attention of the three projections, which stand side by side.
  private static func attend(
    _ call: OperatorCall, _ projected: GraphValue, bias: Int, mask: Int, past: Int, added: Int?
  ) throws(OperatorError) -> [GraphValue?] {
    for setting in ["do_rotary", "past_present_share_buffer"] {
      guard try call.integer(setting, else: 0) == 0 else {
        throw .unsupported("the setting '\(setting)'")
      }
    }
    guard projected.rank == 3, case .numbers(var numbers) = projected.storage else {
      throw .invalid("the projections are \(projected.shape), where three axes are wanted")
    }
    let extents = projected.dimensions
    let columns = extents[2]
    if let bias = try call.optionalNumbers(bias) { try add(bias, to: &numbers, columns) }
    let widths = try widths(call, columns)
    let heads = try call.integer("num_heads", else: 0)
    func cut(_ index: Int, _ what: String) throws(OperatorError) -> HeadValues {
      try HeadValues(
        call, numbers, batch: extents[0], positions: extents[1], columns: columns,
        from: widths[..<index].reduce(0, +), width: widths[index], heads: heads, what)
    }
    let query = try cut(0, "query")
    var key = try cut(1, "key")
    var value = try cut(2, "value")
    if let state = call.optional(past) {
      (key, value) = try appended(call, key, value, to: state)
    }
    let attention = try HeadAttention(query, key, value, scale: try scale(call))
    var masked = try AttentionMask(call, attention)
    try masked.add(call, mask, past: key.positions - query.positions)
    if let added, let bias = call.optional(added) { try masked.add(bias, "attention bias") }
    let scores = try attention.scores(call)
    let result = try attention.weighted(
      attention.shares(masked.applied(to: scores)), call)
    return [try result.joined(call, projected.type), try present(call, key, value, projected.type)]
  }

  /// The columns of query, key and value.
  private static func widths(
    _ call: OperatorCall, _ columns: Int
  ) throws(OperatorError) -> [Int] {
    guard let stated = try call.integers("qkv_hidden_sizes") else {
      guard columns.isMultiple(of: 3) else {
        throw .invalid("\(columns) columns are not those of query, key and value")
      }
      return [columns / 3, columns / 3, columns / 3]
    }
    guard stated.count == 3, stated.allSatisfy({ (0...columns).contains($0) }),
      stated.reduce(0, +) == columns
    else { throw .invalid("'qkv_hidden_sizes' is \(stated) for \(columns) columns") }
    return stated
  }

  /// Keys and values behind those of a state of both.
  private static func appended(
    _ call: OperatorCall, _ key: HeadValues, _ value: HeadValues, to state: GraphValue
  ) throws(OperatorError) -> (HeadValues, HeadValues) {
    let extents = state.dimensions
    guard state.rank == 5, extents[0] == 2, case .numbers(let numbers) = state.storage else {
      throw .invalid("what is past is \(state.shape), not that of keys and values")
    }
    let half = numbers.count / 2
    func past(_ numbers: ArraySlice<Double>) -> HeadValues {
      HeadValues(Array(numbers), extents[1], extents[2], extents[3], extents[4])
    }
    return (
      try key.appended(to: past(numbers[..<half])), try value.appended(to: past(numbers[half...]))
    )
  }

  private static func present(
    _ call: OperatorCall, _ key: HeadValues, _ value: HeadValues, _ type: GraphType
  ) throws(OperatorError) -> GraphValue? {
    guard call.wants(1) else { return nil }
    guard key.size == value.size else {
      throw .invalid("keys and values of different sizes have no joint state")
    }
    return GraphValue(key.values + value.values, type, try call.shape([2] + key.dimensions))
  }

  // MARK: Attention alone

  private static func multiHeadAttention(
    _ call: OperatorCall
  ) throws(OperatorError) -> [GraphValue?] {
    for index in [8, 9] where call.optional(index) != nil {
      throw .unsupported("a buffer that past and present keys share")
    }
    let type = try call.input(0).type
    let (query, newKey, newValue) = try parts(call)
    let (key, value) = try call.appended(newKey, newValue, past: (6, 7))
    let attention = try HeadAttention(query, key, value, scale: try scale(call))
    var mask = try AttentionMask(call, attention)
    try mask.add(call, 4, past: key.positions - query.positions)
    if let bias = call.optional(5) { try mask.add(bias, "attention bias") }
    let scores = try attention.scores(call)
    let result = try attention.weighted(attention.shares(mask.applied(to: scores)), call)
    return [
      try result.joined(call, type), try key.value(call, type), try value.value(call, type),
    ]
  }

  /// Query, key and value by heads, in whatever form they are given, with their bias.
  private static func parts(
    _ call: OperatorCall
  ) throws(OperatorError) -> (HeadValues, HeadValues, HeadValues) {
    let heads = try call.integer("num_heads", else: 0)
    let bias = try call.optionalNumbers(3)
    let query = try call.input(0)
    guard let key = call.optional(1) else {
      // All three side by side, head by head.
      let packed = try PackedHeads(call, 0, of: 3, heads, "query")
      return (
        try packed.part(call, 0, bias), try packed.part(call, 1, bias),
        try packed.part(call, 2, bias)
      )
    }
    guard query.rank == 3 else { throw .invalid("the query is \(query.shape)") }
    let width = query.dimensions[2]
    let turned = try HeadValues(
      call, biased(query, bias, from: 0), heads: heads, "query")
    guard let value = call.optional(2) else {
      let packed = try PackedHeads(call, 1, of: 2, heads, "key")
      let rest = bias.map { Array($0.dropFirst(width)) }
      return (turned, try packed.part(call, 0, rest), try packed.part(call, 1, rest))
    }
    if key.rank == 4 {
      guard bias == nil else { throw .unsupported("a bias beside keys that are heads already") }
      return (turned, try HeadValues(call, key, "key"), try HeadValues(call, value, "value"))
    }
    return (
      turned,
      try HeadValues(call, biased(key, bias, from: width), heads: heads, "key"),
      try HeadValues(call, biased(value, bias, from: 2 * width), heads: heads, "value")
    )
  }

  /// A value of three axes with its part of the bias.
  private static func biased(
    _ value: GraphValue, _ bias: [Double]?, from start: Int
  ) throws(OperatorError) -> GraphValue {
    guard let bias else { return value }
    guard value.rank == 3, case .numbers(var numbers) = value.storage,
      start + value.dimensions[2] <= bias.count
    else { throw .invalid("the bias does not fit \(value.shape)") }
    let columns = value.dimensions[2]
    try add(Array(bias[start..<start + columns]), to: &numbers, columns)
    return GraphValue(numbers, value.type, value.shape)
  }

  private static func add(
    _ bias: [Double], to numbers: inout [Double], _ columns: Int
  ) throws(OperatorError) {
    guard bias.count == columns else {
      throw .invalid("a bias of \(bias.count) for \(columns) columns")
    }
    for index in numbers.indices { numbers[index] += bias[index % columns] }
  }

  /// The factor of scores, where it is stated; 0 means that it is not.
  private static func scale(_ call: OperatorCall) throws(OperatorError) -> Double? {
    let scale = try call.number("scale", else: 0)
    return scale == 0 ? nil : scale
  }
}

/// Heads of two or three parts side by side: [batch, positions, heads, parts, size].
private struct PackedHeads {
  private let numbers: [Double]
  private let extents: [Int]

  init(
    _ call: OperatorCall, _ index: Int, of parts: Int, _ heads: Int, _ what: String
  ) throws(OperatorError) {
    numbers = try call.numbers(index)
    extents = try call.input(index).dimensions
    guard extents.count == 5, extents[2] == heads, extents[3] == parts else {
      throw .invalid("the \(what) is not \(heads) heads of \(parts) parts")
    }
    try call.spend(extents: extents)
  }

  /// One of the parts, with its part of the bias.
  func part(
    _ call: OperatorCall, _ index: Int, _ bias: [Double]?
  ) throws(OperatorError) -> HeadValues {
    let (heads, parts, size) = (extents[2], extents[3], extents[4])
    let width = heads * size
    if let bias, bias.count < parts * width { throw .invalid("the bias is too short") }
    var result: [Double] = []
    for row in 0..<extents[0] * extents[1] {
      for head in 0..<heads {
        let start = ((row * heads + head) * parts + index) * size
        for column in 0..<size {
          result.append(
            numbers[start + column] + (bias?[index * width + head * size + column] ?? 0))
        }
      }
    }
    return try HeadValues(
      call, result, batch: extents[0], positions: extents[1], columns: width, width: width,
      heads: heads, "packed part")
  }
}

extension AttentionMask {
  /// Adds the mask at input `index` in any of onnxruntime's forms, and what `unidirectional` hides;
  /// `past` keys come before the first query.
  mutating func add(_ call: OperatorCall, _ index: Int, past: Int) throws(OperatorError) {
    let filter = try call.number("mask_filter_value", else: -10000)
    let (batch, rows, columns) = (dimensions[0], dimensions[2], dimensions[3])
    if let mask = call.optional(index), let values = try call.list(index) {
      switch mask.dimensions {
      case [batch]: add { entry, _, _, column in column < values[entry] ? 0 : filter }
      case [2 * batch]:
        // Where keys end, then where they begin.
        add { entry, _, _, column in
          column < values[entry] && column >= values[batch + entry] ? 0 : filter
        }
      case [batch, columns]:
        add { entry, _, _, column in values[entry * columns + column] > 0 ? 0 : filter }
      case [batch, rows, columns]:
        add { entry, _, row, column in
          values[(entry * rows + row) * columns + column] > 0 ? 0 : filter
        }
      case [3 * batch + 2]: throw .unsupported("a mask of cumulated lengths")
      default:
        let extents = mask.dimensions
        guard mask.rank == 4, extents[0] == batch, extents[1] == 1, extents[2] == extents[3],
          extents[3] >= columns, past >= 0, past + rows <= extents[2]
        else { throw .invalid("the mask \(mask.shape) does not fit scores of \(dimensions)") }
        let width = extents[3]
        add { entry, _, row, column in
          values[(entry * width + past + row) * width + column] > 0 ? 0 : filter
        }
      }
    }
    if try call.integer("unidirectional", else: 0) != 0 {
      add { _, _, row, column in column <= past + row ? 0 : -.infinity }
    }
  }
}

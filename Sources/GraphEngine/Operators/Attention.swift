internal import AlbertGraphs
internal import AlbertTensors

/// ONNX's own attention, with a cache of keys and values in it or around it.
enum AttentionOperators {
  static let operators: [Operator] = [
    Operator("Attention", since: 23, run: attention)
  ]

  private static func attention(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let type = try call.input(0).type
    let isFlat = try call.input(0).rank == 3
    let query = try heads(call, 0, "q_num_heads", "query")
    let (key, value) = try call.appended(
      try heads(call, 1, "kv_num_heads", "key"), try heads(call, 2, "kv_num_heads", "value"),
      past: (4, 5))
    let past = call.optional(4)?.dimensions[2]
    let scale = try call.number("scale", else: .nan)
    var attention = try HeadAttention(query, key, value, scale: scale.isNaN ? nil : scale)
    attention.softcap = try call.number("softcap", else: 0)
    let scores = try attention.scores(call)
    let capped = attention.capped(scores)
    let mask = try mask(call, attention, past: past)
    let masked = mask.guarded(capped)
    let shares = attention.shares(masked)
    let result = try attention.weighted(shares, call)
    return [
      try isFlat ? result.joined(call, type) : result.value(call, type),
      try key.value(call, try call.input(1).type), try value.value(call, try call.input(2).type),
      try shown(call, attention, scores, capped, mask, shares, type),
    ]
  }

  /// The fourth output: the scores after the step that a setting names.
  private static func shown(
    _ call: OperatorCall, _ attention: HeadAttention, _ scores: [Double], _ capped: [Double],
    _ mask: AttentionMask, _ shares: [Double], _ type: GraphType
  ) throws(OperatorError) -> GraphValue? {
    guard call.wants(3) else { return nil }
    let step = try call.integer("qk_matmul_output_mode", else: 0)
    let numbers: [Double]
    switch step {
    case 0: numbers = scores
    case 1: numbers = capped
    case 2: numbers = mask.applied(to: capped)
    case 3: numbers = shares
    default: throw .invalid("the setting 'qk_matmul_output_mode' is \(step)")
    }
    return GraphValue(numbers, type, try call.shape(attention.scoreDimensions))
  }

  /// The input at `index` by heads: cut by the setting `heads` where it has three axes.
  private static func heads(
    _ call: OperatorCall, _ index: Int, _ setting: String, _ what: String
  ) throws(OperatorError) -> HeadValues {
    let value = try call.input(index)
    guard value.rank == 3 else { return try HeadValues(call, value, what) }
    return try HeadValues(call, value, heads: try call.integer(setting, else: 0), what)
  }

  private static func mask(
    _ call: OperatorCall, _ attention: HeadAttention, past: Int?
  ) throws(OperatorError) -> AttentionMask {
    var mask = try AttentionMask(call, attention)
    let columns = attention.key.positions
    if let stated = call.optional(3) {
      var value = try widened(call, stated, to: columns)
      if case .flags(let flags) = value.storage {
        value = GraphValue(flags.map { $0 ? 0 : -.infinity }, .float64, value.shape)
      }
      try mask.add(value, "mask")
    }
    var lengths: [Int]?
    if let stated = try call.list(6) {
      guard stated.count == attention.query.batch,
        stated.allSatisfy({ (0...columns).contains($0) })
      else { throw .invalid("the lengths \(stated) do not fit \(columns) keys") }
      lengths = stated
      mask.add { entry, _, _, column in column < stated[entry] ? 0 : -.infinity }
    }
    let rows = attention.query.positions
    /// The place of the first query among the keys.
    func offset(_ entry: Int) -> Int {
      if let past { return past }
      return lengths.map { $0[entry] - rows } ?? 0
    }
    let isCausal = try call.integer("is_causal", else: 0) != 0
    let left = try call.integer("left_window_size", else: -1)
    let right = try call.integer("right_window_size", else: -1)
    if isCausal || left >= 0 || right >= 0 {
      mask.add { entry, _, row, column in
        let distance = column - (row + offset(entry))
        let isSeen =
          (!isCausal || distance <= 0) && (left < 0 || distance >= -left)
          && (right < 0 || distance <= right)
        return isSeen ? 0 : -.infinity
      }
    }
    return mask
  }

  /// A mask for fewer keys than there are: those behind it are masked out.
  private static func widened(
    _ call: OperatorCall, _ mask: GraphValue, to columns: Int
  ) throws(OperatorError) -> GraphValue {
    guard let width = mask.dimensions.last, width < columns else { return mask }
    let shape = try call.shape(mask.dimensions.dropLast() + [columns])
    let fill: GraphValue
    switch mask.storage {
    case .flags: fill = GraphValue([false], Shape([]))
    case .numbers: fill = .scalar(-.infinity, mask.type)
    case .integers: throw .invalid("the mask is of integers")
    }
    return mask.gathered(shape, filling: fill) { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return column < width ? row * width + column : nil
    }
  }
}

internal import AlbertGraphs
internal import AlbertTensors

/// Normalisations that onnxruntime fuses with the sums before them.
enum MicrosoftNormalizationOperators {
  static let operators: [Operator] = [
    // onnxruntime's optimiser writes these two into ONNX's own domain, whatever its version.
    Operator("LayerNormalization", until: 16, run: NormalizationOperators.layerNormalization),
    Operator("SimplifiedLayerNormalization", run: simplified),
    Operator(
      "LayerNormalization", domain: "com.microsoft", run: NormalizationOperators.layerNormalization),
    Operator("SimplifiedLayerNormalization", domain: "com.microsoft", run: simplified),
    Operator("SkipLayerNormalization", domain: "com.microsoft", run: skip),
    Operator("SkipSimplifiedLayerNormalization", domain: "com.microsoft", run: skipSimplified),
    Operator("EmbedLayerNormalization", domain: "com.microsoft", run: embed),
    Operator("QEmbedLayerNormalization", domain: "com.microsoft", run: quantizedEmbed),
  ]

  private static func simplified(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: -1), rank: x.rank)
    let norm = try NormalizationOperators.normalized(
      call, x, from: axis, epsilon: try call.number("epsilon", else: 1e-5), centers: false)
    return [
      try NormalizationOperators.scaled(call, norm.values, by: try call.input(1)), norm.scales,
    ]
  }

  // MARK: With a sum

  private static func skip(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    try skip(call, beta: 3, bias: 4, isCentred: true)
  }

  private static func skipSimplified(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    try skip(call, beta: nil, bias: 3, isCentred: false)
  }

  private static func skip(
    _ call: OperatorCall, beta: Int?, bias: Int, isCentred: Bool
  ) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let skipped = try call.input(1)
    guard Broadcast.fits(skipped.dimensions, x.dimensions) else {
      throw .invalid("what is added is \(skipped.shape), the input \(x.shape)")
    }
    _ = try call.numbers(1)
    var sums = zip(try call.numbers(0), skipped.expanded(to: x.shape).doubles).map { $0 + $1 }
    let width = x.dimensions.last ?? 1
    if let added = try call.optionalNumbers(bias) {
      guard added.count == width else { throw .invalid("the bias does not fit rows of \(width)") }
      for index in sums.indices { sums[index] += added[index % width] }
    }
    let total = GraphValue(sums, x.type, x.shape)
    let norm = try NormalizationOperators.normalized(
      call, total, from: x.rank - 1, epsilon: try call.number("epsilon", else: 1e-12),
      centers: isCentred)
    var result = try NormalizationOperators.scaled(call, norm.values, by: try call.input(2))
    if let beta, let offset = call.optional(beta) {
      result = try ArithmeticOperators.sum(call, result, offset)
    }
    return [result, norm.means, norm.scales, total]
  }

  // MARK: Of embeddings

  private static func embed(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let sums = try EmbeddingSums(
      call, tables: [try call.input(2), try call.input(3), call.optional(4)], positions: 8)
    return try embedded(
      call, sums, gamma: try call.input(5), beta: try call.input(6), try call.input(2).type)
  }

  private static func quantizedEmbed(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    /// A table of bytes with its scale and zero point, which stand in the same order behind the mask.
    func table(_ place: Int) throws(OperatorError) -> GraphValue? {
      guard let bytes = call.optional([2, 3, 4, 5, 6][place]) else { return nil }
      let scale = try call.single(8 + place) ?? 1
      let zero = try call.single(13 + place) ?? 0
      return GraphValue(bytes.doubles.map { ($0 - zero) * scale }, .float32, bytes.shape)
    }
    let sums = try EmbeddingSums(
      call, tables: [try table(0), try table(1), try table(2)], positions: nil)
    guard let gamma = try table(3), let beta = try table(4) else {
      throw .invalid("the scale or the offset is missing")
    }
    return try embedded(call, sums, gamma: gamma, beta: beta, .float32)
  }

  private static func embedded(
    _ call: OperatorCall, _ sums: EmbeddingSums, gamma: GraphValue, beta: GraphValue,
    _ type: GraphType
  ) throws(OperatorError) -> [GraphValue?] {
    let total = GraphValue(
      sums.values, type, try call.shape([sums.batch, sums.positions, sums.width]))
    let epsilon = try call.number("epsilon", else: 1e-12)
    let norm =
      call.isSingle(total) && sums.width > 0
      ? try NormalizationOperators.rows(call, total, axis: 2) {
        SinglePrecision.normalizedInOrder($0, epsilon: Float(epsilon)).map(Double.init)
      }
      : try NormalizationOperators.normalized(call, total, from: 2, epsilon: epsilon).values
    let scaled = try NormalizationOperators.scaled(call, norm, by: gamma)
    var lengths = [Int64](repeating: 0, count: try call.shape([sums.batch]).count)
    if call.optional(7) != nil {
      let flags = try call.integers(7)
      guard flags.count == sums.batch * sums.positions else {
        throw .invalid("the mask does not fit the ids")
      }
      for (index, flag) in flags.enumerated() where flag != 0 {
        lengths[index / sums.positions] += 1
      }
    }
    let product = call.isSingle(total) ? scaled.roundedToSingle() : scaled
    return [
      try ArithmeticOperators.sum(call, product, beta),
      GraphValue(lengths, .int32, try call.shape([sums.batch])), total,
    ]
  }
}

/// Word, position and token type vectors of ids, added.
private struct EmbeddingSums {
  let batch: Int
  let positions: Int
  let width: Int
  private(set) var values: [Double] = []
  /// Whether each sum is rounded to Float32.
  private let rounds: Bool

  /// `tables` are those of words, positions and token types; of the last there may be none.
  init(
    _ call: OperatorCall, tables: [GraphValue?], positions place: Int?
  ) throws(OperatorError) {
    rounds = call.roundsValues
    let ids = try call.input(0)
    guard ids.rank == 2, let words = tables[0] else {
      throw .invalid("the ids are \(ids.shape), where a batch of texts is wanted")
    }
    batch = ids.dimensions[0]
    positions = ids.dimensions[1]
    width = words.dimensions.last ?? 0
    let count = ids.count
    let own = positions
    var places = (0..<count).map { Int64($0 % own) }
    if let place, call.optional(place) != nil {
      let stated = try call.integers(place)
      guard stated.count == count || stated.count == own else {
        throw .invalid("there are \(stated.count) positions for \(count) ids")
      }
      places = (0..<count).map { stated[stated.count == count ? $0 : $0 % own] }
    }
    let shape = try call.shape([batch, positions, width])
    values = [Double](repeating: 0, count: shape.count)
    try add(words, try call.integers(0), "word")
    guard let table = tables[1] else { throw .invalid("the table of positions is missing") }
    try add(table, places, "position")
    if let table = tables[2] {
      let types =
        call.optional(1) == nil
        ? [Int64](repeating: 0, count: count) : try call.integers(1)
      try add(table, types, "token type")
    }
  }

  private mutating func add(
    _ table: GraphValue, _ ids: [Int64], _ what: String
  ) throws(OperatorError) {
    guard table.rank == 2, table.dimensions[1] == width, ids.count == batch * positions,
      case .numbers(let numbers) = table.storage
    else { throw .invalid("the table \(table.shape) of \(what) vectors does not fit") }
    for (index, id) in ids.enumerated() {
      guard id >= 0, id < table.dimensions[0] else {
        throw .invalid("the \(what) id \(id) is beyond the table \(table.shape)")
      }
      let start = Int(id) * width
      for column in 0..<width {
        let sum = values[index * width + column] + numbers[start + column]
        values[index * width + column] = rounds ? Double(Float(sum)) : sum
      }
    }
  }
}

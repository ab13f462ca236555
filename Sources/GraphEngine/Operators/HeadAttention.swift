internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Values of attention heads: batch, heads, positions and the size of one head's vector.
struct HeadValues {
  /// Elements in the order [batch, heads, positions, size].
  var values: [Double]
  let batch: Int
  let heads: Int
  var positions: Int
  let size: Int

  /// The extents, outermost axis first.
  var dimensions: [Int] { [batch, heads, positions, size] }
  /// Elements of one head.
  var headCount: Int { positions * size }

  init(_ values: [Double], _ batch: Int, _ heads: Int, _ positions: Int, _ size: Int) {
    self.values = values
    self.batch = batch
    self.heads = heads
    self.positions = positions
    self.size = size
  }

  /// Values that stand in the order of heads already.
  init(_ call: OperatorCall, _ value: GraphValue, _ what: String) throws(OperatorError) {
    guard case .numbers(let numbers) = value.storage, value.rank == 4 else {
      throw .invalid("the \(what) is \(value.shape), which has no heads")
    }
    let extents = value.dimensions
    try call.spend(extents: extents)
    self.init(numbers, extents[0], extents[1], extents[2], extents[3])
  }

  /// Values of [batch, positions, heads times size], which are cut into heads; `width` columns from
  /// `start` on where they are packed beside others.
  init(
    _ call: OperatorCall, _ numbers: [Double], batch: Int, positions: Int, columns: Int,
    from start: Int = 0, width: Int, heads: Int, _ what: String
  ) throws(OperatorError) {
    try call.spend(extents: [batch, positions, width])
    guard heads > 0, width.isMultiple(of: heads) else {
      throw .invalid("the \(what) has \(width) columns for \(heads) heads")
    }
    let size = width / heads
    var result = [Double](repeating: 0, count: batch * positions * width)
    var place = 0
    for entry in 0..<batch {
      for head in 0..<heads {
        for position in 0..<positions {
          let row = (entry * positions + position) * columns + start + head * size
          for column in 0..<size { result[place + column] = numbers[row + column] }
          place += size
        }
      }
    }
    self.init(result, batch, heads, positions, size)
  }

  /// A value of three axes, cut into heads.
  init(
    _ call: OperatorCall, _ value: GraphValue, heads: Int, _ what: String
  ) throws(OperatorError) {
    guard case .numbers(let numbers) = value.storage, value.rank == 3 else {
      throw .invalid("the \(what) is \(value.shape), where three axes are wanted")
    }
    let extents = value.dimensions
    try self.init(
      call, numbers, batch: extents[0], positions: extents[1], columns: extents[2],
      width: extents[2],
      heads: heads, what)
  }

  /// These values behind those of `past`, position by position.
  func appended(to past: HeadValues) throws(OperatorError) -> HeadValues {
    guard past.batch == batch, past.heads == heads, past.size == size else {
      throw .invalid("what is past is \(past.dimensions), what is new \(dimensions)")
    }
    var result: [Double] = []
    result.reserveCapacity(past.values.count + values.count)
    for head in 0..<batch * heads {
      result += past.values[head * past.headCount..<(head + 1) * past.headCount]
      result += values[head * headCount..<(head + 1) * headCount]
    }
    return HeadValues(result, batch, heads, past.positions + positions, size)
  }

  /// Heads side by side: [batch, positions, heads times size].
  func joined(_ call: OperatorCall, _ type: GraphType) throws(OperatorError) -> GraphValue {
    let shape = try call.shape([batch, positions, heads * size])
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for entry in 0..<batch {
      for position in 0..<positions {
        for head in 0..<heads {
          let start = ((entry * heads + head) * positions + position) * size
          result += values[start..<start + size]
        }
      }
    }
    return GraphValue(result, type, shape)
  }

  /// Heads as they are: [batch, heads, positions, size].
  func value(_ call: OperatorCall, _ type: GraphType) throws(OperatorError) -> GraphValue {
    GraphValue(values, type, try call.shape(dimensions))
  }
}

/// Scaled dot-product attention of heads, step by step.
struct HeadAttention {
  let query: HeadValues
  let key: HeadValues
  let value: HeadValues
  /// What products are multiplied by.
  let scale: Double
  /// Bounds of a score, by the hyperbolic tangent; 0 for none.
  var softcap: Double = 0

  init(_ query: HeadValues, _ key: HeadValues, _ value: HeadValues, scale: Double?)
    throws(OperatorError)
  {
    guard query.batch == key.batch, key.batch == value.batch, key.heads == value.heads,
      query.size == key.size, key.positions == value.positions, key.heads > 0,
      query.heads.isMultiple(of: key.heads)
    else {
      throw .invalid(
        "query \(query.dimensions), key \(key.dimensions) and value \(value.dimensions) do not fit")
    }
    self.query = query
    self.key = key
    self.value = value
    self.scale = scale ?? 1 / Double(query.size).squareRoot()
  }

  /// The extents of scores: batch, heads, positions of the query and of the key.
  var scoreDimensions: [Int] { [query.batch, query.heads, query.positions, key.positions] }

  /// The head of key and value that a head of the query belongs to, counted over the batch.
  private func keyHead(_ head: Int) -> Int {
    let (entry, own) = (head / query.heads, head % query.heads)
    return entry * key.heads + own / (query.heads / key.heads)
  }

  /// Products of queries and keys, scaled.
  func scores(_ call: OperatorCall) throws(OperatorError) -> [Double] {
    _ = try call.shape(scoreDimensions)
    try call.spend(extents: scoreDimensions + [query.size])
    var result: [Double] = []
    result.reserveCapacity(query.batch * query.heads * query.positions * key.positions)
    for head in 0..<query.batch * query.heads {
      let keys = keyHead(head) * key.headCount
      for row in 0..<query.positions {
        let queries = (head * query.positions + row) * query.size
        for column in 0..<key.positions {
          var sum = 0.0
          let start = keys + column * key.size
          for place in 0..<key.size {
            sum += query.values[queries + place] * key.values[start + place]
          }
          result.append(sum * scale)
        }
      }
    }
    return result
  }

  /// Scores as the soft cap bounds them.
  func capped(_ scores: [Double]) -> [Double] {
    softcap > 0 ? scores.map { softcap * tanh($0 / softcap) } : scores
  }

  /// Each row of scores as shares of 1; a row that is all minus infinity has none.
  func shares(_ scores: [Double]) -> [Double] {
    var result = scores
    let width = key.positions
    guard width > 0 else { return result }
    for row in 0..<scores.count / width {
      let range = row * width..<(row + 1) * width
      let largest = result[range].max() ?? 0
      guard largest > -.infinity else {
        for place in range { result[place] = 0 }
        continue
      }
      var sum = 0.0
      for place in range {
        let share = exp(result[place] - largest)
        result[place] = share
        sum += share
      }
      for place in range { result[place] /= sum }
    }
    return result
  }

  /// Values by the shares that queries have of them.
  func weighted(_ shares: [Double], _ call: OperatorCall) throws(OperatorError) -> HeadValues {
    _ = try call.shape([query.batch, query.heads, query.positions, value.size])
    try call.spend(extents: scoreDimensions + [value.size])
    var result = HeadValues(
      [Double](
        repeating: 0, count: query.batch * query.heads * query.positions * value.size),
      query.batch, query.heads, query.positions, value.size)
    for head in 0..<query.batch * query.heads {
      try call.checkCancelled()
      let values = keyHead(head) * value.headCount
      for row in 0..<query.positions {
        let line = head * query.positions + row
        for column in 0..<key.positions {
          let share = shares[line * key.positions + column]
          // What is masked out stays out, were it infinite or no number at all.
          guard share != 0 else { continue }
          let start = values + column * value.size
          for place in 0..<value.size {
            result.values[line * value.size + place] += share * value.values[start + place]
          }
        }
      }
    }
    return result
  }
}

extension OperatorCall {
  /// Keys and values behind the past ones, where both of these are given.
  func appended(
    _ key: HeadValues, _ value: HeadValues, past places: (key: Int, value: Int)
  ) throws(OperatorError) -> (key: HeadValues, value: HeadValues) {
    switch (optional(places.key), optional(places.value)) {
    case (nil, nil): return (key, value)
    case (let pastKey?, let pastValue?):
      return (
        try key.appended(to: try HeadValues(self, pastKey, "past key")),
        try value.appended(to: try HeadValues(self, pastValue, "past value"))
      )
    default: throw .invalid("of the past key and value only one is given")
    }
  }

  /// Counts a walk over extents; one that is empty is walked all the same.
  func spend(extents: [Int]) throws(OperatorError) {
    var product = 1
    for extent in extents { product = product.multiplied(by: max(1, extent)) ?? .max }
    try spend(product)
  }
}

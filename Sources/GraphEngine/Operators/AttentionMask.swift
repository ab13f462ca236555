internal import AlbertGraphs
internal import AlbertTensors

/// What is added to scores before the softmax, row by row.
struct AttentionMask {
  /// Batch, heads, positions of the query and of the key.
  let dimensions: [Int]
  private(set) var added: [Double]

  init(_ call: OperatorCall, _ attention: HeadAttention) throws(OperatorError) {
    dimensions = attention.scoreDimensions
    try call.spend(extents: dimensions)
    added = [Double](repeating: 0, count: try call.shape(dimensions).count)
  }

  /// Adds what `body` says of each batch entry, head, position of the query and of the key.
  mutating func add(_ body: (_ entry: Int, _ head: Int, _ row: Int, _ column: Int) -> Double) {
    var place = 0
    for entry in 0..<dimensions[0] {
      for head in 0..<dimensions[1] {
        for row in 0..<dimensions[2] {
          for column in 0..<dimensions[3] {
            added[place] += body(entry, head, row, column)
            place += 1
          }
        }
      }
    }
  }

  /// Adds a value whose shape is repeated to the scores'.
  mutating func add(_ value: GraphValue, _ what: String) throws(OperatorError) {
    guard Broadcast.fits(value.dimensions, dimensions),
      case .numbers(let numbers) = value.storage
    else { throw .invalid("the \(what) \(value.shape) does not fit scores of \(dimensions)") }
    var places = StridedPlaces(
      dimensions, strides: Broadcast.strides(value.shape, over: dimensions))
    for index in added.indices { added[index] += numbers[places.next()] }
  }

  /// Scores with what is added to them.
  func applied(to scores: [Double]) -> [Double] { zip(scores, added).map { $0 + $1 } }

  /// Scores with what is added to them, rows without any key set to minus infinity throughout: a sum of
  /// infinities of both signs is not a number.
  func guarded(_ scores: [Double]) -> [Double] {
    var result = applied(to: scores)
    let width = dimensions[3]
    guard width > 0 else { return result }
    for row in 0..<result.count / width {
      let range = row * width..<(row + 1) * width
      if added[range].allSatisfy({ $0 == -.infinity }) {
        for place in range { result[place] = -.infinity }
      }
    }
    return result
  }
}

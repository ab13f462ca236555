internal import AlbertGraphs
internal import AlbertTensors

/// Positions as rotations of pairs of columns.
enum RotaryEmbeddingOperators {
  static let operators: [Operator] = [
    Operator("RotaryEmbedding", since: 23, run: rotary),
    Operator("RotaryEmbedding", domain: "com.microsoft", run: microsoftRotary),
  ]

  private static func rotary(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    try rotate(call, cosine: 1, sine: 2, positions: 3)
  }

  private static func microsoftRotary(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    guard try call.integer("is_packed_batching", else: 0) == 0 else {
      throw .unsupported("RotaryEmbedding over a packed batch")
    }
    guard try call.number("scale", else: 1) == 1 else {
      throw .unsupported("RotaryEmbedding with a scale")
    }
    return try rotate(call, cosine: 2, sine: 3, positions: 1)
  }

  /// Turns each head's columns by the angle of its position.
  private static func rotate(
    _ call: OperatorCall, cosine: Int, sine: Int, positions: Int
  ) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let layout = try HeadLayout(call, x, tableColumns: try call.input(cosine).dimensions.last ?? 0)
    let cosines = try AngleTable(call, cosine, positions: positions, layout)
    let sines = try AngleTable(call, sine, positions: positions, layout)
    try call.spend(extents: [layout.batch, layout.positions, layout.heads])
    let isInterleaved = try call.integer("interleaved", else: 0) != 0
    var result = try call.numbers(0)
    let half = layout.turned / 2
    for entry in 0..<layout.batch {
      for position in 0..<layout.positions {
        for head in 0..<layout.heads {
          let start = layout.start(entry, position, head)
          for pair in 0..<half {
            let first = start + (isInterleaved ? 2 * pair : pair)
            let second = start + (isInterleaved ? 2 * pair + 1 : half + pair)
            let (c, s) = (cosines[entry, position, pair], sines[entry, position, pair])
            let (real, imaginary) = (result[first], result[second])
            result[first] = c * real - s * imaginary
            result[second] = s * real + c * imaginary
          }
        }
      }
    }
    return [GraphValue(result, x.type, x.shape)]
  }
}

/// Where heads lie in a value of three axes (heads side by side) or four (heads before positions).
private struct HeadLayout {
  let batch: Int
  let positions: Int
  let heads: Int
  let size: Int
  /// Columns of a head that are turned; the rest stays.
  let turned: Int
  private let headsFirst: Bool

  init(
    _ call: OperatorCall, _ x: GraphValue, tableColumns: Int
  ) throws(OperatorError) {
    let extents = x.dimensions
    let wanted = try call.integer("num_heads", else: 0)
    switch x.rank {
    case 4:
      (batch, heads, positions, size, headsFirst) = (
        extents[0], extents[1], extents[2], extents[3], true
      )
    case 3:
      guard wanted > 0 || tableColumns > 0 else { throw .invalid("the number of heads is missing") }
      // Without a number of heads the tables say how wide a head is.
      heads = wanted > 0 ? wanted : extents[2] / (2 * tableColumns)
      guard heads > 0, extents[2].isMultiple(of: heads) else {
        throw .invalid("\(extents[2]) columns are not \(heads) heads")
      }
      (batch, positions, size, headsFirst) = (extents[0], extents[1], extents[2] / heads, false)
    default: throw .invalid("it takes three or four axes")
    }
    let stated = try call.integer("rotary_embedding_dim", else: 0)
    turned = stated == 0 ? size : stated
    guard turned >= 0, turned <= size, turned.isMultiple(of: 2) else {
      throw .invalid("\(turned) of \(size) columns cannot be turned in pairs")
    }
  }

  /// The first element of a head.
  func start(_ entry: Int, _ position: Int, _ head: Int) -> Int {
    headsFirst
      ? ((entry * heads + head) * positions + position) * size
      : ((entry * positions + position) * heads + head) * size
  }
}

/// Cosines or sines by position and pair of columns.
private struct AngleTable {
  private let values: [Double]
  private let columns: Int
  /// The row of the table for each position of each batch entry.
  private let rows: [Int]
  private let positions: Int

  init(
    _ call: OperatorCall, _ index: Int, positions place: Int, _ layout: HeadLayout
  ) throws(OperatorError) {
    let table = try call.input(index)
    values = try call.numbers(index)
    columns = table.dimensions.last ?? 0
    positions = layout.positions
    let count = layout.batch * layout.positions
    try call.spend(extents: [layout.batch, layout.positions])
    guard columns == layout.turned / 2 else {
      throw .invalid("a table of \(table.shape) for \(layout.turned) columns")
    }
    if let stated = try call.list(place) {
      guard table.rank == 2 else { throw .invalid("a table of \(table.shape) beside positions") }
      if stated.count == 1, call.node.domain == "com.microsoft" {
        guard (0...values.count).contains(stated[0]) else {
          throw .invalid("a position is beyond the table")
        }
        rows = (0..<count).map { stated[0] + $0 % layout.positions }
      } else {
        guard stated.count == count else {
          throw .invalid("there are \(stated.count) positions for \(count) places")
        }
        rows = stated
      }
    } else {
      guard table.dimensions == [layout.batch, layout.positions, columns] else {
        throw .invalid("a table of \(table.shape) without positions")
      }
      rows = Array(0..<count)
    }
    let most = columns == 0 ? 0 : values.count / columns
    guard rows.allSatisfy({ $0 >= 0 && $0 < most }) else {
      throw .invalid("a position is beyond the table")
    }
  }

  subscript(entry: Int, position: Int, pair: Int) -> Double {
    values[rows[entry * positions + position] * columns + pair]
  }
}

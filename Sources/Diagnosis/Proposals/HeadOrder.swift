internal import AlbertArchitecture
internal import AlbertTensors

/// The order in which heads are.
enum HeadOrder {
  /// Where each of `count` heads comes from, by which of them are alike; nil where one is like none,
  /// or all are in their places.
  static func matching(_ count: Int, isAlike: (_ head: Int, _ other: Int) -> Bool) -> [Int]? {
    var order: [Int] = []
    var isTaken = [Bool](repeating: false, count: count)
    for head in 0..<count {
      // A head that is where it should be, before one that looks like it.
      let candidates = [head] + (0..<count).filter { $0 != head }
      guard let found = candidates.first(where: { !isTaken[$0] && isAlike(head, $0) }) else {
        return nil
      }
      isTaken[found] = true
      order.append(found)
    }
    return order == Array(0..<count) ? nil : order
  }
}

/// Where a parameter's features belong to heads.
///
/// Query, key and value have the heads along their rows, the output along its columns.
struct HeadLayout {
  /// Features of one head.
  let size: Int
  private let heads: Int
  private let isAlongRows: Bool
  /// Numbers per row of the parameter.
  private let width: Int

  /// Nil for a parameter without heads, or where there is but one.
  init?(_ parameter: Parameter, _ shape: Shape, heads: Int) {
    switch parameter.role {
    case .queryWeight, .keyWeight, .valueWeight, .queryBias, .keyBias, .valueBias:
      isAlongRows = true
    case .attentionOutputWeight: isAlongRows = false
    default: return nil
    }
    let d = shape.dimensions
    guard let first = d.first, let last = d.last, heads > 1, first.isMultiple(of: heads) else {
      return nil
    }
    width = d.count == 2 ? last : 1
    self.heads = heads
    size = first / heads
  }

  /// An order of features as one of the parameter's numbers.
  func order(_ features: [Int]) -> NumberOrder {
    isAlongRows ? .rows(features, width: width) : .columns(features)
  }

  /// At most so many places within a head, from all over it.
  func places(_ most: Int) -> [(row: Int, column: Int)] {
    let others = isAlongRows ? width : heads * size
    return SpreadIndices(count: size * others).prefix(most).map { ($0 / others, $0 % others) }
  }

  /// The index of a place within a head.
  func index(_ head: Int, _ row: Int, _ column: Int) -> Int {
    isAlongRows
      ? (head * size + row) * width + column : column * width + head * size + row
  }
}

internal import Albert
internal import Tensors

/// Orders in which the attention heads of a parameter may be by mistake.
///
/// Query, key and value have the heads along their rows, the output along its columns.
struct HeadOrders {
  private enum Axis {
    case rows
    case columns
  }

  private let axis: Axis
  private let heads: Int
  private let size: Int
  /// Numbers per row of the parameter.
  private let width: Int

  /// Nil for a parameter without heads, or where there is but one.
  init?(_ parameter: Parameter, _ shape: Shape, heads: Int) {
    switch parameter.role {
    case .queryWeight, .keyWeight, .valueWeight, .queryBias, .keyBias, .valueBias: axis = .rows
    case .attentionOutputWeight: axis = .columns
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

  /// The orders that no search is needed for: heads and their dimensions exchanged.
  var interleaved: [Rearrangement] {
    let places = (0..<heads * size)
    return [
      rearrangement(
        places.map { $0 % heads * size + $0 / heads },
        "has its heads interleaved: [dimension, head] instead of [head, dimension]"),
      rearrangement(
        places.map { $0 % size * heads + $0 / size },
        "has its heads taken for interleaved: split as [dimension, head] instead of [head, dimension]"
      ),
    ]
  }

  /// The order in which the heads are, found by comparing them; nil where it is none.
  ///
  /// `value` reads the subject, `expected` what the reference's numbers have become.
  func permutation(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, _ closeness: Closeness
  ) -> Rearrangement? {
    var order: [Int] = []
    var isTaken = [Bool](repeating: false, count: heads)
    for head in 0..<heads {
      // A head that is where it should be, before one that looks like it.
      let candidates = [head] + (0..<heads).filter { $0 != head }
      let found = candidates.first { other in
        !isTaken[other]
          && probes.allSatisfy { row, column in
            closeness.holds(
              value(index(head, row, column)), expected(index(other, row, column)))
          }
      }
      guard let found else { return nil }
      isTaken[found] = true
      order.append(found)
    }
    guard order != Array(0..<heads) else { return nil }
    let list = order.prefix(16).map(String.init).joined(separator: ", ")
    return rearrangement(
      order.flatMap { head in (0..<size).map { head * size + $0 } },
      "has its heads in the order \(list)\(heads > 16 ? ", …" : "")")
  }

  /// Places within a head that are compared: from all over it.
  private var probes: [(row: Int, column: Int)] {
    let others = axis == .rows ? width : heads * size
    return SpreadIndices(count: size * others).prefix(6).map { ($0 / others, $0 % others) }
  }

  private func index(_ head: Int, _ row: Int, _ column: Int) -> Int {
    switch axis {
    case .rows: (head * size + row) * width + column
    case .columns: column * width + head * size + row
    }
  }

  private func rearrangement(_ places: [Int], _ words: String) -> Rearrangement {
    Rearrangement(
      code: .permutedHeads,
      arrangement: axis == .rows ? .rows(places, width: width) : .columns(places), words: words)
  }
}

internal import AlbertTensors

/// Which element of a parameter each element comes from.
enum NumberOrder: Equatable, Sendable {
  /// The numbers of a [rows, columns] matrix, column by column.
  case transposed(rows: Int, columns: Int)
  /// Whole rows of `width` numbers from other rows; nil for a row that comes from nowhere.
  case rows([Int?], width: Int)
  /// Whole columns from other columns.
  case columns([Int])

  /// The index that element `index` comes from; nil for one that comes from nowhere.
  func source(of index: Int) -> Int? {
    switch self {
    case .transposed(let rows, let columns): return index % rows * columns + index / rows
    case .rows(let rows, let width):
      let (row, column) = index.quotientAndRemainder(dividingBy: width)
      return rows[row].map { $0 * width + column }
    case .columns(let columns):
      let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
      return row * columns.count + columns[column]
    }
  }

  /// A parameter's bytes in this order, zeros for what comes from nowhere.
  func apply(_ bytes: [UInt8], elementSize size: Int) -> [UInt8] {
    switch self {
    case .transposed(let rows, let columns):
      return transpose(bytes, rows: rows, columns: columns, elementSize: size)
    case .rows(let order, let width):
      let unit = width * size
      var result: [UInt8] = []
      result.reserveCapacity(order.count * unit)
      for row in order {
        if let row {
          result += bytes[row * unit..<(row + 1) * unit]
        } else {
          result += repeatElement(0, count: unit)
        }
      }
      return result
    case .columns(let order):
      let rows = bytes.count / max(1, order.count * size)
      let turned = transpose(bytes, rows: rows, columns: order.count, elementSize: size)
      let moved = Self.rows(order, width: rows).apply(turned, elementSize: size)
      return transpose(moved, rows: order.count, columns: rows, elementSize: size)
    }
  }

  /// The order that takes this one back; nil where elements are lost.
  var inverse: NumberOrder? {
    switch self {
    case .transposed(let rows, let columns): .transposed(rows: columns, columns: rows)
    case .rows(let order, let width): Self.inverse(of: order).map { .rows($0, width: width) }
    case .columns(let order): Self.inverse(of: order).map { .columns($0) }
    }
  }

  private static func inverse(of order: [Int?]) -> [Int]? {
    var inverse = [Int?](repeating: nil, count: order.count)
    for (place, source) in order.enumerated() {
      guard let source, order.indices.contains(source), inverse[source] == nil else { return nil }
      inverse[source] = place
    }
    return inverse.compactMap(\.self)
  }
}

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
    let count =
      if case .rows(let order, let width) = self { order.count * width } else { bytes.count / size }
    var result = [UInt8](repeating: 0, count: count * size)
    for index in 0..<count {
      guard let from = source(of: index) else { continue }
      for byte in 0..<size { result[index * size + byte] = bytes[from * size + byte] }
    }
    return result
  }
}

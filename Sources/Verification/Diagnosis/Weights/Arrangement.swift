/// Which element of a parameter each element of another comes from.
enum Arrangement: Equatable {
  /// The one at the same place.
  case same
  /// The numbers of a [rows, columns] matrix, column by column.
  case transposed(rows: Int, columns: Int)
  /// Whole rows of `width` numbers from other rows; nil for a row that comes from nowhere.
  case rows([Int?], width: Int)
  /// Whole columns from other columns.
  case columns([Int])

  /// The index that element `index` comes from; nil for one that comes from nowhere.
  func source(of index: Int) -> Int? {
    switch self {
    case .same: return index
    case .transposed(let rows, let columns): return index % rows * columns + index / rows
    case .rows(let rows, let width):
      let (row, column) = index.quotientAndRemainder(dividingBy: width)
      return rows[row].map { $0 * width + column }
    case .columns(let columns):
      let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
      return row * columns.count + columns[column]
    }
  }
}

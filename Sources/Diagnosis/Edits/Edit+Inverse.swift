internal import AlbertArchitecture

extension Edit {
  /// The edit that takes this one back, made to `model`, byte by byte; nil where numbers are lost.
  func inverse(in model: EditedModel) -> Edit? {
    switch self {
    case .exchange: self
    case .reorder(let parameter, let order): order.inverse.map { .reorder(parameter, $0) }
    case .change(let parameter, let change): change.inverse.map { .change(parameter, $0) }
    case .replace, .alias: nil
    case .configure(let setting): .configure(setting.current(model))
    }
  }
}

extension NumberOrder {
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

internal import Albert
internal import Tensors

/// What may be wrong with a parameter, as data: each hypothesis is a code, and a transform of the
/// reference's numbers or their order.
enum WeightHypotheses {
  /// What may have become of each number on its own, most specific first.
  ///
  /// A factor that is none of these is looked for last. Of roundings the `usual` one, which other
  /// parameters went through, goes before those that few numbers cannot tell from it.
  static func changes(
    of parameter: Parameter, type: ElementType, usual: Rounding? = nil
  ) -> [ValueChange] {
    let roundings = Rounding.all(below: type)
    let ordered = roundings.filter { $0 == usual } + roundings.filter { $0 != usual }
    return [.zeroed, .byteSwapped(type)] + (parameter.role == .mlmBias ? [.doubled] : [])
      + [.negated] + ordered.map { .rounded($0) }
  }

  /// Orders that need no search, most specific first.
  static func fixedOrders(
    of parameter: Parameter, _ shape: Shape, heads: [Int]
  ) -> [Rearrangement] {
    let d = shape.dimensions
    switch parameter.role {
    case .sopWeight, .sopBias:
      // The head has two rows, or numbers, for its two labels.
      return [
        Rearrangement(
          code: .sopLabelsFlipped, arrangement: .rows([1, 0], width: d.count == 2 ? d[1] : 1),
          words: "has its two labels exchanged")
      ] + transposed(shape)
    default:
      return transposed(shape)
        + heads.compactMap { HeadOrders(parameter, shape, heads: $0) }.flatMap(\.interleaved)
    }
  }

  private static func transposed(_ shape: Shape) -> [Rearrangement] {
    let d = shape.dimensions
    guard d.count == 2, d[0] > 1, d[1] > 1 else { return [] }
    if d[0] == d[1] {
      return [
        Rearrangement(
          code: .transposed, arrangement: .transposed(rows: d[0], columns: d[1]),
          words: "is transposed")
      ]
    }
    return [(d[0], d[1]), (d[1], d[0])].map {
      Rearrangement(
        code: .transposed, arrangement: .transposed(rows: $0.0, columns: $0.1),
        words: "holds the numbers of its transposed matrix under its own shape")
    }
  }
}

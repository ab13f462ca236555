internal import Albert
internal import Tensors

/// Looks for what a matrix is nearly: of a model that was trained further or rounded to integers, no
/// relation holds to the last digit.
///
/// Numbers of a matrix that is another one's correlate with them, and hardly with those that should
/// be there; by chance a thousand numbers do not.
struct Resemblance {
  let pair: ModelPair
  let suspect: Suspect

  /// The fewest numbers of a matrix, and the most that are looked at.
  private static let (fewest, most) = (256, 1024)
  /// The correlation that tells that numbers are the same, and the one that tells that they are not.
  private static let (alike, unlike) = (0.9, 0.5)

  /// The first of the relations to `sources` that resembles the matrix; nil where it resembles what
  /// it should be, or nothing.
  func relation(_ sources: [Parameter], heads: [Int]) -> Relation? {
    guard suspect.shape.rank == 2, suspect.shape.count >= Self.fewest,
      suspect.shape == suspect.referenceShape
    else { return nil }
    let indices = Array(SpreadIndices(count: suspect.shape.count).prefix(Self.most))
    let values = pair.subject.withBytes(of: suspect.parameter) { bytes in
      indices.map { bytes.double(at: $0, of: suspect.type) ?? .nan }
    }
    let own = Relation(source: suspect.parameter)
    // Numbers of the opposite sign are unlike too.
    guard correlation(own, indices, values) < Self.unlike else { return nil }
    let orders = WeightHypotheses.fixedOrders(of: suspect.parameter, suspect.shape, heads: heads)
    for source in [suspect.parameter] + sources {
      for order in [nil] + orders.map(Optional.some) {
        for change in [ValueChange.none, .negated] {
          let relation = Relation(source: source, rearrangement: order, change: change)
          if correlation(relation, indices, values) >= Self.alike { return relation }
        }
      }
    }
    return nil
  }

  /// Pearson's correlation of the subject's numbers with what a relation makes of the reference's.
  private func correlation(
    _ relation: Relation, _ indices: [Int], _ values: [Double]
  ) -> Double {
    let type = pair.reference.elementType(of: relation.source)
    let others = pair.reference.withBytes(of: relation.source) { bytes in
      indices.map { index in
        relation.value(at: index) { bytes.double(at: $0, of: type) ?? .nan } ?? .nan
      }
    }
    let count = Double(indices.count)
    let means = (values.reduce(0, +) / count, others.reduce(0, +) / count)
    var (product, mine, theirs) = (0.0, 0.0, 0.0)
    for (value, other) in zip(values, others) {
      let (a, b) = (value - means.0, other - means.1)
      product += a * b
      mine += a * a
      theirs += b * b
    }
    let norms = (mine * theirs).squareRoot()
    // What is not finite, or all alike, correlates with nothing.
    return norms > 0 && product.isFinite && norms.isFinite ? product / norms : 0
  }
}

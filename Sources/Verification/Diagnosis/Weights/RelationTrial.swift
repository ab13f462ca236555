internal import Albert
internal import Tensors

/// Looks for relations of a parameter to one of the reference's that its samples do not refute.
struct RelationTrial {
  let pair: ModelPair
  let suspect: Suspect
  let source: Parameter
  /// Whether other orders are tried; then only they.
  let orders: Bool
  /// Whether changes of the numbers are tried; then only they.
  let changes: Bool
  /// The way through a narrower type that other parameters went.
  var usual: Rounding?

  /// Samples of 10 that may contradict a relation, since single elements may be damaged beside.
  private static let samplesPerException = 10

  /// What the samples leave, most specific first.
  func relations() -> [Relation] {
    let type = pair.reference.elementType(of: source)
    return pair.subject.withBytes(of: suspect.parameter) { mine in
      pair.reference.withBytes(of: source) { theirs in
        relations {
          mine.double(at: $0, of: suspect.type) ?? .nan
        } from: {
          theirs.double(at: $0, of: type) ?? .nan
        }
      }
    }
  }

  private func relations(
    _ value: (Int) -> Double, from element: (Int) -> Double
  ) -> [Relation] {
    let known: [ValueChange] =
      changes
      ? WeightHypotheses.changes(of: suspect.parameter, type: suspect.type, usual: usual) : [.none]
    var result: [Relation] = []
    for change in known {
      for order in rearrangements(value, { change.apply(element($0)) }) {
        let relation = Relation(source: source, rearrangement: order, change: change)
        if isPossible(relation, element) { result.append(relation) }
      }
    }
    if changes {
      for order in orders ? fixedOrders.map(Optional.some) : [nil] {
        if let relation = scaled(order, element) { result.append(relation) }
      }
    }
    return result
  }

  /// The orders to try; one that is none where orders are not tried.
  private func rearrangements(
    _ value: (Int) -> Double, _ expected: (Int) -> Double
  ) -> [Rearrangement?] {
    guard orders else { return [nil] }
    let closeness = pair.closeness(suspect.parameter, source)
    let isOfOneShape = suspect.shape == suspect.referenceShape
    let permutations = (isOfOneShape ? pair.headCounts : []).compactMap {
      HeadOrders(suspect.parameter, suspect.shape, heads: $0)?
        .permutation(value, expected, closeness)
    }
    // Rows are looked up, so that they must be equal, not only close.
    let isExact = closeness.ulps == 0
    let table = RowOrders(
      suspect, { isExact ? value($0) : closeness.type.nearest(value($0)) },
      { isExact ? expected($0) : closeness.type.nearest(expected($0)) })
    return fixedOrders + permutations + [table?.rearrangement].compactMap(\.self)
  }

  private var fixedOrders: [Rearrangement] {
    suspect.shape == suspect.referenceShape
      ? WeightHypotheses.fixedOrders(of: suspect.parameter, suspect.shape, heads: pair.headCounts)
      : []
  }

  /// Whether the samples agree with a relation, and are enough to tell it from coincidence.
  private func isPossible(_ relation: Relation, _ element: (Int) -> Double) -> Bool {
    if suspect.samples.isEmpty { return true }
    let closeness = pair.closeness(relation, of: suspect)
    var exceptions = 0
    var covered = 0
    var distinct: Set<Double> = []
    for sample in suspect.samples {
      guard let expected = relation.value(at: sample.index, element) else { continue }
      covered += 1
      if closeness.holds(sample.value, expected) {
        if distinct.count < 2 { distinct.insert(expected) }
      } else {
        exceptions += 1
        if exceptions * Self.samplesPerException > suspect.samples.count { return false }
      }
    }
    guard covered > exceptions else { return false }
    // Numbers that are all alike, such as fresh biases, come from anywhere.
    let isFromElsewhere = relation.source != suspect.parameter || relation.rearrangement != nil
    return !isFromElsewhere || distinct.count > 1 || isMutual
  }

  /// Whether the parameter and the source have each other's numbers.
  private var isMutual: Bool {
    guard source != suspect.parameter, pair.isDiffering(source),
      pair.shapes(of: source).subject == suspect.shape
    else { return false }
    let closeness = pair.closeness(source, suspect.parameter)
    let types = (
      pair.subject.elementType(of: source), pair.reference.elementType(of: suspect.parameter)
    )
    return pair.subject.withBytes(of: source) { theirs in
      pair.reference.withBytes(of: suspect.parameter) { mine in
        suspect.samples.allSatisfy {
          closeness.holds(
            theirs.double(at: $0.index, of: types.0) ?? .nan,
            mine.double(at: $0.index, of: types.1) ?? .nan)
        }
      }
    }
  }

  /// The relation with the factor between the samples and what they should be, where there is one.
  private func scaled(_ order: Rearrangement?, _ element: (Int) -> Double) -> Relation? {
    var relation = Relation(source: source, rearrangement: order)
    let ratios = suspect.samples.compactMap { sample -> Double? in
      guard let expected = relation.value(at: sample.index, element) else { return nil }
      let ratio = sample.value / expected
      return ratio.isFinite && ratio != 0 ? ratio : nil
    }.sorted()
    guard ratios.count > 1 else { return nil }
    let factor = ratios[ratios.count / 2]
    relation.change = .scaled(factor)
    // A factor that rounding could be taken for is none.
    let closeness = pair.closeness(relation, of: suspect)
    let rounding = 4 * closeness.ulps * closeness.type.unitInLastPlace(of: 1)
    return abs(factor - 1) > rounding && isPossible(relation, element) ? relation : nil
  }
}

extension ElementType {
  /// The number that a number is stored as.
  func nearest(_ value: Double) -> Double {
    switch self {
    case .float16: Double(Float16(value))
    case .bfloat16: Double(BFloat16(Float(value)).float)
    case .float32: Double(Float(value))
    default: value
    }
  }
}

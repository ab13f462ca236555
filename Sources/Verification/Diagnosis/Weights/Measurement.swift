internal import Albert
internal import Tensors

/// How well a relation holds, element by element.
struct Measurement {
  /// The error without and with the relation.
  var error = ExplainedError()
  /// Elements that the relation gives another value than they have.
  var broken = 0

  /// Whether the relation explains at least 99 of 100 elements that differ, and breaks as few.
  var holds: Bool { broken * 100 <= error.countBefore }
}

extension ModelPair {
  /// When an element counts as what a relation makes of one of the reference's.
  func closeness(_ relation: Relation, of suspect: Suspect) -> Closeness {
    if case .scaled = relation.change {
      // The factor itself is known to about one unit, and the product was rounded.
      return Closeness(
        suspect.type, reference.elementType(of: relation.source), ulps: Self.scalingUlps)
    }
    if case .byteSwapped = relation.change {
      // Reversed bytes make numbers of any size, of which the tiny ones would all pass for zero.
      return Closeness(suspect.type, suspect.type)
    }
    return closeness(suspect.parameter, relation.source)
  }

  private static let scalingUlps = 8.0

  /// Compares every element of a parameter with what it should be and with what a relation says.
  ///
  /// Where the subject has more rows, those that the relation does not speak of are left out.
  func measure(_ relation: Relation, of suspect: Suspect) -> Measurement {
    let close = closeness(relation, of: suspect)
    let asItIs = closeness(suspect.parameter, suspect.parameter)
    let types = (
      reference.elementType(of: suspect.parameter), reference.elementType(of: relation.source)
    )
    let expectedCount = suspect.referenceShape.count
    let hasMoreRows = suspect.shape.count > expectedCount
    return withBytes(of: suspect.parameter) { mine, theirs in
      reference.withBytes(of: relation.source) { source in
        var result = Measurement()
        for index in 0..<suspect.shape.count {
          let value = mine.double(at: index, of: suspect.type) ?? .nan
          let explained = relation.value(at: index) { source.double(at: $0, of: types.1) ?? .nan }
          var before: Double?
          if index < expectedCount {
            let expected = theirs.double(at: index, of: types.0) ?? .nan
            before = asItIs.holds(value, expected) ? nil : value - expected
          } else if explained != nil {
            before = value
          }
          guard let explained else {
            if !hasMoreRows { result.error.add(before: before, after: before) }
            continue
          }
          let isExplained = close.holds(value, explained)
          result.error.add(before: before, after: isExplained ? nil : value - explained)
          result.broken += isExplained ? 0 : 1
        }
        return result
      }
    }
  }
}

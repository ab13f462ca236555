internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertDiagnosis
internal import AlbertTensors

/// Compares the parameters that two models hold, number by number.
struct WeightCheck {
  let common: CommonParts
  /// The user's own tolerance.
  let override: Double?

  /// Every parameter that both sides have, in order of use; two at a time are looked at.
  ///
  /// Throws `cancelled`, as an error of `path`, where the observer gives up.
  func run(_ observer: WorkObserver, path: String) throws(FileError) -> [WeightComparison] {
    let parameters = common.parameters
    let tally = WorkTally(
      of: parameters.reduce(0) { $0 + byteCount($1.parameter, $1.subject) }, observer.progress)
    return try Machine.map(parameters.count, atMost: 2) { (index) throws(FileError) in
      try observer.check(path)
      let (parameter, subject, reference) = parameters[index]
      let result = compare(parameter, subject, reference)
      tally.add(byteCount(parameter, subject))
      return result
    }
  }

  private func byteCount(_ parameter: Parameter, _ shape: Shape) -> Int {
    shape.count * common.subject.elementType(of: parameter).size
  }

  private func compare(_ parameter: Parameter, _ shape: Shape, _ other: Shape) -> WeightComparison {
    guard shape == other else {
      return WeightComparison(
        parameter: parameter, outcome: .fail, bitwiseEqual: false, maxAbs: .infinity,
        relL2: .infinity, ulps: .infinity,
        problem: "the subject's shape is \(shape), the reference's \(other)")
    }
    let types = (
      common.subject.elementType(of: parameter), common.reference.elementType(of: parameter)
    )
    let difference = common.subject.withBytes(of: parameter) { mine in
      common.reference.withBytes(of: parameter) { theirs in
        WeightDifference(mine, types.0, theirs, types.1, count: shape.count)
      }
    }
    let isClose = difference.ulps <= Closeness(types.0, types.1).ulps
    let isQuantized = difference.maxAbs > 0 && isQuantized(parameter)
    let isTolerated = override.map { difference.maxAbs <= $0 } ?? false
    let holds = difference.nonFinite == 0 && (isClose || isQuantized || isTolerated)
    return WeightComparison(
      parameter: parameter, outcome: Outcome(holds: holds),
      bitwiseEqual: difference.isBitwiseEqual,
      maxAbs: difference.nonFinite > 0 ? .infinity : difference.maxAbs, relL2: difference.relL2,
      ulps: difference.ulps, nonFinite: difference.nonFinite)
  }

  /// Whether one side holds the other's numbers as integers, each the nearest there is.
  private func isQuantized(_ parameter: Parameter) -> Bool {
    guard let rows = common.quantizedSide(of: parameter) else { return false }
    return [common.subject, common.reference].allSatisfy { rows.holds($0.values(of: parameter)) }
  }
}

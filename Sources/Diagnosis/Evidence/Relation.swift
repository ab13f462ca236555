internal import AlbertArchitecture
internal import AlbertTensors

/// What a parameter of the subject may be: the numbers of a parameter of the reference, in another
/// order, each one changed.
final class Relation {
  /// The reference's parameter whose numbers they are.
  let source: Parameter
  /// The defect that is their order, and the one that changed each.
  let (order, change): (Defect?, Defect?)
  /// Whether only a resemblance is claimed: of a model that was trained further no relation holds to
  /// the last digit.
  let isResemblance: Bool
  private let numberOrder: NumberOrder?
  let numberChange: NumberChange?

  init(
    _ source: Parameter, order: Defect? = nil, change: Defect? = nil, isResemblance: Bool = false
  ) {
    self.source = source
    (self.order, self.change) = (order, change)
    self.isResemblance = isResemblance
    numberOrder = order?.numberOrder
    numberChange = change?.numberChange
  }

  /// The value that is expected at `index`, where `element` reads the source; nil for none.
  func value(at index: Int, _ element: (Int) -> Double) -> Double? {
    var from = index
    if let numberOrder {
      guard let place = numberOrder.source(of: index) else { return nil }
      from = place
    }
    let number = element(from)
    return numberChange?.apply(number) ?? number
  }
}

extension Defect {
  /// The order that it is of one parameter's numbers.
  var numberOrder: NumberOrder? {
    if case .reorder(_, let order) = edits.first { order } else { nil }
  }

  /// The change that it is of each of one parameter's numbers.
  var numberChange: NumberChange? {
    if case .change(_, let change) = edits.first { change } else { nil }
  }
}

/// How well a relation holds, element by element.
struct Measurement {
  let relation: Relation
  /// The error without and with the relation.
  var error = ExplainedError()
  /// Elements that the relation gives another value than they have.
  var broken = 0

  /// Whether the relation explains nearly all elements that differ, and breaks as few.
  var holds: Bool { broken * Policy.elementsPerException <= error.countBefore }
}

extension WeightEvidence {
  /// When an element counts as what a relation makes of one of the reference's.
  func closeness(_ relation: Relation, of parameter: DifferingParameter) -> Closeness {
    switch relation.numberChange {
    case .scaled:
      // The factor itself is known to about one unit, and the product was rounded.
      Closeness(
        parameter.type, reference.elementType(of: relation.source), ulps: Policy.scalingUlps)
    case .byteSwapped:
      // Reversed bytes make numbers of any size, of which the tiny ones would all pass for zero.
      Closeness(parameter.type, parameter.type)
    default: closeness(parameter.parameter, relation.source)
    }
  }

  /// Compares every element of a parameter with what it should be and with what a relation says.
  ///
  /// Where the subject has more rows, those that the relation does not speak of are left out.
  func measurement(of relation: Relation, for parameter: DifferingParameter) -> Measurement {
    let close = closeness(relation, of: parameter)
    let asItIs = closeness(parameter.parameter, parameter.parameter)
    let expectedCount = parameter.referenceShape.count
    let hasMoreRows = parameter.shape.count > expectedCount
    return read(parameter.parameter, parameter.parameter) { number, expected in
      reference.withNumbers(of: relation.source) { source in
        var result = Measurement(relation: relation)
        for index in 0..<parameter.shape.count {
          let value = number(index)
          let explained = relation.value(at: index, source)
          var before: Double?
          if index < expectedCount {
            let expected = expected(index)
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

  /// Whether the samples agree with a relation, and are enough to tell it from coincidence.
  func isPossible(_ relation: Relation, for parameter: DifferingParameter) -> Bool {
    if parameter.samples.isEmpty { return true }
    let closeness = closeness(relation, of: parameter)
    return reference.withNumbers(of: relation.source) { source in
      var (exceptions, covered) = (0, 0)
      var distinct: Set<Double> = []
      for sample in parameter.samples {
        guard let expected = relation.value(at: sample.index, source) else { continue }
        covered += 1
        if closeness.holds(sample.value, expected) {
          if distinct.count < 2 { distinct.insert(expected) }
        } else {
          exceptions += 1
          if exceptions * Policy.samplesPerException > parameter.samples.count { return false }
        }
      }
      guard covered > exceptions else { return false }
      // Numbers that are all alike, such as fresh biases, come from anywhere, and are next to any others.
      let isFromElsewhere = relation.source != parameter.parameter || relation.order != nil
      if case .rounded = relation.numberChange, covered > 1, distinct.count == 1 { return false }
      return !isFromElsewhere || distinct.count > 1 || isMutual(relation.source, parameter)
    }
  }

  /// Whether a parameter and the source have each other's numbers.
  private func isMutual(_ source: Parameter, _ parameter: DifferingParameter) -> Bool {
    let own = parameter.parameter
    guard source != own, places.contains(source), shapes(of: source).subject == parameter.shape
    else { return false }
    let closeness = closeness(source, own)
    return read(source, own) { value, expected in
      parameter.samples.allSatisfy { closeness.holds(value($0.index), expected($0.index)) }
    }
  }
}

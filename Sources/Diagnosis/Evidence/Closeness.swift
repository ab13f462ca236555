package import AlbertTensors

/// When two numbers count as the same one: what storing them in two types leaves.
package struct Closeness {
  /// Units in the last place, of the type that is coarser there, that may lie between them.
  package let ulps: Double
  /// The type of fewer digits.
  let type: ElementType
  private let other: ElementType

  /// Of one type, the numbers must be the same; of two, within one unit in the last place of the
  /// coarser: rounding to nearest leaves half of one, truncation up to one.
  package init(_ first: ElementType, _ second: ElementType) {
    self.init(first, second, ulps: first == second ? 0 : 1)
  }

  /// So many units in the last place of the coarser type.
  init(_ first: ElementType, _ second: ElementType, ulps: Double) {
    self.ulps = ulps
    (type, other) = first.roundoff >= second.roundoff ? (first, second) : (second, first)
  }

  /// Whether `value` is `expected`, or both are not numbers.
  func holds(_ value: Double, _ expected: Double) -> Bool {
    if value == expected || (value.isNaN && expected.isNaN) { return true }
    if ulps == 0 { return false }
    let unit = max(type.unitInLastPlace(of: expected), other.unitInLastPlace(of: expected))
    return abs(value - expected) <= ulps * unit
  }
}

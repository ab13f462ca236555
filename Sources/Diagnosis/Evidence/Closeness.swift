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

  /// Whether one of two numbers of two types is what a converter to float16 made of the other, which is next to
  /// zero.
  package static func isRaised(
    _ value: Double, _ other: Double, types: (ElementType, ElementType)
  ) -> Bool {
    types.0 != types.1
      && (types.0.isRaised(value, from: other) || types.1.isRaised(other, from: value))
  }

  /// Whether `value` is `expected`, or both are not numbers.
  func holds(_ value: Double, _ expected: Double) -> Bool {
    if value == expected || (value.isNaN && expected.isNaN) { return true }
    if ulps == 0 { return false }
    let unit = max(type.unitInLastPlace(of: expected), other.unitInLastPlace(of: expected))
    return abs(value - expected) <= ulps * unit
      || Self.isRaised(value, expected, types: (type, other))
      || Self.isRaised(value, expected, types: (other, type))
  }
}

/// Arithmetic on numbers that a file states: nil where Swift's operators would trap.
extension Int {
  /// The sum, or nil on overflow.
  package func adding(_ other: Int) -> Int? {
    let (value, overflow) = addingReportingOverflow(other)
    return overflow ? nil : value
  }

  /// The product, or nil on overflow.
  package func multiplied(by other: Int) -> Int? {
    let (value, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? nil : value
  }

  /// The smallest multiple of `alignment` (at least 1) that is not below the value, or nil on overflow.
  package func roundedUp(to alignment: Int) -> Int? {
    let remainder = self % alignment
    return remainder == 0 ? self : adding(alignment - remainder)
  }
}

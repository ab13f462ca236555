/// One of the two forward passes.
public enum Engine: String, CaseIterable, Sendable {
  /// Float64, textbook.
  case reference
  /// Float32, by the machine's matrix product.
  case fast

  /// The unit roundoff of its arithmetic.
  package var roundoff: Double {
    switch self {
    case .reference: 0x1p-53
    case .fast: 0x1p-24
    }
  }
}

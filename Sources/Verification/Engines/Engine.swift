/// One of the two forward passes.
public enum Engine: String, CaseIterable, Sendable {
  /// Float64, textbook.
  case reference
  /// Float32, by the machine's matrix product.
  case fast

  /// The unit roundoff of its arithmetic.
  var roundoff: Double {
    switch self {
    case .reference: 0x1p-53
    case .fast: 0x1p-24
    }
  }
}

/// Which forward passes a verification runs.
public enum Engines: String, CaseIterable, Sendable {
  case both
  case reference
  case fast

  /// The engines, in the order of reports.
  public var list: [Engine] {
    switch self {
    case .both: [.reference, .fast]
    case .reference: [.reference]
    case .fast: [.fast]
    }
  }
}

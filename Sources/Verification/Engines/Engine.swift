public import Albert

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

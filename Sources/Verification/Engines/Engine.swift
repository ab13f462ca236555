package import AlbertArchitecture

/// Which forward passes a verification runs.
public enum Engines: String, CaseIterable, Sendable {
  /// Float64 and Float32.
  case both
  /// Float64 alone.
  case reference
  /// Float32 alone.
  case fast

  /// The engines, in the order of reports.
  package var list: [Engine] {
    switch self {
    case .both: [.reference, .fast]
    case .reference: [.reference]
    case .fast: [.fast]
    }
  }
}

package import AlbertArchitecture

/// Which forward passes a verification runs.
package enum Engines: String, CaseIterable, Sendable {
  case both
  case reference
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

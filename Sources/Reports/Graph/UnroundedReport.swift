internal import AlbertVerification

/// What a graph computes where nothing is rounded, as text.
enum UnroundedReport {
  /// How it follows its own weights; nil where that proves nothing, of which a finding tells.
  static func sentence(_ unrounded: GraphOutcome.Unrounded) -> String? {
    guard unrounded.problem == nil else { return nil }
    let compared = unrounded.outputs.filter { $0.outcome != .notProduced }
    let largest = compared.largestError
    let error = largest.map { " (max \(Numbers.scientific($0)))" } ?? ""
    let verdict =
      unrounded.fails
      ? "without its rounding it does not compute what its own weights say\(error)"
      : "without its rounding it computes what its own weights say\(error)"
    let cost = unrounded.cost.map {
      ", and rounding moves the outputs by \(Numbers.scientific($0))"
    }
    return verdict + (cost ?? "")
  }
}

/// How values are held between nodes.
package enum GraphMode: String, CaseIterable, Sendable {
  /// As Float64; rounded only where the graph itself says so.
  case float64
  /// Rounded to the type that the graph declares after every node, as a runtime does.
  case declared
}

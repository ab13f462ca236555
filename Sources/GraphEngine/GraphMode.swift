/// How values are held between nodes.
package enum GraphMode: String, CaseIterable, Sendable {
  /// As Float64; rounded only where the graph itself says so.
  case float64
  /// Rounded to the type that the graph declares after every node, as a runtime does.
  case declared
  /// As Float64, and where the graph itself rounds, numbers stay as they are: what is left is its structure.
  ///
  /// In the place of an integer that stands for a computed number is then the number itself, within no
  /// range, beside its scale and zero point; stored integers are what they are.
  case unrounded
}

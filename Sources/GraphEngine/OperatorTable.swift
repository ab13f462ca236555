package import AlbertGraphs

/// All operators that are computed here.
package enum OperatorTable {
  /// One line for each family, which is a file of `Operators`.
  private static let families: [[Operator]] = [
    ArithmeticOperators.operators,
    ComparisonOperators.operators,
    UnaryOperators.operators,
    CastOperators.operators,
    ActivationOperators.operators,
    ReductionOperators.operators,
    ShapeOperators.operators,
    MovementOperators.operators,
    PadOperators.operators,
    GatherOperators.operators,
    ScatterOperators.operators,
    ConstantOperators.operators,
    ProductOperators.operators,
    NormalizationOperators.operators,
    ChannelNormalizationOperators.operators,
    SelectionOperators.operators,
    ControlOperators.operators,
    GlobalPoolingOperators.operators,
    WindowPoolingOperators.operators,
    ConvolutionOperators.operators,
    RecurrenceOperators.operators,
    StorageOperators.operators,
    QuantizationOperators.operators,
    IntegerProductOperators.operators,
    QuantizedElementOperators.operators,
    PackedWeightOperators.operators,
    HybridProductOperators.operators,
    AttentionOperators.operators,
    RotaryEmbeddingOperators.operators,
    MicrosoftAttentionOperators.operators,
    MicrosoftActivationOperators.operators,
    MicrosoftNormalizationOperators.operators,
  ]

  private static let byName: [String: [Operator]] = Dictionary(
    grouping: families.joined(), by: \.name)

  /// All operators, by domain and name.
  package static var all: [Operator] {
    families.joined().ordered { ($0.domain, $0.name) < ($1.domain, $1.name) }
  }

  /// The operator that `node` means; nil where it is not computed here.
  package static func find(_ node: GraphNode) -> Operator? {
    byName[node.operation]?.first {
      $0.domain == node.domain && $0.versions.contains(node.version)
    }
  }
}

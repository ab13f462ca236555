/// Parameters of a model, by component, computed from the config alone.
package struct ParameterCount: Equatable, Sendable {
  /// Parameters of each component that the model has.
  package let byComponent: [Component: Int]

  /// Counts the specification's parameters; an identity projection counts as none.
  package init(_ config: AlbertConfig, _ contents: ModelContents) {
    var counts: [Component: Int] = [:]
    for spec in ParameterSpec.all(config, contents) {
      let component = spec.parameter.role.component
      if component == .projection && config.embeddingProjectionIsIdentity { continue }
      counts[component, default: 0] += spec.shape.count
    }
    byComponent = counts
  }

  /// All parameters, shared and tied ones once.
  package var total: Int { byComponent.values.reduce(0, +) }

  /// The backbone with each layer application given weights of its own.
  package static func unsharedEquivalent(_ config: AlbertConfig) -> Int {
    let shared = ParameterCount(config, .backbone)
    let encoder = shared.byComponent[.encoder] ?? 0
    let blocks = config.numHiddenGroups * config.innerGroupNum
    let applications = config.numHiddenLayers * config.innerGroupNum
    return shared.total - encoder + encoder / blocks * applications
  }

  /// The unshared backbone with embeddings of the hidden width, hence without projection: a BERT.
  package static func bertEquivalent(_ config: AlbertConfig) -> Int {
    var bert = config
    bert.embeddingSize = config.hiddenSize
    bert.embeddingProjectionIsIdentity = true
    return unsharedEquivalent(bert)
  }
}

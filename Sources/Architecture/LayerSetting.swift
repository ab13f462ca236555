/// Something by which one layer of a graph computes otherwise than the others, as its operators state it.
package struct LayerSetting: Equatable, Sendable {
  /// What it computes by.
  package enum Value: Equatable, Sendable {
    case epsilon(Double)
    case activation(Activation)
    case heads(Int)
  }

  /// The layer; nil of the embeddings.
  package let layer: Int?
  /// The name of the node that computes by it.
  package let node: String
  /// What that node should give, such as `the activation`.
  package let part: String
  /// What it computes by.
  package let value: Value

  /// States a layer's own setting.
  package init(layer: Int?, node: String, part: String, value: Value) {
    (self.layer, self.node, self.part, self.value) = (layer, node, part, value)
  }

  /// The config of a model that computes by it everywhere.
  package func applied(to config: AlbertConfig) -> AlbertConfig {
    var config = config
    switch value {
    case .epsilon(let epsilon): config.layerNormEps = epsilon
    case .activation(let activation): config.hiddenAct = activation
    case .heads(let heads): config.numAttentionHeads = heads
    }
    return config
  }
}

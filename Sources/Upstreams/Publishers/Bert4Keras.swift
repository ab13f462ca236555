internal import AlbertArchitecture

/// bert4keras' `ALBERT` (bert4keras/models.py) in Keras 2's H5 files, each variable under its layer's name,
/// which is part of its own, and in TensorFlow 2's checkpoints, which keep the variables' names alone.
///
/// The layers of the attention are numbered in the order in which they are made: query, key, value
/// and output. Keras by itself, up to 2.3, begins with 1 and goes on in the feed-forward layer, and in the
/// next layer; TensorFlow's begins with none in each. Kernels are [in, out], the sentence-order head's too,
/// unlike Google's. `albert_unshared` gives each layer weights of its own.
enum Bert4Keras: Upstream {
  static let name = "bert4keras"
  static let title = "bert4keras"
  static let squareProjection = SquareProjection.omitted

  /// Its `gelu` is the exact form unless a program chose the other (bert4keras/backend.py, `set_gelu`).
  static let gelu: Activation? = .geluErf

  /// Since version 0.11.4 only the embeddings and the heads state 1e-12 (bert4keras/models.py).
  static let epsilonsByVersion: String? =
    "bert4keras since version 0.11.4 computes the layers' LayerNorms with Keras' epsilon 1e-07, the "
    + "embeddings' and the head's with 1e-12, which earlier versions have throughout and which was "
    + "taken; outputs differ by about 1e-6"

  static let tables = ["", "-{group}"].flatMap { layer in
    let tensorFlow = rows(layer, ["dense", "dense_1", "dense_2", "dense_3"], ["dense", "dense_1"])
    let numbers = layer.isEmpty ? (1...6).map(String.init) : (1...6).map { "{group*6+\($0)}" }
    let own = numbers.map { "dense_" + $0 }
    return [
      h5(tensorFlow), h5(rows(layer, Array(own.prefix(4)), Array(own.suffix(2)))),
      table(tensorFlow, suffix: "", buffers: TensorFlowObjects.buffers),
    ]
  }

  private static func h5(_ rows: [NameTable.Row]) -> NameTable {
    table(
      rows.map { $0.named($0.template.prefix { $0 != "/" } + "/" + $0.template) }, suffix: ":0")
  }

  private static func table(
    _ rows: [NameTable.Row], suffix: String, buffers: [String: String] = [:]
  ) -> NameTable {
    NameTable(
      rows: rows, suffix: suffix, training: TensorFlowObjects.training, buffers: buffers,
      territory: ["Embedding-", "Transformer-", "Pooler", "MLM-", "NSP-"],
      numbersLayers: rows.contains(where: \.numbersBlocks))
  }

  /// The rows with what numbers a layer, and the layers' names in the attention and the feed-forward layer.
  private static func rows(
    _ layer: String, _ own: [String], _ dense: [String]
  ) -> [NameTable.Row] {
    let attention = "Transformer\(layer)-MultiHeadSelfAttention"
    let feedForward = "Transformer\(layer)-FeedForward"
    return FrameworkNames.tensorFlow.rows([
      (.wordEmbeddings, "Embedding-Token"), (.positionEmbeddings, "Embedding-Position"),
      (.tokenTypeEmbeddings, "Embedding-Segment"), (.embeddingLayerNormWeight, "Embedding-Norm"),
      (.projectionWeight, "Embedding-Mapping"), (.queryWeight, attention + "/" + own[0]),
      (.keyWeight, attention + "/" + own[1]), (.valueWeight, attention + "/" + own[2]),
      (.attentionOutputWeight, attention + "/" + own[3]),
      (.attentionLayerNormWeight, attention + "-Norm"), (.ffnWeight, feedForward + "/" + dense[0]),
      (.ffnOutputWeight, feedForward + "/" + dense[1]),
      (.fullLayerNormWeight, feedForward + "-Norm"),
      (.poolerWeight, "Pooler-Dense"), (.mlmDenseWeight, "MLM-Dense"),
      (.mlmLayerNormWeight, "MLM-Norm"),
    ]) + [.init(.mlmBias, "MLM-Bias/beta")]
      + FrameworkNames.tensorFlow.rows([(.sopWeight, "NSP-Proba")])
  }
}

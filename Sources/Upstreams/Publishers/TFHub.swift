internal import AlbertArchitecture

/// Google's modules for TensorFlow Hub, and checkpoints of code that fine-tuned one.
///
/// A module is a SavedModel with the names of Google's own code; a checkpoint of a graph around it
/// has them under `module/`, and the heads beside it at the root.
enum TFHub: Upstream {
  static let name = "tf-hub"
  static let title = "a TensorFlow Hub module of Google's"
  static let gelu = GoogleTF1.gelu
  static let hasOnlyTanhGELU = GoogleTF1.hasOnlyTanhGELU
  static let layerNormEps = GoogleTF1.layerNormEps
  static let squareProjection = SquareProjection.omitted
  static let classifierHead: TaskHead? = .sequenceClassification
  static let scoresChoices = true

  static let tables = [
    NameTable(
      rows: GoogleTF1.embeddings + GoogleTF1.block + GoogleTF1.pretraining
        + GoogleTF1.heads(atRoot: true),
      training: GoogleTF1.training)
  ]

  static func mayOccur(prefix: String, format: String) -> Bool {
    prefix == "module/" || (prefix.isEmpty && format == "saved-model")
  }

  static func layerMap(layers: Int, groups: Int) -> LayerMap {
    GoogleTF1.layerMap(layers: layers, groups: groups)
  }
}

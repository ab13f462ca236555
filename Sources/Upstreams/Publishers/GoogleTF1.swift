internal import AlbertArchitecture

/// Google's own code, google-research/albert, on TensorFlow 1 (`modeling.py`, `run_*.py`).
enum GoogleTF1: Upstream {
  static let name = "google-tf1"
  static let title = "Google's TensorFlow 1 code"
  static let gelu: Activation? = .geluTanh
  static let hasOnlyTanhGELU = true
  static let layerNormEps: Double? = 1e-12
  static let tables = [table]
  static let backboneTables = [table.part(under: "bert/")]
  static let backbonePrefix: String? = "bert"
  static let squareProjection = SquareProjection.omitted
  static let classifierHead: TaskHead? = .sequenceClassification
  static let scoresChoices = true

  /// Those whose layers have LayerNorms of their own.
  static func merged(in names: FileNames) -> [Candidate] { unshared(in: names) }

  static func layerMap(layers: Int, groups: Int) -> LayerMap {
    .google(layers: layers, groups: groups)
  }

  /// Kernels are [in, out]; the heads' `output_weights` are [out, in].
  static let table = NameTable(
    rows: embeddings + block + pretraining + heads(atRoot: false), training: training)

  /// What its optimizers, LAMB and AdamW, and those of TensorFlow keep.
  static let training = TrainingNames(
    appendsSlots: true,
    names: ["global_step", "beta1_power", "beta2_power", "loss_scale", "good_steps"])

  static let embeddings: [NameTable.Row] =
    [
      .init(.wordEmbeddings, "bert/embeddings/word_embeddings"),
      .init(.positionEmbeddings, "bert/embeddings/position_embeddings"),
      .init(.tokenTypeEmbeddings, "bert/embeddings/token_type_embeddings"),
    ]
    + FrameworkNames.tensorFlow.rows([
      (.embeddingLayerNormWeight, "bert/embeddings/LayerNorm"),
      (.projectionWeight, "bert/encoder/embedding_hidden_mapping_in"),
    ])

  static let block = FrameworkNames.tensorFlow.rows(
    under: "bert/encoder/transformer/group_{group}/inner_group_{inner}/",
    [
      (.queryWeight, "attention_1/self/query"), (.keyWeight, "attention_1/self/key"),
      (.valueWeight, "attention_1/self/value"),
      (.attentionOutputWeight, "attention_1/output/dense"),
      (.attentionLayerNormWeight, "LayerNorm"), (.ffnWeight, "ffn_1/intermediate/dense"),
      (.ffnOutputWeight, "ffn_1/intermediate/output/dense"), (.fullLayerNormWeight, "LayerNorm_1"),
    ])

  static let pretraining: [NameTable.Row] =
    FrameworkNames.tensorFlow.rows([
      (.poolerWeight, "bert/pooler/dense"), (.mlmDenseWeight, "cls/predictions/transform/dense"),
      (.mlmLayerNormWeight, "cls/predictions/transform/LayerNorm"),
    ]) + [
      .init(.mlmBias, "cls/predictions/output_bias"),
      .init(.sopWeight, "cls/seq_relationship/output_weights"),
      .init(.sopBias, "cls/seq_relationship/output_bias"),
    ]

  /// The heads of `run_classifier.py` and `run_race.py`, which bear one name, and of
  /// `run_squad_v1.py`.
  static func heads(atRoot: Bool) -> [NameTable.Row] {
    [
      .init(.classifierWeight, "output_weights", atRoot: atRoot),
      .init(.classifierBias, "output_bias", atRoot: atRoot),
      .init(.qaOutputsWeight, "cls/squad/output_weights", atRoot: atRoot),
      .init(.qaOutputsBias, "cls/squad/output_bias", atRoot: atRoot),
    ]
  }
}

/// Models that are not ALBERT, or not one that its code can state, known by their tensors' names.
public enum ForeignNames {
  /// A kind of model that is refused by name.
  public struct Kind: Sendable {
    /// A stable word for scripts.
    public let code: String
    /// What the model is and why it cannot be used, as a sentence without its full stop.
    public let reason: String
    /// What occurs in the names of its tensors.
    let mark: String
  }

  private static let kinds = [
    Kind(
      code: "unshared-layer-norm",
      reason: "each layer has a LayerNorm of its own, which no published ALBERT code can load",
      mark: "/layer_normalization_"),
    Kind(
      code: "brightmart-original",
      reason:
        "this is brightmart's original albert_zh, whose projection precedes the position and segment embeddings: another architecture",
      mark: "bert/embeddings/word_embeddings_2"),
    Kind(
      code: "brightmart-original",
      reason:
        "this is brightmart's original albert_zh with its 'layer_shared': another architecture",
      mark: "/layer_shared/"),
    Kind(
      code: "kamalkraj",
      reason:
        "this was written by kamalkraj/ALBERT-TF2.0, whose layout no ALBERT code of a publisher reads",
      mark: "albert_model/encoder/shared_layer/"),
    Kind(
      code: "not-albert-distilbert", reason: "this is a DistilBERT, not an ALBERT",
      mark: "transformer.layer.0.attention.q_lin"),
    Kind(
      code: "not-albert-bert", reason: "this is a BERT, whose layers have weights of their own",
      mark: "encoder.layer.0.attention.self.query"),
    Kind(
      code: "not-albert-bert", reason: "this is a BERT, whose layers have weights of their own",
      mark: "encoder/layer_0/attention/self/query"),
    Kind(
      code: "not-albert-bert", reason: "this is a BERT, whose layers have weights of their own",
      mark: "encoder/layer_._0/attention/self/query"),
  ]

  /// The kind of model that a name betrays, or nil.
  public static func kind(of name: String) -> Kind? {
    kinds.first { name.contains($0.mark) }
  }
}

package import AlbertBytes

/// Models that are not ALBERT, or not one that its code can state, known by their tensors' names.
package enum ForeignNames {
  /// A kind of model that is refused by name.
  package struct Kind: Sendable {
    /// A stable word for scripts.
    package let code: String
    /// What the model is and why it cannot be used, as a sentence without its full stop.
    package let reason: String
    /// What to do next.
    package let remedy: Remedy
    /// Whether only a head is of this kind, and the rest an ALBERT.
    let isHead: Bool
    /// What occurs in the names of its tensors; one of them is enough.
    let marks: [[UInt8]]

    init(
      code: String, reason: String, remedy: Remedy = "use a tool for that kind of model",
      isHead: Bool = false, marks: [String]
    ) {
      self.isHead = isHead
      self.code = code
      self.reason = reason
      self.remedy = remedy
      self.marks = marks.map { Array($0.utf8) }
    }
  }

  /// The modules of an ALBERT whose weights PyTorch's older wrappers may replace; those of a larger model's
  /// other parts are none of its business.
  private static let matrices = [
    "word_embeddings", "embedding_hidden_mapping_in", "attention.query", "attention.key",
    "attention.value", "attention.dense", ".ffn", ".ffn_output", "pooler", "predictions.dense",
    "classifier", "qa_outputs",
  ]

  /// The most telling first: RoBERTa and ELECTRA name their layers as BERT does.
  private static let kinds = [
    Kind(
      code: "unshared-layer-norm",
      reason: "each layer has a LayerNorm of its own, which no published ALBERT code can load",
      remedy: "use the code that trained it", marks: ["/inner_group_0/layer_normalization_"]),
    Kind(
      code: "adapters-inside",
      reason: "bert-for-tf2's adapters lie within the layers, which no other code computes with",
      remedy: "use the code that trained it, or a model that was saved without adapters",
      marks: ["/adapter-down/", "/adapter-up/"]),
    Kind(
      code: "layers-numbered",
      reason:
        "these are bert4keras' layers, which Keras 2.12's .weights.h5 numbers by their classes alone, so "
        + "that its pooler and its head are not told apart",
      remedy: "load the file with bert4keras, save it with save_weights('best_model.weights') as a "
        + "checkpoint of TensorFlow, and convert that",
      marks: ["/multi_head_attention/_layers/dense"]),
    Kind(
      code: "layers-numbered",
      reason:
        "these are KerasNLP's layers as Keras 2.12's .weights.h5 numbers them, which is not read",
      remedy:
        "load the file with KerasNLP, save it with save_weights('model.h5'), and convert that",
      marks: ["_layer_checkpoint_dependencies/transformer_encoder"]),
    Kind(
      code: "variables-alike",
      reason:
        "these are variables of KerasNLP 0.6 on Keras 2, which gives one name to several of a layer",
      remedy:
        "load the file with KerasNLP, save it with save_weights('model.weights.h5'), and convert that",
      marks: ["layer_with_weights-5/_self_attention_layer"]),
    Kind(
      code: "brightmart-original",
      reason: "this is brightmart's original albert_zh, another architecture: its projection comes "
        + "before the position and segment embeddings, which are as wide as the layers",
      remedy: "use one of brightmart's checkpoints in Google's layout, or the code that trained it",
      marks: [
        "embeddings/word_embeddings_2", "embeddings.word_embeddings_2",
        "bert/encoder/layer_shared/", ".layer_shared.",
      ]),
    Kind(
      code: "brightmart-head",
      reason:
        "the masked-LM head of albert_pytorch's copy of brightmart's model has a projection of "
        + "its own, which no target can express",
      remedy: "take the model without heads with \(.prefix("bert"))", isHead: true,
      marks: ["cls.predictions.project_layer."]),
    Kind(
      code: "parametrized",
      reason:
        "PyTorch computes a weight from these, by torch.nn.utils.parametrize, each time that it is used",
      remedy:
        "call torch.nn.utils.parametrize.remove_parametrizations on that layer in PyTorch, and save "
        + "the model again", marks: [".parametrizations."]),
    Kind(
      code: "parametrized",
      reason:
        "PyTorch computes a weight from these, by torch.nn.utils.weight_norm, each time that it is used",
      remedy:
        "call torch.nn.utils.remove_weight_norm on that layer in PyTorch, and save the model again",
      marks: matrices.map { $0 + ".weight_g" }),
    Kind(
      code: "parametrized",
      reason:
        "PyTorch computes a weight from these, by torch.nn.utils.spectral_norm, each time that it is used",
      remedy:
        "call torch.nn.utils.remove_spectral_norm on that layer in PyTorch, and save the model again",
      marks: matrices.map { $0 + ".weight_u" }),
    Kind(
      code: "squad2-heads",
      reason:
        "the heads of Google's run_squad_v2.py score an answer's end from its start, which no "
        + "target can express",
      remedy: "take the model without heads with \(.prefix("bert"))", isHead: true,
      marks: ["start_logits/dense/", "end_logits/dense_0/", "answer_class/dense_0/"]),
    Kind(
      code: "not-albert-distilbert",
      reason: "this is a DistilBERT, whose layers have weights of their own",
      marks: ["transformer.layer.0.attention.q_lin", "transformer/layer_._0/attention/q_lin"]),
    Kind(
      code: "not-albert-roberta",
      reason: "this is a RoBERTa, whose layers have weights of their own",
      marks: ["roberta.encoder.layer.0.", "roberta/encoder/layer_._0/"]),
    Kind(
      code: "not-albert-electra",
      reason: "this is an ELECTRA, whose layers have weights of their own",
      marks: [
        "electra.encoder.layer.0.", "electra/encoder/layer_._0/", "electra/encoder/layer_0/",
      ]),
    Kind(
      code: "not-albert-bert",
      reason: "this is a BERT or of its kin, whose layers have weights of their own",
      marks: [
        "encoder.layer.0.attention.self.query", "encoder/layer_0/attention/self/query",
        "encoder/layer_._0/attention/self/query", "encoder/layer/0/attention/self/query",
        "layer_with_weights-4/_attention_layer/",
      ]),
  ]

  /// The kind whose position table is as wide as the layers.
  package static var widePositions: Kind? { kinds.first { $0.code == "brightmart-original" } }

  /// The kind of model that a name betrays, or nil.
  package static func kind(of name: String) -> Kind? {
    let name = Array(name.utf8)
    return kinds.first { kind in kind.marks.contains { occurs($0, in: name) } }
  }

  /// The kind of head that a name betrays, or nil.
  package static func head(of name: String) -> Kind? {
    let name = Array(name.utf8)
    return heads.first { kind in kind.marks.contains { occurs($0, in: name) } }
  }

  private static let heads = kinds.filter(\.isHead)

  /// Whether `mark` is among the bytes; by hand, since a file may hold very many names.
  private static func occurs(_ mark: [UInt8], in name: [UInt8]) -> Bool {
    guard name.count >= mark.count else { return false }
    for start in 0...(name.count - mark.count) where name[start] == mark[0] {
      var length = 1
      while length < mark.count, name[start + length] == mark[length] { length += 1 }
      if length == mark.count { return true }
    }
    return false
  }
}

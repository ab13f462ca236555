extension PartialConfig {
  /// A size by Hugging Face's key.
  package typealias Size = (key: String, path: WritableKeyPath<PartialConfig, Int?>)

  /// The sizes and counts of `AlbertConfig.sizes` in their order, as far as they are known.
  package static var sizes: [Size] {
    [
      ("vocab_size", \.vocabSize), ("embedding_size", \.embeddingSize),
      ("hidden_size", \.hiddenSize), ("intermediate_size", \.intermediateSize),
      ("max_position_embeddings", \.maxPositionEmbeddings), ("type_vocab_size", \.typeVocabSize),
      ("num_hidden_layers", \.numHiddenLayers), ("num_hidden_groups", \.numHiddenGroups),
      ("inner_group_num", \.innerGroupNum), ("num_attention_heads", \.numAttentionHeads),
    ]
  }
}

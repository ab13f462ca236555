/// What an axis of a stage's array counts.
package enum StageAxis: Hashable, Sendable {
  /// Rows of the inputs.
  case sequences
  /// Tokens of a row.
  case tokens
  /// Tokens of a row that are looked at.
  case keys
  /// Features of the factorized embeddings.
  case embedding
  /// Features of the hidden states.
  case hidden
  /// Attention heads.
  case heads
  /// Words of the vocabulary.
  case vocabulary
  /// The two orders of a pair of sentences.
  case orders
  /// Classes of a task head.
  case labels
  /// Questions of multiple choice.
  case questions
  /// Choices of a question.
  case choices

  /// How far the axis reaches in a model of `config` for `inputs`.
  package func extent(_ config: AlbertConfig, _ inputs: ModelInputs) -> Int {
    switch self {
    case .sequences: inputs.sequences
    case .tokens, .keys: inputs.sequence
    case .embedding: config.embeddingSize
    case .hidden: config.hiddenSize
    case .heads: config.numAttentionHeads
    case .vocabulary: config.vocabSize
    case .orders: 2
    case .labels: config.numLabels
    // Without an axis of choices the rows are the choices of one question.
    case .questions: inputs.choices.map { inputs.sequences / $0 } ?? 1
    case .choices: inputs.choices ?? inputs.sequences
    }
  }
}

extension Stage {
  /// The axes of the stage in a model with `contents`, outermost first.
  package func axes(_ contents: ModelContents) -> [StageAxis] {
    switch self {
    case .embeddings: [.sequences, .tokens, .embedding]
    case .hiddenStates, .lastHiddenState: [.sequences, .tokens, .hidden]
    case .attentions: [.sequences, .heads, .tokens, .keys]
    case .poolerOutput: [.sequences, .hidden]
    case .predictionLogits: [.sequences, .tokens, .vocabulary]
    case .sopLogits: [.sequences, .orders]
    case .startLogits, .endLogits: [.sequences, .tokens]
    case .logits:
      switch contents.taskHead {
      case .tokenClassification: [.sequences, .tokens, .labels]
      case .multipleChoice: [.questions, .choices]
      default: [.sequences, .labels]
      }
    }
  }

  /// The extents of the stage for `inputs`, whose product may exceed what a shape can have.
  package func dimensions(
    _ config: AlbertConfig, _ contents: ModelContents, _ inputs: ModelInputs
  ) -> [Int] {
    axes(contents).map { $0.extent(config, inputs) }
  }
}

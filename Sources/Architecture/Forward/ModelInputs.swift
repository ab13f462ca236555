internal import AlbertBytes
public import AlbertTensors

/// What goes into a forward pass: token ids with their mask and segments, all of one shape.
///
/// The shape is [batch, sequence], or [batch, choices, sequence] for multiple choice; in both the
/// model sees `sequences` rows of `sequence` tokens. The values are checked by `check`, against the
/// model that they are meant for.
public struct ModelInputs: Equatable, Sendable {
  /// [batch, sequence] or [batch, choices, sequence].
  public let shape: Shape
  /// Token ids, row-major.
  package let inputIDs: [Int]
  /// 1 where a token counts, 0 where it is padding; row-major.
  package let attentionMask: [Int]
  /// Segment ids, row-major.
  package let tokenTypeIDs: [Int]

  /// Puts inputs together; without a mask every token counts, without segments all are 0.
  ///
  /// - Parameters:
  ///   - inputIDs: Token ids, row-major.
  ///   - shape: [batch, sequence], or [batch, choices, sequence] for multiple choice.
  ///   - attentionMask: 1 where a token counts, 0 where it is padding; as many as ids.
  ///   - tokenTypeIDs: Segment ids, as many as ids.
  /// - Throws: ``InputProblem`` where the shape is another or does not fit the values.
  public init(
    inputIDs: [Int], shape: Shape, attentionMask: [Int]? = nil, tokenTypeIDs: [Int]? = nil
  ) throws(InputProblem) {
    guard shape.rank == 2 || shape.rank == 3, !shape.dimensions.contains(0) else {
      throw .shape(input: InputName.inputIDs, found: shape)
    }
    for (name, values) in [
      (InputName.inputIDs, inputIDs), (InputName.attentionMask, attentionMask),
      (InputName.tokenTypeIDs, tokenTypeIDs),
    ] {
      if let values, values.count != shape.count {
        throw .count(input: name, expected: shape, found: values.count)
      }
    }
    self.shape = shape
    self.inputIDs = inputIDs
    self.attentionMask = attentionMask ?? Array(repeating: 1, count: shape.count)
    self.tokenTypeIDs = tokenTypeIDs ?? Array(repeating: 0, count: shape.count)
  }

  /// Tokens of one row.
  package var sequence: Int { shape.dimensions[shape.rank - 1] }

  /// Rows: the batch, times the choices where there are any.
  package var sequences: Int { shape.count / sequence }

  /// Choices of one question; nil where the shape does not say.
  package var choices: Int? { shape.rank == 3 ? shape.dimensions[1] : nil }

  /// Whether the token at a flat index is padding.
  package func isPadding(_ index: Int) -> Bool { attentionMask[index] == 0 }
}

/// The names of the inputs in files.
package enum InputName {
  /// Token ids.
  package static let inputIDs = "input_ids"
  /// 1 for tokens, 0 for padding.
  package static let attentionMask = "attention_mask"
  /// Segment ids.
  package static let tokenTypeIDs = "token_type_ids"
}

extension ModelInputs {
  /// Throws where a model of `config` with `contents` cannot take these inputs.
  package func check(_ config: AlbertConfig, _ contents: ModelContents) throws(InputProblem) {
    if shape.rank == 3 && contents.taskHead != .multipleChoice { throw .choices(found: shape) }
    if sequence > config.maxPositionEmbeddings {
      throw .sequence(found: sequence, most: config.maxPositionEmbeddings)
    }
    // So that the shape of every stage can be stated.
    let stages: [Stage] = [
      .embeddings, .hiddenStates(0), .attentions(0), .predictionLogits, .logits,
    ]
    for stage in stages
    where Shape(checking: stage.dimensions(config, contents, self)) == nil {
      throw .memory(needed: .max, available: Machine.memory)
    }
    try check(InputName.inputIDs, inputIDs, below: config.vocabSize)
    try check(InputName.attentionMask, attentionMask, below: 2)
    try check(InputName.tokenTypeIDs, tokenTypeIDs, below: config.typeVocabSize)
  }

  private func check(_ name: String, _ values: [Int], below limit: Int) throws(InputProblem) {
    guard let index = values.firstIndex(where: { $0 < 0 || $0 >= limit }) else { return }
    throw .value(
      input: name, found: values[index], most: limit - 1, row: index / sequence,
      position: index % sequence)
  }
}

extension ModelInputs {
  /// One sequence of ids.
  package init(sequence ids: [Int]) throws(InputProblem) {
    try self.init(inputIDs: ids, shape: Shape([1, ids.count]))
  }
}

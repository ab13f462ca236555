import AlbertArchitecture
import AlbertTensors
import Testing

@Suite struct ModelInputsTests {
  private let config: AlbertConfig = AlbertConfig(
    vocabSize: 10, embeddingSize: 4, hiddenSize: 8, intermediateSize: 16, maxPositionEmbeddings: 4,
    typeVocabSize: 2, numHiddenLayers: 2, innerGroupNum: 2, numAttentionHeads: 2,
    hiddenAct: .geluErf)

  private func problem(
    _ ids: [Int], _ shape: [Int], mask: [Int]? = nil, types: [Int]? = nil,
    contents: ModelContents = .preTraining
  ) -> String? {
    do throws(InputProblem) {
      let inputs = try ModelInputs(
        inputIDs: ids, shape: Shape(shape), attentionMask: mask, tokenTypeIDs: types)
      try inputs.check(config, contents)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func inputsWithinTheModelPass() {
    #expect(problem([0, 9, 3, 4], [1, 4], mask: [1, 0, 1, 0], types: [0, 1, 1, 0]) == nil)
    #expect(problem([1, 2], [2, 1], mask: [0, 0]) == nil)
  }

  @Test func defaultsAreAFullMaskAndTheFirstSegment() throws {
    let inputs = try ModelInputs(inputIDs: [1, 2, 3, 4], shape: Shape([2, 2]))
    #expect(inputs.attentionMask == [1, 1, 1, 1])
    #expect(inputs.tokenTypeIDs == [0, 0, 0, 0])
  }

  @Test func valuesOutsideTheModelAreNamedWithTheirPlace() {
    #expect(
      problem([1, 2, 3, 10], [2, 2])
        == "input_ids holds 10 in row 1 at position 1, outside 0...9; use the tokenizer that belongs to the model"
    )
    #expect(
      problem([1, -1], [1, 2])?.hasPrefix("input_ids holds -1 in row 0 at position 1") == true)
    #expect(
      problem([1, 2], [1, 2], mask: [1, 2])
        == "attention_mask holds 2 in row 0 at position 1, outside 0...1; mark tokens with 1 and padding with 0"
    )
    #expect(
      problem([1, 2], [1, 2], types: [2, 0])
        == "token_type_ids holds 2 in row 0 at position 0, outside 0...1; number the segments from 0"
    )
    #expect(problem([.min, .max], [1, 2]) != nil)
  }

  @Test func shapesThatDoNotFitAreRefused() {
    #expect(
      problem([1, 2, 3, 4, 5], [1, 5])
        == "a sequence of 5 tokens exceeds the model's 4 positions; cut or split the sequences")
    #expect(
      problem([1, 2], [2])
        == "input_ids has shape [2], not [batch, sequence] or [batch, choices, sequence]; save the inputs with one shape for all three arrays"
    )
    #expect(problem([], [0, 3])?.hasPrefix("input_ids has shape [0, 3]") == true)
    #expect(
      problem([1, 2], [1, 2], mask: [1])
        == "attention_mask has 1 values, not the 2 of shape [1, 2]; save the inputs with one shape for all three arrays"
    )
  }

  @Test func aPassThatExceedsTheMemoryIsRefusedBeforeItStarts() throws {
    let inputs = try ModelInputs(inputIDs: [1, 2, 3, 4], shape: Shape([1, 4]))
    func problem(_ stages: [Stage], available: Int, together: Bool = false) -> InputProblem? {
      do throws(InputProblem) {
        try inputs.checkMemory(
          config, .preTraining, stages: stages, together: together, elementSize: 1,
          available: available)
        return nil
      } catch {
        return error
      }
    }
    // Activations: 4 tokens x (4 H + E + 3 H), and 2 heads x 4 x 4 scores; logits: 4 x 10.
    let activations = 4 * (4 * 8 + 4 + 24) + 32
    #expect(problem([.predictionLogits], available: activations + 40) == nil)
    #expect(
      problem([.predictionLogits], available: activations + 39)
        == .memory(needed: activations + 40, available: activations + 39))
    let both: [Stage] = [.predictionLogits, .lastHiddenState]
    #expect(problem(both, available: activations + 40) == nil)
    #expect(problem(both, available: activations + 40, together: true) != nil)

    var vast = config
    vast.numAttentionHeads = 1 << 24
    vast.maxPositionEmbeddings = 1 << 24
    let long = try ModelInputs(
      inputIDs: Array(repeating: 0, count: 1 << 20), shape: Shape([1, 1 << 20]))
    #expect(throws: InputProblem.self) {
      try long.checkMemory(
        vast, .preTraining, stages: [.attentions(0)], together: false, elementSize: 8)
    }
    #expect(
      InputProblem.memory(needed: 3_000_000_000, available: 2_000_000_000).description
        == "the forward pass needs 3000 MB of memory, the machine has 2000 MB; give fewer or shorter sequences, or ask for fewer stages"
    )
  }

  @Test func choicesNeedAMultipleChoiceHead() {
    let choice = ModelContents(pooler: true, taskHead: .multipleChoice)
    #expect(problem([1, 2], [1, 2, 1], contents: choice) == nil)
    #expect(
      problem([1, 2], [1, 2, 1])
        == "the inputs have shape [1, 2, 1], but the model has no multiple-choice head; give [batch, sequence]"
    )
  }

  @Test func everyStageHasANameThatLeadsBackToIt() {
    var stages: Set<Stage> = []
    for head in TaskHead.allCases {
      let contents = ModelContents(pooler: true, mlm: true, sop: true, taskHead: head)
      stages.formUnion(Stage.all(config, contents, attentions: true))
    }
    #expect(stages.count == 1 + 3 + 4 + 1 + 3 + 3)
    for stage in stages { #expect(Stage(name: stage.name) == stage) }
    for name in ["hidden_states.", "hidden_states.-1", "hidden_states.01", "attentions", "x"] {
      #expect(Stage(name: name) == nil)
    }
  }

  @Test func stagesComeInTheOrderOfComputation() {
    #expect(
      Stage.all(config, .maskedLM, attentions: true).map(\.name) == [
        "embeddings", "hidden_states.0", "attentions.0", "attentions.1", "hidden_states.1",
        "attentions.2", "attentions.3", "hidden_states.2", "last_hidden_state",
        "prediction_logits",
      ])
  }

  @Test func theShapeOfChoicesIsThatOfTheQuestions() throws {
    var choice = config
    choice.taskHead = .multipleChoice
    choice.numLabels = 1
    let contents = ModelContents(pooler: true, taskHead: .multipleChoice)
    let three = try ModelInputs(inputIDs: Array(repeating: 1, count: 12), shape: Shape([2, 3, 2]))
    #expect(Stage.logits.shape(choice, contents, three) == Shape([2, 3]))
    #expect(Stage.poolerOutput.shape(choice, contents, three) == Shape([6, 8]))
    let two = try ModelInputs(inputIDs: Array(repeating: 1, count: 6), shape: Shape([3, 2]))
    #expect(Stage.logits.shape(choice, contents, two) == Shape([1, 3]))
    choice.numLabels = 2
    #expect(
      choice.contradictions == ["num_labels is 2, but a head for multiple_choice has 1"])
  }
}

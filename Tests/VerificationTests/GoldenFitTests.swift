import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertDiagnosis
import AlbertReferenceModel
import AlbertTensors
import AlbertTestModels
import AlbertTestSupport
import Testing

@testable import AlbertVerification

/// Golden files that belong to another model, to other inputs, or to no model at all.
@Suite("Golden files that do not fit")
struct GoldenFitTests {
  /// tiny-a's golden file with some arrays replaced; those that are nil are left out.
  private func golden(
    _ scratch: borrowing Scratch, _ changed: [Stage: (shape: [Int], values: [Double])?]
  ) throws -> GoldenFile {
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    let inputs = try #require(golden.inputs)
    var outputs: [StageOutput<Double>] = []
    for stage in Set(golden.stages.keys).union(changed.keys).sorted(by: { $0.name < $1.name }) {
      if let change = changed[stage] {
        guard let change else { continue }
        outputs.append(
          StageOutput(stage: stage, shape: Shape(change.shape), values: change.values))
      } else {
        let recorded = try golden.values(of: stage)
        outputs.append(StageOutput(stage: stage, shape: recorded.shape, values: recorded.values))
      }
    }
    let path = scratch.path("changed.npz")
    var file = try OutputFile(
      path, replacing: true, inputs: inputs, stages: outputs.map { ($0.stage, $0.shape) },
      type: .float64)
    for output in outputs { try file.add(output) }
    try file.commit()
    return try GoldenFile(path)
  }

  /// An array of some shape, of numbers that mean nothing.
  private func noise(_ shape: [Int]) -> (shape: [Int], values: [Double]) {
    let count = shape.reduce(1, *)
    return (shape, (0..<count).map { index -> Double in Double(index * 7919 % 101) / 50 - 1 })
  }

  private func failing(_ result: VerificationResult, _ engine: Engine = .reference) -> [Stage] {
    result.stages.filter { $0.engine == engine && $0.outcome == .fail }.map(\.stage)
  }

  @Test("The diagnosis says which model the recording fits, both ways")
  func otherModel() throws {
    let pairs = [
      (
        "tiny-a/hf", "tiny-b/golden.npz",
        "the recorded outputs are of a model with embedding size 24, hidden size 48, 3 attention "
          + "heads, a vocabulary of 640 and 4 layers; the subject has 32, 64, 4, 512 and 3"
      ),
      (
        "tiny-b/hf", "tiny-a/golden.npz",
        "the recorded outputs are of a model with embedding size 32, hidden size 64, 4 attention "
          + "heads and a vocabulary of 512; the subject has 24, 48, 3 and 640"
      ),
    ]
    for (model, golden, message) in pairs {
      let result = try Verification.verify(
        try Fixtures.model(model), golden: try Fixtures.recorded(golden))
      #expect(!result.passes)
      #expect(result.diagnosis.map(\.code) == [.otherModel])
      #expect(result.diagnosis.first?.message == message)
      let first = try #require(result.firstDivergence)
      #expect(first.stage == .embeddings && first.error == nil)
      #expect(first.problem?.contains("the golden file's [3, 16, ") == true)
      #expect(failing(result).count >= 8 && failing(result) == failing(result, .fast))
    }
  }

  @Test("Ids that only the recorded model has are said of the stages that could be compared")
  func otherModelsInputs() throws {
    let result = try Verification.verify(
      try Fixtures.model("tiny-a/hf"), golden: try Fixtures.recorded("tiny-b/golden.npz"))
    let order = try #require(result.stages.first { $0.stage == .sopLogits })
    #expect(order.outcome == .fail && order.shapes == nil)
    #expect(order.problem?.contains("input_ids holds ") == true)
    #expect(result.findings.contains { $0.code == "more-layers" })
  }

  @Test("One array of another size is told by what it counts")
  func sizes() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let cases: [(Stage, [Int], Diagnosis.Code, String)] = [
      (.attentions(0), [3, 2, 16, 16], .otherModel, "2 attention heads; the subject has 4"),
      (.predictionLogits, [3, 16, 640], .otherModel, "a vocabulary of 640; the subject has 512"),
      (.embeddings, [3, 16, 128], .otherModel, "embedding size 128; the subject has 32"),
      (.embeddings, [3, 16, 64], .recordedElsewhere, "name them 'hidden_states.0'"),
    ]
    for (stage, shape, code, words) in cases {
      let golden = try golden(try Scratch(), [stage: noise(shape)])
      let result = try Verification.verify(model, golden: golden)
      #expect(failing(result) == [stage])
      #expect(result.diagnosis.map(\.code) == [code], "\(stage): \(result.diagnosis)")
      #expect(result.diagnosis.first?.message.contains(words) == true, "\(result.diagnosis)")
      #expect(result.firstDivergence?.shapes?.expected == shape)
    }
  }

  @Test("Arrays of another rank, without elements or of odd extents fail and change nothing else")
  func misshapen() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let cases: [(Stage, [Int])] = [
      (.embeddings, [48, 32]), (.embeddings, [3, 16]), (.embeddings, [0]), (.embeddings, []),
      (.hiddenStates(0), [3, 16, 64, 1]), (.hiddenStates(1), [64]), (.hiddenStates(2), [3, 0, 64]),
      (.lastHiddenState, [3, 64, 16]), (.poolerOutput, [3, 16, 64]), (.poolerOutput, [3, 0]),
      (.predictionLogits, [3, 512]), (.predictionLogits, [3, 16, 0]),
      (.predictionLogits, [0, 0, 0]),
      (.predictionLogits, [3, 16, 1]), (.sopLogits, [2, 3]), (.sopLogits, [3, 1]),
      (.attentions(0), [3, 4, 16]), (.attentions(0), [3, 4, 256]), (.attentions(0), [0, 0, 0, 0]),
    ]
    for (stage, shape) in cases {
      let golden = try golden(try Scratch(), [stage: noise(shape)])
      for engines in [Engines.both, .fast] {
        let result = try Verification.verify(
          model, golden: golden, Verification.Options(engines: engines))
        #expect(!result.passes)
        #expect(failing(result, .fast) == [stage], "\(stage) \(shape)")
      }
    }
  }

  @Test("A file with nothing but one array of any shape is judged like any other")
  func alone() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let known = try Fixtures.recorded("tiny-a/golden.npz").stages.keys
    for stage in known {
      for shape in [[], [1], [3, 16], [3, 16, 7], [1, 2, 3, 4], [3, 16, 64], [3, 4, 16, 16]] {
        var changed: [Stage: (shape: [Int], values: [Double])?] = [:]
        for other in known where other != stage { changed.updateValue(nil, forKey: other) }
        changed[stage] = noise(shape)
        let result = try Verification.verify(
          model, golden: try golden(try Scratch(), changed),
          Verification.Options(engines: .reference))
        #expect(failing(result) == [stage], "\(stage) \(shape)")
      }
    }
  }

  @Test("Logits that are the subject's own, cut or padded, keep their more special explanation")
  func cutVocabulary() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let recorded = try Fixtures.recorded("tiny-a/golden.npz").values(of: .predictionLogits)
    for width in [500, 520] {
      let values = (0..<48).flatMap { token -> [Double] in
        (0..<width).map { word -> Double in word < 512 ? recorded.values[token * 512 + word] : 0 }
      }
      let golden = try golden(
        try Scratch(), [.predictionLogits: ([3, 16, width], values)])
      let result = try Verification.verify(model, golden: golden)
      #expect(result.diagnosis.map(\.code) == [.vocabularyRows])
      #expect(result.diagnosis.first?.message.contains("to \(width) rows") == true)
    }
  }

  @Test("Outputs that were recorded for other inputs are told")
  func otherInputs() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    for shape in [Shape([2, 16]), Shape([3, 8]), Shape([1, 1])] {
      let inputs = try ModelInputs(
        inputIDs: [Int](repeating: 5, count: shape.count), shape: shape)
      let result = try Verification.verify(
        model, golden: golden, Verification.Options(inputs: inputs, from: "other.npz"))
      #expect(result.diagnosis.map(\.code) == [.otherInputs])
      #expect(
        result.diagnosis.first?.message.contains("for 3 sequences of 16 tokens, the inputs hold")
          == true)
    }
  }

  @Test("Inputs that no stage can be computed for are an error where all shapes fit")
  func unfitInputs() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    let shape = Shape([3, 16])
    for id in [512, -1, Int.max, Int.min] {
      let inputs = try ModelInputs(inputIDs: [Int](repeating: id, count: 48), shape: shape)
      let error = #expect(throws: FileError.self) {
        try Verification.verify(
          model, golden: golden, Verification.Options(inputs: inputs, from: "other.npz"))
      }
      #expect(error?.path == "other.npz")
      #expect(error?.message.contains("outside 0...511") == true)
    }
  }

  @Test("A head with another number of labels is told")
  func labels() throws {
    var draft = try Draft("tiny-a")
    draft.contents = ModelContents(pooler: true, taskHead: .sequenceClassification)
    draft.config.taskHead = .sequenceClassification
    draft.config.numLabels = 3
    draft[Parameter(.classifierWeight)] = (0..<192).map { Float($0 % 5) / 8 - 0.25 }
    draft[Parameter(.classifierBias)] = [0.5, 0, -0.5]
    let golden = try golden(try Scratch(), [.logits: noise([3, 5])])
    let result = try Verification.verify(try draft.model(), golden: golden)
    #expect(failing(result) == [.logits])
    #expect(
      result.diagnosis.first?.message
        == "the recorded outputs are of a model with 5 labels; the subject has 3")
    // Where the subject has no such head, its size says nothing.
    let whole = try Verification.verify(try Fixtures.model("tiny-a/hf"), golden: golden)
    #expect(whole.passes)
  }
}

import AlbertArchitecture
import AlbertFastModel
import AlbertReferenceModel
import AlbertTensors

/// Either model, its values as Float64, so that one test holds both to the same law.
enum Engine: String, CaseIterable {
  case reference
  case fast

  func forward(_ store: any ParameterStore, _ inputs: ModelInputs, stages: [Stage]? = nil) throws
    -> [StageOutput<Double>]
  {
    switch self {
    case .reference: return try ReferenceModel(store).forward(inputs, stages: stages)
    case .fast:
      return try FastModel(store).forward(inputs, stages: stages).map {
        StageOutput(stage: $0.stage, shape: $0.shape, values: $0.values.map(Double.init))
      }
    }
  }

  /// The values of one stage.
  func values(_ stage: Stage, _ store: any ParameterStore, _ inputs: ModelInputs) throws
    -> [Double]
  {
    try forward(store, inputs, stages: [stage]).first?.values ?? []
  }

  /// How far from what transformers computed its stages may be.
  var tolerance: Double {
    switch self {
    case .reference: 1e-9
    case .fast: 2e-5
    }
  }
}

/// Inputs of any shape, the same in every run: ids and segments that vary, all tokens counting.
func someInputs(_ batch: Int, _ sequence: Int, _ config: AlbertConfig) throws -> ModelInputs {
  let count = batch * sequence
  return try ModelInputs(
    inputIDs: (0..<count).map { ($0 * 7919 + 13) % config.vocabSize },
    shape: Shape([batch, sequence]), tokenTypeIDs: (0..<count).map { $0 / 3 % 2 })
}

internal import Albert
internal import Bytes
internal import FastModel
internal import ReferenceModel
internal import Tensors

/// Runs steps of the forward pass as hypotheses have them.
struct TrialRunner {
  let recording: Recording
  /// Who may end the search; where it does, no trial gives numbers any more.
  let observer: WorkObserver

  private var cancellation: WorkObserver { WorkObserver(isCancelled: observer.isCancelled) }

  /// How far the step's outcome is from the recorded one on some sequences; nil where the trial
  /// cannot be computed, or gives another shape.
  func residual(
    _ trial: Trial, _ step: Step, _ sequences: [Int], _ engine: Engine, stride: Int = 1
  ) -> Residual? {
    guard let entry = recording[step.target] else { return nil }
    switch engine {
    case .reference:
      return values(trial, step.target, from: step.start, sequences).flatMap {
        compare($0, entry, sequences, stride)
      }
    case .fast:
      return fastValues(trial, step.target, from: step.start, sequences).flatMap {
        compare($0, entry, sequences, stride)
      }
    }
  }

  private func compare<Element>(
    _ output: StageOutput<Element>, _ entry: Recording.Entry, _ sequences: [Int], _ stride: Int
  ) -> Residual? {
    guard output.values.count * recording.inputs.sequences == entry.values.count * sequences.count
    else { return nil }
    return Residual(output.values, entry, sequences, recording, stride: stride)
  }

  /// One stage of some sequences in Float64.
  func values(
    _ trial: Trial, _ target: Stage, from start: Stage?, _ sequences: [Int]
  ) -> StageOutput<Double>? {
    do throws(InputProblem) {
      let inputs = try inputs(trial, sequences)
      let model = ReferenceModel(trial)
      guard target == .predictionLogits, let activation = trial.mlmActivation else {
        guard let start = hidden(trial, start, sequences, inputs) else {
          return try model.forward(inputs, stages: [target], observer: cancellation).first
        }
        return try model.forward(inputs, from: start, stages: [target], observer: cancellation)
          .first
      }
      let last: StageOutput<Double>?
      if let start = hidden(trial, start, sequences, inputs) {
        last = try model.forward(
          inputs, from: start, stages: [.lastHiddenState], observer: cancellation
        ).first
      } else {
        last = try model.forward(inputs, stages: [.lastHiddenState], observer: cancellation).first
      }
      guard let last else { return nil }
      return try ReferenceModel(trial.head(activation))
        .forward(inputs, from: last, stages: [target], observer: cancellation).first
    } catch {
      return nil
    }
  }

  /// The same in Float32, with the reference where the machine has no matrix product.
  func fastValues(
    _ trial: Trial, _ target: Stage, from start: Stage?, _ sequences: [Int]
  ) -> StageOutput<Float>? {
    guard let inputs = try? inputs(trial, sequences), let model = try? FastModel(trial) else {
      return values(trial, target, from: start, sequences).map(StageOutput<Float>.init)
    }
    let hidden = hidden(trial, start, sequences, inputs).map(StageOutput<Float>.init)
    func run(_ model: FastModel, _ hidden: StageOutput<Float>?, _ stage: Stage)
      -> StageOutput<Float>?
    {
      if let hidden {
        return try? model.forward(inputs, from: hidden, stages: [stage], observer: cancellation)
          .first
      }
      return try? model.forward(inputs, stages: [stage], observer: cancellation).first
    }
    guard target == .predictionLogits, let activation = trial.mlmActivation else {
      return run(model, hidden, target)
    }
    guard let last = run(model, hidden, .lastHiddenState),
      let head = try? FastModel(trial.head(activation))
    else { return nil }
    return run(head, last, target)
  }

  /// The inputs of some sequences, as the trial reads them.
  private func inputs(_ trial: Trial, _ sequences: [Int]) throws(InputProblem) -> ModelInputs {
    try trial.reading(
      recording.inputs.part(sequences, trial.contents), vocabulary: trial.config.vocabSize)
  }

  /// The recorded hidden state from which a step starts.
  private func hidden(
    _ trial: Trial, _ start: Stage?, _ sequences: [Int], _ inputs: ModelInputs
  ) -> StageOutput<Double>? {
    guard let start, let entry = recording[start],
      // The last one stays the last, however many layers the trial has.
      let layers = start.layersBefore(trial.config)
    else { return nil }
    let values = recording.values(entry, sequences)
    guard values.count == inputs.shape.count * trial.config.hiddenSize else { return nil }
    return StageOutput(
      stage: .hiddenStates(layers),
      shape: Shape([sequences.count, inputs.sequence, trial.config.hiddenSize]), values: values)
  }
}

extension Trial {
  /// The masked-LM head alone, with an activation of its own.
  fileprivate func head(_ activation: Activation) -> Trial {
    var head = self
    head.config.hiddenAct = activation
    head.mlmActivation = nil
    return head
  }
}

extension StageOutput<Float> {
  /// The same in Float32.
  fileprivate init(_ output: StageOutput<Double>) {
    self.init(stage: output.stage, shape: output.shape, values: output.values.map(Float.init))
  }
}

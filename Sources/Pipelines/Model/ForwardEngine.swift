package import AlbertArchitecture
package import AlbertBytes
internal import AlbertFastModel
internal import AlbertReferenceModel
internal import AlbertTensors

/// A forward pass whose results are read as Float32, whoever computes them.
package struct ForwardEngine: Sendable {
  private let run:
    @Sendable (ModelInputs, [Stage], ForwardOptions, WorkObserver) throws(InputProblem)
      -> [StageOutput<Float>]

  /// The engine that is asked for, over a model's parameters.
  ///
  /// Throws where the fast one has no room.
  package init(_ engine: Engine, _ store: any ParameterStore) throws(FileError) {
    guard engine == .reference else {
      let model = try FastModel(store)
      run = { (inputs, stages, options, observer) throws(InputProblem) in
        try model.forward(inputs, stages: stages, options, observer: observer)
      }
      return
    }
    run = { (inputs, stages, options, observer) throws(InputProblem) in
      try ReferenceModel(store).forward(inputs, stages: stages, observer: observer).map {
        let output = StageOutput(
          stage: $0.stage, shape: $0.shape, values: $0.values.map(Float.init))
        guard output.stage == .predictionLogits, let scored = options.scored else { return output }
        return output.rows(scored)
      }
    }
  }

  /// The stages of a forward pass, by themselves; of padded tokens nothing is read.
  ///
  /// Where `scored` are places of tokens, the prediction logits are theirs alone, in this order.
  func stages(
    _ inputs: ModelInputs, _ stages: [Stage], scored: [Int]? = nil, _ observer: WorkObserver
  ) throws(InputProblem) -> [Stage: StageOutput<Float>] {
    let options = ForwardOptions(skipsPadding: true, scored: scored)
    return Dictionary(
      firstOfEach: try run(inputs, stages, options, observer).map { ($0.stage, $0) })
  }
}

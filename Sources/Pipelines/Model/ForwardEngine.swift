package import AlbertArchitecture
package import AlbertBytes
internal import AlbertFastModel
internal import AlbertReferenceModel
internal import AlbertTensors

/// A forward pass whose results are read as Float32, whoever computes them.
package struct ForwardEngine: Sendable {
  private let run:
    @Sendable (ModelInputs, [Stage], WorkObserver) throws(InputProblem) -> [StageOutput<Float>]

  /// The engine that is asked for, over a model's parameters.
  ///
  /// Throws where the fast one has no library for its products.
  package init(_ engine: Engine, _ store: any ParameterStore) throws(FileError) {
    guard engine == .reference else {
      let model = try FastModel(store)
      run = { (inputs, stages, observer) throws(InputProblem) in
        try model.forward(inputs, stages: stages, observer: observer)
      }
      return
    }
    run = { (inputs, stages, observer) throws(InputProblem) in
      try ReferenceModel(store).forward(inputs, stages: stages, observer: observer).map {
        StageOutput(stage: $0.stage, shape: $0.shape, values: $0.values.map(Float.init))
      }
    }
  }

  /// The stages of a forward pass, by themselves.
  func stages(
    _ inputs: ModelInputs, _ stages: [Stage], _ observer: WorkObserver
  ) throws(InputProblem) -> [Stage: StageOutput<Float>] {
    Dictionary(
      try run(inputs, stages, observer).map { ($0.stage, $0) },
      uniquingKeysWith: { first, _ in first })
  }
}

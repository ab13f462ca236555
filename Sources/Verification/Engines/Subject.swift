internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertDiagnosis
internal import AlbertFastModel
internal import AlbertReferenceModel
internal import AlbertTensors

/// A model under test and its forward passes.
struct Subject {
  let store: any ParameterStore
  let path: String
  /// The Float32 model, where it was asked for.
  let fast: FastModel?
  /// How large the outputs of its heads are.
  let headSizes: HeadSizes
  private let layerNorm: LayerNormKind

  /// A model whose reference engine has some LayerNorm; the Float32 engine knows ALBERT's alone.
  init(
    _ store: any ParameterStore, path: String, _ engines: Engines,
    layerNorm: LayerNormKind = .variance
  ) throws(FileError) {
    self.store = store
    self.path = path
    self.layerNorm = layerNorm
    headSizes = HeadSizes(store)
    fast = engines == .reference ? nil : try FastModel(store, maxPanels: Self.maxPanels)
  }

  /// Panels that are worth to be kept for the few passes of a verification.
  private static let maxPanels = 64 << 20

  /// Every stage that the model has.
  var stages: [Stage] { Stage.all(store.config, store.contents, attentions: true) }

  /// Runs the engines on `inputs` and hands each stage to `take` as soon as it is there, the fast
  /// engine's first.
  ///
  /// No stage is kept. `observers` gives each engine's pass its observer.
  func forward(
    _ engines: Engines, _ inputs: ModelInputs, from path: String, _ stages: [Stage],
    observers: (Engine) -> WorkObserver = { _ in WorkObserver() },
    _ take: (Computed) throws(FileError) -> Void
  ) throws(FileError) {
    var failure: FileError?
    func emit(_ computed: Computed) {
      guard failure == nil else { return }
      do throws(FileError) {
        try take(computed)
      } catch {
        failure = error
      }
    }
    do throws(InputProblem) {
      if let fast {
        try fast.forward(inputs, stages: stages, observer: observers(.fast)) { emit(.fast($0)) }
      }
      if engines != .fast {
        try ReferenceModel(store, layerNorm: layerNorm).forward(
          inputs, stages: stages, observer: observers(.reference)
        ) { emit(.reference($0)) }
      }
    } catch {
      throw error.fileError(path: path)
    }
    if let failure { throw failure }
  }

  /// A stage from either engine.
  enum Computed {
    case reference(StageOutput<Double>)
    case fast(StageOutput<Float>)

    var stage: Stage {
      switch self {
      case .reference(let output): output.stage
      case .fast(let output): output.stage
      }
    }
  }
}

extension StageComparer {
  func compare(_ computed: Subject.Computed, with expected: ExpectedStage) -> StageComparison {
    switch computed {
    case .reference(let output): compare(output, by: .reference, with: expected)
    case .fast(let output): compare(output, by: .fast, with: expected)
    }
  }
}

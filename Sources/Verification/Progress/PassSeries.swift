internal import AlbertArchitecture
internal import AlbertBytes
internal import Synchronization
internal import AlbertTensors

/// Several forward passes as one piece of work: each pass's progress becomes a share of the whole.
final class PassSeries: Sendable {
  private let observer: WorkObserver
  private let total: Int
  private let done = Mutex(0)

  /// A series of passes with the given costs.
  init(_ observer: WorkObserver, costs: [Int]) {
    self.observer = observer
    total = costs.reduce(0, +)
  }

  /// The observer of the next pass.
  func next(cost: Int) -> WorkObserver {
    let before = done.withLock { done in
      defer { done += cost }
      return done
    }
    let (observer, total) = (observer, total)
    return WorkObserver(
      progress: { step, steps in
        observer.progress(before + Int(Double(cost) * Double(step) / Double(max(1, steps))), total)
      },
      isCancelled: observer.isCancelled)
  }
}

extension Engine {
  /// What a pass costs, in thousands of multiplications of the fast engine.
  ///
  /// Float64 takes about 8 times as long; only the bar's pace depends on it.
  func cost(_ inputs: ModelInputs, _ stages: [Stage], _ config: AlbertConfig) -> Int {
    let layers =
      stages.map { $0 == .embeddings ? 0 : $0.layersBefore(config) ?? config.numHiddenLayers }
      .max() ?? 0
    let multiplications =
      Double(inputs.shape.count) * config.multiplicationsPerToken
      * Double(min(layers, config.numHiddenLayers) + 1)
    let factor = self == .reference ? 8.0 : 1
    return Int(min(multiplications * factor / 1000, 0x1p50)) + 1
  }
}

internal import AlbertArchitecture
internal import AlbertBytes
internal import Synchronization
internal import AlbertTensors

/// Several forward passes as one piece of work, or as one for each engine where that is told apart: each
/// pass's progress becomes a share of the whole.
final class PassSeries: Sendable {
  private let observer: WorkObserver
  private let totals: [String: Int]
  private let done = Mutex<[String: Int]>([:])

  /// What an engine's pass costs.
  typealias Cost = (engine: Engine, cost: Int)

  /// A series of passes with the given costs.
  init(_ observer: WorkObserver, costs: [Cost]) {
    self.observer = observer
    totals = Self.totals(costs, observer)
  }

  /// What passes count for an observer, part by part; as a `whole` where it does not tell of parts.
  static func totals(_ costs: [Cost], _ observer: WorkObserver) -> [String: Int] {
    Dictionary(
      costs.map { (part(of: $0.engine, observer), share($0.engine, $0.cost, observer)) },
      uniquingKeysWith: +)
  }

  /// The name of the only part of what is not told apart.
  static let whole = ""

  /// Whether the caller gave up.
  var isCancelled: @Sendable () -> Bool { observer.isCancelled }

  /// The observer of the next pass.
  func next(_ engine: Engine, cost: Int) -> WorkObserver {
    let part = Self.part(of: engine, observer)
    let share = Self.share(engine, cost, observer)
    let (observer, total) = (observer.part(part), totals[part] ?? share)
    let counted = Mutex(0)
    return WorkObserver(
      progress: { [self] step, steps in
        let now = Int(Double(share) * Double(step) / Double(max(1, steps)))
        // Passes run side by side, and what is told of all of them never falls.
        done.withLock { done in
          done[part, default: 0] += counted.withLock { counted in
            defer { counted = max(counted, now) }
            return max(0, now - counted)
          }
          observer.progress(done[part, default: 0], total)
        }
      },
      isCancelled: observer.isCancelled)
  }

  private static func part(of engine: Engine, _ observer: WorkObserver) -> String {
    observer.tellsParts ? engine.rawValue : whole
  }

  /// What a pass counts: where both engines are one piece of work, one in Float64 takes about 8 times as
  /// long.
  private static func share(_ engine: Engine, _ cost: Int, _ observer: WorkObserver) -> Int {
    engine == .reference && !observer.tellsParts ? cost * 8 : cost
  }
}

extension Engine {
  /// What a pass costs, in thousands of multiplications.
  func cost(_ inputs: ModelInputs, _ stages: [Stage], _ config: AlbertConfig) -> Int {
    let layers =
      stages.map { $0 == .embeddings ? 0 : $0.layersBefore(config) ?? config.numHiddenLayers }
      .max() ?? 0
    let multiplications =
      Double(inputs.shape.count) * config.multiplicationsPerToken
      * Double(min(layers, config.numHiddenLayers) + 1)
    return Int(min(multiplications / 1000, 0x1p50)) + 1
  }
}

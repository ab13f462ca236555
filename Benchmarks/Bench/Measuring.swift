import AlbertArchitecture
import AlbertPlatform

/// How long `body` takes, in seconds.
package func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  let duration = (ContinuousClock.now - start).components
  return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
}

/// A time in seconds as text.
package func milliseconds(_ value: Double) -> String { "\((value * 1e5).rounded() / 100) ms" }

/// The most memory that the process held so far, in MB.
package var peakMemory: Int {
  var usage = rusage()
  let this: Int32 = 0  // RUSAGE_SELF, whose type differs between systems
  getrusage(this, &usage)
  return usage.ru_maxrss / 1024
}

extension AlbertConfig {
  /// The sizes of ALBERT-base.
  package static let base = AlbertConfig(
    vocabSize: 30_000, embeddingSize: 128, hiddenSize: 768, intermediateSize: 3072,
    maxPositionEmbeddings: 512, typeVocabSize: 2, numHiddenLayers: 12, numAttentionHeads: 12,
    hiddenAct: .geluTanh)
}

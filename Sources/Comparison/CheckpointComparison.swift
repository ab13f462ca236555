package import AlbertArchitecture
package import AlbertBytes
internal import AlbertTensors

/// In what two checkpoints differ: tensors, config, tokenizer, training state.
package struct CheckpointComparison: Sendable {
  /// The one side.
  package let a: Checkpoint
  /// The other side, which A is thought to have become.
  package let b: Checkpoint
  /// Every tensor that counts, in A's order, those of B alone behind them.
  package let tensors: [TensorComparison]
  /// Whether there were tensors on both sides to compare.
  package let comparesTensors: Bool
  /// The config's keys that differ.
  package let config: [ConfigDifference]
  /// Whether both sides have a config.
  package let comparesConfig: Bool
  /// The side that alone is a config or a model with what is known of its config; nil where both are, or
  /// neither is.
  package let loneConfig: Checkpoint?
  /// The tokenizers; nil where a side is a config alone.
  package let tokenizer: TokenizerDifference?
  /// What was noticed.
  package let findings: [Finding]

  /// Whether nothing that counts differs.
  ///
  /// What is an ALBERT is not the same as what cannot be taken for one, whatever tensors both have.
  package var isSame: Bool {
    loneConfig == nil && tensors.allSatisfy { $0.outcome == .same }
      && !config.contains(where: \.counts) && tokenizer?.counts != true
  }

  /// Compares two checkpoints; no forward pass is run.
  ///
  /// Throws where a side cannot be read, and `cancelled` where the observer gives up.
  package init(
    _ a: Checkpoint, _ b: Checkpoint, _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) {
    self.a = a
    self.b = b
    let configs = (try ConfigRows(a), try ConfigRows(b))
    if let mine = configs.0, let theirs = configs.1 {
      config = mine.differences(from: theirs)
      comparesConfig = true
    } else {
      config = []
      comparesConfig = false
    }
    loneConfig = (configs.0 == nil) == (configs.1 == nil) ? nil : configs.0 == nil ? b : a
    findings = Self.labelled(a, b)
    guard let mine = a.archive, let theirs = b.archive else {
      tensors = []
      comparesTensors = false
      tokenizer = nil
      return
    }
    comparesTensors = true
    tokenizer = try TokenizerDifference(a, b)
    tensors = try TensorPairs(a, b).compare(observer)
    try mine.finish()
    try theirs.finish()
  }

  /// The findings of both sides, said once where they are the same.
  private static func labelled(_ a: Checkpoint, _ b: Checkpoint) -> [Finding] {
    let mine = a.findings
    return (mine + b.findings.filter { !mine.contains($0) }).ordered { $0.severity < $1.severity }
  }
}

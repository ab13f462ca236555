internal import AlbertBytes

extension Variant {
  /// What a config says that its publisher's training contradicts.
  ///
  /// For configs that say just `gelu` where that means the exact form.
  package static func doubts(_ config: AlbertConfig) -> [Finding] {
    guard config.hiddenAct == .geluErf else { return [] }
    let trained = all.first { variant in
      variant.config.hasSizes(of: config) && variant.trainedWith == .geluTanh
    }
    guard let trained else { return [] }
    var findings = [
      Finding(
        .warning, code: "activation-doubtful",
        "the config says the exact GELU, while \(trained.publisher) trained \(trained.name)'s sizes with the tanh form",
        remedy:
          "state hidden_act in the config, or in a copy of it named with \(.config): gelu_new if the "
          + "weights are Google's, gelu_python for what was taken")
    ]
    if let dropout = config.passthrough.hiddenDropoutProb, dropout != 0,
      trained.name.hasPrefix("albert-")
    {
      findings.add(
        .note, code: "dropout-first-revision",
        "dropout \(dropout) is that of v1, and of the first revision of the v2 configs",
        remedy: "set it to 0 before training a v2 model further")
    }
    return findings
  }
}

internal import Albert

extension HypothesisScope {
  /// Factors that runtimes are known to forget or to apply twice.
  var scales: [Hypothesis] {
    var result: [Hypothesis] = []
    let blocks = step.blocks
    let root = Double(config.headSize).squareRoot()
    if !blocks.isEmpty {
      let factors: [(Double, String)] = [
        (root, "without the division by the square root of the head size, \(config.headSize)"),
        (1 / root, "divided by the square root of the head size, \(config.headSize), twice"),
        (
          (Double(config.headSize) / Double(config.hiddenSize)).squareRoot(),
          "divided by the square root of the hidden size, \(config.hiddenSize)"
        ),
      ]
      for (factor, words) in factors where factor != 1 {
        result.append(
          Hypothesis(
            .scaled, "the golden file was computed with attention scores \(words)", places: encoder
          ) { trial in
            for group in 0..<trial.config.numHiddenGroups {
              for inner in 0..<trial.config.innerGroupNum {
                for role in [ParameterRole.queryWeight, .queryBias] {
                  trial.map(Parameter(role, group: group, inner: inner)) { $0 * factor }
                }
              }
            }
          })
      }
    }
    guard uses(.embeddings) else { return result }
    let words = Parameter(.wordEmbeddings)
    for (name, size) in [("embedding", config.embeddingSize), ("hidden", config.hiddenSize)] {
      let factor = Double(size).squareRoot()
      for (factor, how) in [(factor, "times"), (1 / factor, "divided by")] {
        result.append(
          Hypothesis(
            .scaled, [words],
            "the golden file was computed with \(words.role.words) \(how) the square root of the "
              + "\(name) size, \(size)"
          ) { trial in
            trial.separateDecoder(from: .wordEmbeddings)
            trial.map(words) { $0 * factor }
          })
      }
    }
    return result
  }

  /// Any tensor of the step times any factor, for `ScaleFit` to find it.
  var scalable: [[Parameter]] {
    roles.filter { $0 != .keyBias }.flatMap { sites($0) }
  }

  /// Tensors times a factor that was found.
  func scaled(_ parameters: [Parameter], by factor: Double) -> Hypothesis {
    Hypothesis(
      .scaled, parameters,
      "the golden file was computed with \(words(parameters)) times \(factor.threeDigits)"
    ) { trial in
      for parameter in parameters { trial.map(parameter) { $0 * factor } }
    }
  }
}

extension Double {
  /// Three digits, for messages.
  fileprivate var threeDigits: String {
    guard isFinite, self != 0, abs(self) >= 1e-3, abs(self) < 1e6 else { return "\(self)" }
    var unit = 1.0
    while abs(self) < 100 * unit { unit /= 10 }
    while abs(self) >= 1000 * unit { unit *= 10 }
    // Division by a power of ten gives the nearest number, which prints short.
    let digits = (self / unit).rounded()
    return unit < 1 ? "\(digits / (1 / unit).rounded())" : "\(digits * unit)"
  }
}

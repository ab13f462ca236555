internal import Albert
internal import Tensors

extension HypothesisScope {
  /// A bias that is left out or counted twice.
  var biases: [Hypothesis] {
    var result: [Hypothesis] = []
    if uses(.mlm) {
      let bias = Parameter(.mlmBias)
      result += [
        Hypothesis(
          .biasDoubled, [bias],
          "the golden file was computed with \(bias.role.words) added twice"
        ) { $0.map(bias) { 2 * $0 } },
        Hypothesis(
          .biasDoubled, [bias],
          "the subject holds \(bias.role.words) times two, the golden file was computed with it once"
        ) { $0.map(bias) { $0 / 2 } },
      ]
    }
    // A bias of the key adds the same to every score of a query, which the softmax takes out.
    for role in roles where role.isBias && role != .keyBias {
      for site in sites(role) {
        result.append(
          Hypothesis(.biasMissing, site, "the golden file was computed without \(words(site))") {
            for parameter in site { $0.clear(parameter) }
          })
      }
    }
    return result
  }

  /// A tensor with the opposite sign, or with zeros for its numbers.
  var signsAndZeros: [Hypothesis] {
    var result: [Hypothesis] = []
    for role in roles where role != .keyBias {
      for site in sites(role) {
        result.append(
          Hypothesis(.signFlipped, site, "one side holds \(words(site)) with the opposite sign") {
            for parameter in site { $0.map(parameter) { -$0 } }
          })
        if role.isBias { continue }
        result.append(
          Hypothesis(
            .zeroed, site, "the golden file was computed as if \(words(site)) were all zero"
          ) {
            $0.separateDecoder(from: role)
            for parameter in site { $0.clear(parameter) }
          })
      }
    }
    return result
  }

  /// A matrix as [in, out] where [out, in] is meant, which no shape of a square one reveals.
  var transpositions: [Hypothesis] {
    let square = roles.filter { role in
      let d = role.shape(in: config).dimensions
      return role.isLinearWeight && d.count == 2 && d[0] == d[1]
    }
    var result = square.flatMap { role in
      sites(role).map { site in
        Hypothesis(.transposed, site, "one side holds \(words(site)) transposed") {
          for parameter in site { $0.transpose(parameter) }
        }
      }
    }
    let inBlock = square.filter(\.isPerBlock)
    let sets = [
      [ParameterRole.queryWeight, .keyWeight], [.queryWeight, .keyWeight, .valueWeight], inBlock,
    ]
    for roles in sets where roles.count > 1 {
      result += sites(roles).map { sites in
        let all = sites.flatMap(\.self)
        return Hypothesis(
          .transposed, all,
          "one side holds \(roles.map(\.words).joined(separator: ", ")) transposed"
        ) { trial in
          for parameter in all { trial.transpose(parameter) }
        }
      }
    }
    return result
  }

  /// Weights that were rounded on the way to the golden file.
  var roundings: [Hypothesis] {
    let parameters = ParameterSpec.all(config, contents).map(\.parameter)
    let vectors = ParameterRole.allCases.filter { $0.shape(in: config).rank == 1 }
    return WeightRounding.all.flatMap { rounding in
      [parameters, parameters.filter { !vectors.contains($0.role) }].enumerated().map {
        index, set in
        Hypothesis(
          .precisionLoss,
          "the golden file was computed with \(index == 0 ? "weights" : "matrices") that had been "
            + "\(rounding.words)",
          places: Set(set.map(Place.init))
        ) { trial in
          for parameter in set where trial.tried?.contains(Place(parameter)) ?? true {
            trial.map(parameter, rounding.callAsFunction)
          }
        }
      }
    }
  }
}

/// A way in which numbers lose digits.
struct WeightRounding {
  let type: ElementType
  let truncates: Bool

  static let all = [ElementType.float16, .bfloat16].flatMap { type in
    [false, true].map { WeightRounding(type: type, truncates: $0) }
  }

  var words: String { "\(truncates ? "truncated" : "rounded") to \(type.name)" }

  func callAsFunction(_ value: Double) -> Double {
    switch (type, truncates) {
    case (.float16, false): return Double(Float16(value))
    case (.float16, true):
      let nearest = Float16(value)
      let isPast = abs(Double(nearest)) > abs(value)
      return Double(isPast ? (value < 0 ? nearest.nextUp : nearest.nextDown) : nearest)
    case (_, false): return Double(BFloat16(Float(value)).float)
    case (_, true): return Double(Float(bitPattern: Float(value).bitPattern & 0xFFFF_0000))
    }
  }
}

extension ParameterRole {
  /// Whether it is added: the bias of a linear layer or of a LayerNorm.
  var isBias: Bool { Self.allCases.contains { $0.bias == self } || self == .mlmBias }
}

extension Trial {
  /// Lets the decoder keep the word embeddings as they are while those of the input change.
  mutating func separateDecoder(from role: ParameterRole) {
    guard role == .wordEmbeddings, contents.mlm, !contents.untiedDecoder else { return }
    contents.untiedDecoder = true
    alias(Parameter(.mlmDecoderWeight), to: Parameter(.wordEmbeddings))
  }
}

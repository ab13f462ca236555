internal import Albert
internal import Tensors

extension HypothesisScope {
  /// Two tensors of one shape in each other's place.
  var exchanges: [Hypothesis] {
    var result: [Hypothesis] = []
    func add(_ first: ParameterRole, _ second: ParameterRole, withBiases: Bool) {
      var pairs = [(first, second)]
      if withBiases, let one = first.bias, let two = second.bias { pairs.append((one, two)) }
      for site in sites(pairs.flatMap { [$0.0, $0.1] }) {
        guard let one = site.first?.first, let two = site.dropFirst().first?.first else { continue }
        result.append(
          Hypothesis(
            .swapped, site.flatMap(\.self), other: two,
            "one side has \(words(site[0])) and \(words(site[1])) swapped"
              + (withBiases ? ", their biases too" : "")
          ) { trial in
            for index in stride(from: 0, to: site.count, by: 2) {
              for (a, b) in zip(site[index], site[index + 1]) { trial.swap(a, b) }
            }
          }.naming(one))
      }
    }
    let linears: [ParameterRole] = [.queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight]
    for (index, first) in linears.enumerated() {
      for second in linears.dropFirst(index + 1) {
        add(first, second, withBiases: true)
        add(first, second, withBiases: false)
      }
    }
    add(.attentionLayerNormWeight, .fullLayerNormWeight, withBiases: true)
    add(.attentionLayerNormWeight, .fullLayerNormWeight, withBiases: false)
    add(.embeddingLayerNormWeight, .embeddingLayerNormBias, withBiases: false)
    add(.attentionLayerNormWeight, .attentionLayerNormBias, withBiases: false)
    add(.fullLayerNormWeight, .fullLayerNormBias, withBiases: false)
    add(.mlmLayerNormWeight, .mlmLayerNormBias, withBiases: false)
    return result + misplacedBlocks + mixedNorms
  }

  /// Weights of one block in the place of another's.
  private var misplacedBlocks: [Hypothesis] {
    let all = (0..<config.numHiddenGroups).flatMap { group in
      (0..<config.innerGroupNum).map { (group: group, inner: $0) }
    }
    let perBlock = ParameterRole.allCases.filter(\.isPerBlock)
    var result: [Hypothesis] = []
    // Beyond some blocks the pairs are too many to be tried.
    guard all.count <= 12 else { return [] }
    for (index, one) in all.enumerated() {
      for two in all.dropFirst(index + 1)
      where uses(.block(one.group, one.inner)) || uses(.block(two.group, two.inner)) {
        func pair(_ role: ParameterRole) -> (Parameter, Parameter) {
          (
            Parameter(role, group: one.group, inner: one.inner),
            Parameter(role, group: two.group, inner: two.inner)
          )
        }
        if one.group == two.group {
          let (first, second) = pair(.queryWeight)
          result.append(
            Hypothesis(
              .swapped, [first], other: second,
              "one side has inner layers \(one.inner) and \(two.inner) of group \(one.group) swapped"
            ) { trial in
              for role in perBlock {
                let (first, second) = pair(role)
                trial.swap(first, second)
              }
            })
        }
        for role in perBlock where !role.isBias {
          let (first, second) = pair(role)
          let biases = role.bias.map(pair)
          result.append(
            Hypothesis(
              .swapped, [first], other: second,
              "one side has \(first.words(in: config)) and \(second.words(in: config)) swapped"
            ) { trial in
              trial.swap(first, second)
              if let biases { trial.swap(biases.0, biases.1) }
            })
        }
      }
    }
    return result
  }

  /// The embeddings' LayerNorm in the place of the masked-LM head's.
  private var mixedNorms: [Hypothesis] {
    guard contents.mlm, uses(.embeddings) || uses(.mlm) else { return [] }
    let pairs: [(ParameterRole, ParameterRole)] = [
      (.embeddingLayerNormWeight, .mlmLayerNormWeight),
      (.embeddingLayerNormBias, .mlmLayerNormBias),
    ]
    let (first, second) = (Parameter(pairs[0].0), Parameter(pairs[0].1))
    return [
      Hypothesis(
        .swapped, [first], other: second,
        "one side has \(first.role.words) and \(second.role.words) swapped, their biases too"
      ) { trial in
        for (one, two) in pairs { trial.swap(Parameter(one), Parameter(two)) }
      }
    ]
  }
}

extension Hypothesis {
  /// The same with another parameter for its own.
  fileprivate func naming(_ parameter: Parameter) -> Hypothesis {
    var copy = self
    copy.parameter = parameter
    return copy
  }
}

internal import AlbertArchitecture

extension Diagnosis.Code {
  /// A parameter holds the numbers of another one.
  package static let swapped = Self(rawValue: "swapped")
}

/// Parameters of one shape in each other's place: query and key, gamma and beta, another group.
enum Swapped: DefectKind {
  static let code = Diagnosis.Code.swapped

  /// A parameter that holds the numbers of another one.
  static func copy(of source: Parameter, at parameter: Parameter, in config: AlbertConfig) -> Defect
  {
    let statement = Statement(
      names: [parameter.words(in: config)],
      predicate: "holds the numbers of \(source.words(in: config))")
    return Defect(code, [parameter], other: source, statement, [.alias(parameter, to: source)])
  }

  /// The exchanges that are known to happen; among weights every parameter of a shape is compared.
  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    let linears: [ParameterRole] = [.queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight]
    var pairs: [(ParameterRole, ParameterRole, [Bool])] = []
    for (index, first) in linears.enumerated() {
      pairs += linears.dropFirst(index + 1).map { (first, $0, [true, false]) }
    }
    pairs += [
      (.attentionLayerNormWeight, .fullLayerNormWeight, [true, false]),
      (.embeddingLayerNormWeight, .embeddingLayerNormBias, [false]),
      (.attentionLayerNormWeight, .attentionLayerNormBias, [false]),
      (.fullLayerNormWeight, .fullLayerNormBias, [false]),
      (.mlmLayerNormWeight, .mlmLayerNormBias, [false]),
    ]
    return pairs.flatMap { first, second, choices in
      choices.flatMap { exchanges(first, second, withBiases: $0, scope) }
    } + blocks(scope) + norms(scope)
  }

  private static func exchanges(
    _ first: ParameterRole, _ second: ParameterRole, withBiases: Bool, _ scope: Scope
  ) -> [Defect] {
    var roles = [first, second]
    if withBiases, let one = first.bias, let two = second.bias { roles += [one, two] }
    return scope.sites(roles).compactMap { site in
      exchange(site.flatMap { $0 }, [scope.words(site[0]), scope.words(site[1])], withBiases) {
        stride(from: 0, to: site.count, by: 2).flatMap { index in
          zip(site[index], site[index + 1]).map { Edit.exchange($0, $1) }
        }
      }
    }
  }

  /// The exchange of the first of `parameters` with the first of another role.
  private static func exchange(
    _ parameters: [Parameter], _ names: [String], _ withBiases: Bool, _ edits: () -> [Edit]
  ) -> Defect? {
    guard let first = parameters.first,
      let second = parameters.first(where: { $0.role != first.role })
        ?? parameters.first(where: { $0 != first })
    else { return nil }
    let statement = Statement(
      names: names, predicate: Statement.swapped, owner: .either, includesBiases: withBiases)
    return Defect(code, parameters, other: second, statement, edits())
  }

  /// Weights of one block in the place of another's, one by one and all of two inner layers.
  private static func blocks(_ scope: Scope) -> [Defect] {
    let config = scope.config
    let all = (0..<config.numHiddenGroups).flatMap { group in
      (0..<config.innerGroupNum).map { (group: group, inner: $0) }
    }
    guard all.count <= Policy.exchangedBlocks else { return [] }
    let roles = ParameterRole.allCases.filter(\.isPerBlock)
    var result: [Defect?] = []
    for (index, one) in all.enumerated() {
      for two in all.dropFirst(index + 1)
      where scope.uses(.block(one.group, one.inner)) || scope.uses(.block(two.group, two.inner)) {
        func pair(_ role: ParameterRole) -> [Parameter] {
          [one, two].map { Parameter(role, group: $0.group, inner: $0.inner) }
        }
        func edit(_ role: ParameterRole) -> Edit { .exchange(pair(role)[0], pair(role)[1]) }
        if one.group == two.group {
          let names = [one, two].map { ModelRegion.block($0.group, $0.inner).words(in: config) }
          result.append(exchange(pair(.queryWeight), names, false) { roles.map(edit) })
        }
        for role in roles where !role.isBias {
          let names = pair(role).map { $0.words(in: config) }
          result.append(
            exchange(pair(role), names, role.bias != nil) {
              ([role] + [role.bias].compactMap(\.self)).map(edit)
            })
        }
      }
    }
    return result.compactMap(\.self)
  }

  /// The embeddings' LayerNorm in the place of the masked-LM head's.
  private static func norms(_ scope: Scope) -> [Defect] {
    guard scope.contents.mlm, scope.uses(.embeddings) || scope.uses(.mlm) else { return [] }
    let weights = [ParameterRole.embeddingLayerNormWeight, .mlmLayerNormWeight].map {
      Parameter($0)
    }
    let biases = [ParameterRole.embeddingLayerNormBias, .mlmLayerNormBias].map { Parameter($0) }
    return [
      exchange(weights, weights.map(\.role.words), true) {
        [.exchange(weights[0], weights[1]), .exchange(biases[0], biases[1])]
      }
    ].compactMap(\.self)
  }
}

internal import AlbertArchitecture

/// Parameters of one shape in each other's place: query and key, gamma and beta, another group.
enum Swapped: DefectKind {
  /// A parameter holds the numbers of another one.
  static let code = Diagnosis.Code(rawValue: "swapped")

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
    guard scope.step != nil else { return segments(scope) }
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
      (.attentionLayerNormBias, .fullLayerNormBias, [false]),
    ]
    // Biases alone, as a list of names has them that is one off.
    let biases: [ParameterRole] = [
      .queryBias, .keyBias, .valueBias, .attentionOutputBias, .ffnOutputBias,
    ]
    for (index, first) in biases.enumerated() {
      pairs += biases.dropFirst(index + 1).map { (first, $0, [false]) }
    }
    return pairs.flatMap { first, second, choices in
      choices.flatMap { exchanges(first, second, withBiases: $0, scope) }
    } + blocks(scope) + norms(scope) + segments(scope)
  }

  /// The rows of the two segments in each other's place.
  private static func segments(_ scope: Scope) -> [Defect] {
    guard scope.config.typeVocabSize == 2 else { return [] }
    return scope.sites(.tokenTypeEmbeddings).map { site in
      scope.defect(code, site, "has its two rows exchanged", isSymmetric: true) {
        .reorder($0, .rows([1, 0], width: scope.config.embeddingSize))
      }
    }
  }

  /// The feed-forward layer's two matrices in each other's place, which have shapes of each other's transposed
  /// ones.
  static func finding(
    on parameter: DifferingParameter, in evidence: WeightEvidence
  ) -> WeightFinding? {
    let own = parameter.parameter
    let pairs: [ParameterRole: ParameterRole] = [
      .ffnWeight: .ffnOutputWeight, .ffnOutputWeight: .ffnWeight,
    ]
    guard let role = pairs[own.role], parameter.shape == parameter.referenceShape else {
      return nil
    }
    let source = Parameter(role, group: own.group, inner: own.inner)
    let (rows, columns) = (parameter.shape.dimensions[0], parameter.shape.dimensions[1])
    let closeness = evidence.closeness(own, source)
    let error: ExplainedError? = evidence.read(own, own) { value, expected in
      evidence.read(own, source) { _, other in
        var error = ExplainedError()
        for index in 0..<rows * columns {
          let found = other(index % columns * rows + index / columns)
          guard closeness.holds(value(index), found) else { return nil }
          let before = value(index) - expected(index)
          error.add(before: before == 0 ? nil : before, after: nil)
        }
        return error
      }
    }
    return error.map { error in
      var defect = copy(of: source, at: own, in: evidence.reference.config)
      defect.statement.predicate += ", transposed"
      return WeightFinding(defect: defect, error: error)
    }
  }

  private static func exchanges(
    _ first: ParameterRole, _ second: ParameterRole, withBiases: Bool, _ scope: Scope
  ) -> [Defect] {
    var roles = [first, second]
    if withBiases, let one = first.bias, let two = second.bias { roles += [one, two] }
    return scope.sites(roles).map { site in
      let pairs = stride(from: 0, to: site.count, by: 2).flatMap { zip(site[$0], site[$0 + 1]) }
      return exchange(pairs, [scope.words(site[0]), scope.words(site[1])], withBiases)
    }
  }

  /// The exchange of the parameters of each pair, called by the first pair's names.
  private static func exchange(
    _ pairs: [(Parameter, Parameter)], _ names: [String], _ withBiases: Bool
  ) -> Defect {
    let statement = Statement(
      names: names, predicate: Statement.swapped, owner: .either, includesBiases: withBiases)
    return Defect(
      code, pairs.flatMap { [$0.0, $0.1] }, other: pairs.first?.1, statement,
      pairs.map { .exchange($0.0, $0.1) })
  }

  /// Weights of one block in the place of another's.
  private static func blocks(_ scope: Scope) -> [Defect] {
    let all = scope.config.blocks
    guard all.count <= Policy.exchangedBlocks else { return [] }
    return all.enumerated().flatMap { index, one in
      all.dropFirst(index + 1)
        .filter { scope.uses(ModelRegion(one)) || scope.uses(ModelRegion($0)) }
        .flatMap { exchanges(of: one, with: $0, scope.config) }
    }
  }

  /// Two inner layers of one group as a whole, and the weights of two blocks one by one.
  private static func exchanges(
    of one: Block, with two: Block, _ config: AlbertConfig
  ) -> [Defect] {
    func pairs(_ roles: [ParameterRole]) -> [(Parameter, Parameter)] {
      roles.map { (Parameter($0, in: one), Parameter($0, in: two)) }
    }
    let roles = ParameterRole.allCases.filter(\.isPerBlock)
    let blocks = [one, two].map { ModelRegion($0).words(in: config) }
    return (one.group == two.group ? [exchange(pairs(roles), blocks, false)] : [])
      + roles.filter { !$0.isBias }.map { role in
        let names = [one, two].map { Parameter(role, in: $0).words(in: config) }
        return exchange(
          pairs([role] + [role.bias].compactMap(\.self)), names, role.bias != nil)
      }
  }

  /// The embeddings' LayerNorm in the place of the masked-LM head's.
  private static func norms(_ scope: Scope) -> [Defect] {
    guard scope.contents.mlm, scope.uses(.embeddings) || scope.uses(.mlm) else { return [] }
    let roles: [(ParameterRole, ParameterRole)] = [
      (.embeddingLayerNormWeight, .mlmLayerNormWeight),
      (.embeddingLayerNormBias, .mlmLayerNormBias),
    ]
    return [
      exchange(
        roles.map { (Parameter($0), Parameter($1)) }, [roles[0].0.words, roles[0].1.words], true)
    ]
  }
}

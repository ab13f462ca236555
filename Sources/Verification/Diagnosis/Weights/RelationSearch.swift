internal import Albert
internal import Tensors

/// Tries the hypotheses on a parameter: one at a time first, then several together.
///
/// Samples refute nearly all of them; what they do not refute is compared element by element.
struct RelationSearch {
  /// A relation that holds, and how well.
  struct Found {
    let relation: Relation
    let measurement: Measurement
  }

  let pair: ModelPair
  /// The way through a narrower type that the last parameter went.
  private var usual: Rounding?
  /// The reference's parameters by what they are for, and by their shape, in order of use.
  private let byRole: [ParameterRole: [Parameter]]
  private let byShape: [Shape: [Parameter]]
  /// What parameters of a shape are for.
  private let roles: [Shape: [ParameterRole]]
  private let fingerprints: Fingerprints
  /// How many parameters another one is taken for, at most: alone, with one transform more, with two.
  private let mostSources: (alone: Int, withOne: Int, withTwo: Int)

  init(_ pair: ModelPair) {
    self.pair = pair
    let specs = ParameterSpec.all(pair.reference.config, pair.reference.contents)
    byRole = Dictionary(grouping: specs, by: \.parameter.role).mapValues { $0.map(\.parameter) }
    byShape = Dictionary(grouping: specs, by: \.shape).mapValues { $0.map(\.parameter) }
    roles = byShape.mapValues { parameters in
      let roles = Set(parameters.map(\.role))
      return ParameterRole.allCases.filter(roles.contains)
    }
    fingerprints = Fingerprints(pair)
    // Of models with very many blocks not everything is compared with everything.
    let share = 100_000 / max(1, pair.differing.count)
    mostSources = (min(512, max(32, share)), min(24, max(4, share)), min(8, max(2, share)))
  }

  /// The relation that explains a parameter; nil where none does.
  mutating func relation(of suspect: Suspect) -> Found? {
    let found = search(suspect)
    if case .rounded(let rounding) = found?.relation.change { usual = rounding }
    return found
  }

  private func search(_ suspect: Suspect) -> Found? {
    let own = [suspect.parameter]
    if suspect.shape != suspect.referenceShape {
      return best(suspect, own, orders: true, changes: false)
    }
    guard !suspect.samples.isEmpty else { return nil }
    let others = sources(suspect)
    let most = mostSources
    return best(suspect, own, orders: true, changes: false)
      ?? best(suspect, others, orders: false, changes: false)
      ?? best(suspect, own, orders: false, changes: true)
      ?? best(suspect, own, orders: true, changes: true)
      ?? best(suspect, others.prefix(most.withOne), orders: true, changes: false)
      ?? best(suspect, others.prefix(most.withOne), orders: false, changes: true)
      ?? best(suspect, others.prefix(most.withTwo), orders: true, changes: true)
      ?? resembling(suspect, Array(others.prefix(most.withOne)))
  }

  /// What the parameter is nearly, where it is nothing exactly.
  private func resembling(_ suspect: Suspect, _ sources: [Parameter]) -> Found? {
    let resemblance = Resemblance(pair: pair, suspect: suspect)
    guard let relation = resemblance.relation(sources, heads: pair.headCounts) else { return nil }
    return Found(relation: relation, measurement: pair.measure(relation, of: suspect))
  }

  /// Other parameters of the same shape: the one that begins alike, those of the same block, then
  /// those of the same role.
  private func sources(_ suspect: Suspect) -> ArraySlice<Parameter> {
    let own = suspect.parameter
    let all = byShape[suspect.referenceShape] ?? []
    let ofBlock = (roles[suspect.referenceShape] ?? []).map {
      Parameter($0, group: own.group, inner: own.inner)
    }
    let most = mostSources.alone
    let ofRole = (byRole[own.role] ?? []).prefix(most)
    var given: Set<Parameter> = [own]
    let alike = [fingerprints.match(suspect)].compactMap(\.self)
    return (alike + ofBlock + ofRole + all.prefix(most)).filter { given.insert($0).inserted }
      .prefix(most)
  }

  /// The first relation that holds without an exception, else the one with the fewest.
  private func best(
    _ suspect: Suspect, _ sources: some Sequence<Parameter>, orders: Bool, changes: Bool
  ) -> Found? {
    var best: Found?
    for source in sources {
      let trial = RelationTrial(
        pair: pair, suspect: suspect, source: source, orders: orders, changes: changes,
        usual: usual)
      for relation in trial.relations() {
        let measurement = pair.measure(relation, of: suspect)
        guard measurement.holds else { continue }
        if measurement.broken == 0 { return Found(relation: relation, measurement: measurement) }
        if measurement.broken < best?.measurement.broken ?? .max {
          best = Found(relation: relation, measurement: measurement)
        }
      }
    }
    return best
  }
}

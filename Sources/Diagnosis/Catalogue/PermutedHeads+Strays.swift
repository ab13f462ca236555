internal import AlbertArchitecture

extension PermutedHeads {
  /// The orders in which one layer's own matrices have the heads of the shared ones; nil where they have the
  /// same, or others.
  ///
  /// Of a single layer outputs alone would have to tell one order from all others, and the numbers of a matrix
  /// show it. They may have been rounded apart, so that heads are known by what they resemble.
  static func orders(
    shownByStraysOf question: StepQuestion, in evidence: OutputEvidence
  ) -> Candidate? {
    guard let layer = question.step.layer, !evidence.strays.isEmpty else { return nil }
    let config = question.model.config
    let defects = (0..<config.innerGroupNum).flatMap { inner -> [Defect] in
      func order(_ role: ParameterRole) -> [Int]? {
        evidence.strays[Parameter(role, group: layer, inner: inner)].flatMap {
          self.order(of: $0, role, in: question.model, layer, inner)
        }
      }
      let found = [
        ParameterRole.queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight,
      ].compactMap { role in order(role).map { (role: role, order: $0) } }
      var defects: [Defect] = []
      for (index, (_, heads)) in found.enumerated()
      where !found[..<index].contains(where: { $0.order == heads }) {
        let group = config.layerMap.groups[layer]
        let weights = found.filter { $0.order == heads }.map {
          Parameter($0.role, group: group, inner: inner)
        }
        let biases = weights.compactMap(\.bias).filter { order($0.role) == heads }
        defects.append(
          dealt(
            features(heads, config.headSize), words(heads), weights, biases,
            names: weights.map { question.scope.words([$0]) }, question.scope))
      }
      return defects
    }
    return defects.isEmpty ? nil : Candidate(defects: defects.ranked, basis: .read)
  }

  /// The order of a parameter's heads in `numbers`, by what each resembles most.
  private static func order(
    of numbers: [Double], _ role: ParameterRole, in model: EditedModel, _ layer: Int, _ inner: Int
  ) -> [Int]? {
    let (config, heads) = (model.config, model.config.numAttentionHeads)
    let shared = Parameter(role, group: config.layerMap.groups[layer], inner: inner)
    let values = model.values(of: shared)
    guard values.count == numbers.count,
      let layout = HeadLayout(shared, role.shape(in: config), heads: heads)
    else { return nil }
    let places = layout.places(Policy.resemblance.upperBound)
    func part(_ values: [Double], _ head: Int) -> [Double] {
      places.map { values[layout.index(head, $0.row, $0.column)] }
    }
    let (mine, theirs) = (
      (0..<heads).map { part(numbers, $0) }, (0..<heads).map { part(values, $0) }
    )
    let likeness = mine.map { head in
      theirs.map { other in
        var correlation = Correlation()
        correlation.add(head, other)
        return correlation.value ?? 0
      }
    }
    return HeadOrder.matching(heads) { head, other in
      likeness[head][other] >= Policy.alike && likeness[head][other] == likeness[head].max()
    }
  }
}

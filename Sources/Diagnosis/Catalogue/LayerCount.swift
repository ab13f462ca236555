internal import AlbertArchitecture

/// Another number of layers, which shared weights do not tell.
enum LayerCount: DefectKind {
  /// The config says another number of layers, and it changes the result.
  static let code = Diagnosis.Code(rawValue: "layer-count")

  private static func statement(_ own: Int, _ other: Int, _ side: Side) -> Statement {
    .whole("the model has \(own) layers, \(side.words) \(other)")
  }

  /// Where the step leads to the last layer, or the groups of another number tell before.
  static func candidates(in scope: Scope) -> [Defect] {
    guard let step = scope.step else { return [] }
    let (count, groups) = (scope.config.numHiddenLayers, scope.config.layerMap.groups)
    switch step.target {
    case .embeddings: return []
    case .hiddenStates, .attentions: break
    default: if step.layers.isEmpty, step.start != .hiddenStates(count) { return [] }
    }
    let first = max(1, step.layers.lowerBound)
    let counts = Set(first...max(first, count)).union([count + 1, count + 2, 2 * count, 12, 24])
    return counts.filter { $0 != count && $0 >= first }
      .ordered { (abs($0 - count), $0) < (abs($1 - count), $1) }
      .flatMap { layers in
        maps(layers, scope.config).filter { map in
          !step.isBeforeLastLayer
            || step.layers.contains {
              $0 < map.groups.count && map.groups[$0] != groups[$0]
            }
        }
        .map { map in
          Defect(
            code, statement(count, layers, scope.side),
            regions: scope.encoder.union(step.regions), [.set(\.layerMap, map)])
        }
      }
  }

  /// What the layers of a deeper or shallower model use: Hugging Face's rule, or the same as far as
  /// the subject says.
  private static func maps(_ layers: Int, _ config: AlbertConfig) -> [LayerMap] {
    let groups = config.layerMap.groups
    let own = LayerMap(groups: (0..<layers).map { groups[min($0, groups.count - 1)] })
    let rule = LayerMap.huggingFace(layers: layers, groups: config.numHiddenGroups)
    return own == rule ? [own] : [rule, own]
  }

  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction] {
    let (own, other) = (subject.config.numHiddenLayers, reference.config.numHiddenLayers)
    guard own != other else { return [] }
    return [
      Correction(
        code: code, stage: .lastHiddenState, statement: statement(own, other, .reference),
        edits: [
          .set(\.layerMap, reference.layerMap),
          .set(\.config.numHiddenGroups, reference.config.numHiddenGroups),
        ])
    ]
  }
}

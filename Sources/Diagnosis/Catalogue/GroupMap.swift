internal import AlbertArchitecture

/// Another assignment of layers to groups, or another number of inner layers.
enum GroupMap: DefectKind {
  /// Layers use other groups, or other inner layers, and it changes the result.
  static let code = Diagnosis.Code(rawValue: "group-map")

  /// The first layer that uses another group, with the groups of both sides.
  private typealias Difference = (layer: Int, own: Int, other: Int)

  private static func difference(_ own: LayerMap, _ other: LayerMap) -> Difference? {
    zip(own.groups, other.groups).enumerated().first { $1.0 != $1.1 }.map { ($0, $1.0, $1.1) }
  }

  private static func statement(
    _ difference: Difference, _ side: Side, _ how: String
  ) -> Statement {
    .whole(
      "layer \(difference.layer) uses group \(difference.own), \(side.possessive) group "
        + "\(difference.other) (\(how))")
  }

  static func candidates(in scope: Scope) -> [Defect] {
    let (layers, groups) = (scope.config.numHiddenLayers, scope.config.numHiddenGroups)
    guard groups > 1, layers > 0, scope.step?.blocks.isEmpty == false else { return [] }
    let own = scope.config.layerMap
    let maps: [(LayerMap, String)] =
      [
        (.huggingFace(layers: layers, groups: groups), "Hugging Face's rule"),
        (.google(layers: layers, groups: groups), "Google's rule"),
        (LayerMap(groups: (0..<layers).map { $0 % groups }), "the groups taking turns"),
        (LayerMap(groups: own.groups.reversed()), "the groups in reverse order"),
        (LayerMap(groups: own.groups.map { groups - 1 - $0 }), "the groups numbered from the last"),
      ]
      + (0..<min(groups, 24)).map { group in
        (
          LayerMap(groups: [Int](repeating: group, count: layers)),
          "group \(group) in every layer"
        )
      }
    var known: Set<LayerMap> = [own]
    return maps.filter { known.insert($0.0).inserted }.compactMap { map, how in
      difference(own, map).map {
        Defect(
          code, statement($0, scope.side, how), regions: scope.encoder, [.set(\.layerMap, map)])
      }
    }
  }

  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction] {
    let (own, other) = (subject.config, reference.config)
    let isCounted = own.numHiddenLayers != other.numHiddenLayers
    let hasOtherInner = own.innerGroupNum != other.innerGroupNum
    let moved = isCounted ? nil : difference(own.layerMap, other.layerMap)
    guard hasOtherInner || moved != nil else { return [] }
    let how = "of \(own.numHiddenGroups) and \(other.numHiddenGroups) groups"
    let inner = Statement.whole(
      "each layer applies \(own.innerGroupNum) inner layers, the reference's \(other.innerGroupNum)"
    )
    let edits: [Edit] =
      isCounted
      ? []
      : [
        .set(\.layerMap, other.layerMap),
        .set(\.config.numHiddenGroups, other.numHiddenGroups),
      ]
    return [
      Correction(
        code: code, stage: .hiddenStates(hasOtherInner ? 1 : (moved?.layer ?? 0) + 1),
        statement: moved.map { statement($0, .reference, how) } ?? inner,
        edits: [.set(\.config.innerGroupNum, other.innerGroupNum)] + edits)
    ]
  }
}

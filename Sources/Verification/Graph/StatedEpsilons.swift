internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertDiagnosis

/// Single LayerNorms of a graph that have an epsilon of their own, which no config of an ALBERT can say.
///
/// What its operators state is put into the reference: where the graph then computes the same, that was it.
struct StatedEpsilons {
  private let settings: [(part: String, epsilon: Double)]

  /// Nil where no LayerNorm has an epsilon of its own, or all of a layer alike, which the catalogue's search finds.
  init?(_ settings: [LayerSetting]) {
    var epsilons: [(part: String, epsilon: Double)] = []
    var ofLayers: [Int: [Double]] = [:]
    for setting in settings {
      guard case .epsilon(let epsilon) = setting.value else { continue }
      epsilons.append((setting.part, epsilon))
      if let layer = setting.layer { ofLayers[layer, default: []].append(epsilon) }
    }
    let areWholeLayers =
      ofLayers.values.allSatisfy { $0.count > 1 && Set($0).count == 1 }
      && ofLayers.values.reduce(0) { $0 + $1.count } == epsilons.count
    guard !epsilons.isEmpty, !areWholeLayers else { return nil }
    self.settings = epsilons
  }

  /// One for each LayerNorm without whose epsilon the run of `check` that gave `found` stays unexplained; none
  /// where its outputs are not right with all of them either.
  ///
  /// Throws `cancelled` where the observer gives up.
  func diagnoses(
    of check: GraphCheck, beside found: GraphCheck.Result, _ observer: WorkObserver
  ) throws(FileError) -> [Diagnosis] {
    func error(_ settings: [(part: String, epsilon: Double)]) throws(FileError) -> (
      largest: Double, holds: Bool
    ) {
      try observer.check(check.graph.path)
      return try check.error(
        of: found.outputs, with: Dictionary(firstOfEach: settings.map { ($0.part, $0.epsilon) }),
        observer)
    }
    let before = found.outcome.largestError
    let after = try error(settings)
    guard after.holds, before > 0 else { return [] }
    var needed: [(part: String, epsilon: Double)] = []
    for index in settings.indices where settings.count > 1 {
      var others = settings
      others.remove(at: index)
      if !(try error(others).holds) { needed.append(settings[index]) }
    }
    return (needed.isEmpty ? settings : needed).map { part, epsilon in
      let name = part.replacing("the output of ", with: "the feed-forward's LayerNorm of ")
      return Diagnosis(
        .layerNormEpsilon,
        message:
          "the epsilon of \(name) is \(check.reference.config.layerNormEps), the graph's \(epsilon) "
          + "(stated by its operators)",
        explains: 1 - after.largest / before)
    }
  }
}

package import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReferenceModel
internal import AlbertTensors

/// How far a publisher's own LayerNorm takes outputs from those of everybody else's, with the same
/// weights: the reference computes a short probe in both ways.
package struct LayerNormEffect: Sendable {
  /// The code of what is found.
  package static let code = "layer-norm-measured"

  /// The publisher's.
  let kind: LayerNormKind
  /// The publisher, in a sentence.
  let publisher: String

  /// The effect of a publisher's LayerNorm; nil where it is everybody's.
  package init?(_ kind: LayerNormKind, of publisher: String) {
    guard kind != .variance else { return nil }
    self.kind = kind
    self.publisher = publisher
  }

  /// What was measured on `model`; nil where `observer` gave up.
  func finding(_ model: any ParameterStore, _ observer: WorkObserver) -> Finding? {
    let inputs = ProbeInputs.short([model.config])
    let quiet = WorkObserver(isCancelled: observer.isCancelled)
    guard let usual = try? ReferenceModel(model).forward(inputs, observer: quiet),
      let own = try? ReferenceModel(model, layerNorm: kind).forward(inputs, observer: quiet)
    else { return nil }
    let moved = zip(usual, own).filter(\.0.stage.isOutput).map { usual, own in
      let most = zip(usual.values, own.values).map { abs($0 - $1) }.max() ?? 0
      let size = usual.values.map(abs).max() ?? 0
      return "\(usual.stage.name) by up to \(short(most)) (its values reach \(short(size)))"
    }
    return Finding(
      .warning, code: Self.code,
      "measured on a probe, the LayerNorm of \(publisher) moves "
        + moved.joined(separator: ", ") + " against ALBERT's with the same weights",
      remedy: "expect these differences, or train the model on a little")
  }

  /// The number to three decimals; a smaller one as a power of ten with one.
  private func short(_ value: Double) -> String {
    guard value.isFinite, value < 0.001, value > 0 else {
      return "\((value * 1000).rounded() / 1000)"
    }
    var scaled = value
    var exponent = 0
    while scaled < 1 {
      scaled *= 10
      exponent -= 1
    }
    return "\((scaled * 10).rounded() / 10)e\(exponent)"
  }
}

internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertDiagnosis
internal import AlbertReading

/// What the code of a model's publisher computes with its weights and no ALBERT does, which a recording of
/// that code shows although nothing is wrong.
struct PublisherReading {
  private let title: String
  private let layerNorm: LayerNormKind
  private let offset: (amount: Double, since: String)?
  private let store: any ParameterStore
  private let remedy: Remedy

  /// Nil where the publisher's code computes an ALBERT.
  init?(_ subject: LoadedModel) {
    let upstream = subject.inspection.candidate.upstream
    let classifies = subject.model.contents.taskHead == .sequenceClassification
    title = upstream.title
    layerNorm = upstream.layerNorm
    offset = classifies ? upstream.pooledOffset : nil
    guard layerNorm != .variance || offset != nil else { return nil }
    remedy =
      offset.flatMap { subject.inspection.addingToClassifier($0.amount) }.map { Remedy($0) }
      ?? "expect such a difference of every ALBERT with these weights, or train it on a little"
    store = offset.map { Self.adding($0.amount, to: subject.model) } ?? subject.model
  }

  /// The model whose classifier is given something more in each of its inputs: its bias has it.
  private static func adding(_ amount: Double, to model: any ParameterStore) -> EditedModel {
    let own = model.values(of: Parameter(.classifierBias))
    let weight = model.values(of: Parameter(.classifierWeight))
    let width = own.isEmpty ? 0 : weight.count / own.count
    return EditedModel(model).replacing(
      Parameter(.classifierBias),
      with: own.enumerated().map { label, value in
        value + amount * weight[(label * width)..<((label + 1) * width)].reduce(0, +)
      })
  }

  /// The model as the publisher's code computes it.
  func subject(_ path: String) throws(FileError) -> Subject {
    try Subject(store, path: path, .reference, layerNorm: layerNorm)
  }

  /// The explanation that the recording is of that code.
  func diagnosis(explains: Double) -> Diagnosis {
    let own = [
      layerNorm == .variance
        ? nil : "LayerNorm by the unbiased deviation plus 1e-6, where ALBERT's is by the variance",
      offset.map {
        "\($0.amount) added to each of the pooler's outputs before the classifier, as it does since "
          + $0.since
      },
    ].compactMap(\.self).joined(separator: ", and with ")
    return Diagnosis(
      .publisherDiffers, parameter: offset == nil ? nil : Parameter(.classifierBias).name,
      message:
        "the golden file was computed by \(title)'s own code, with \(own); computed so, the subject's "
        + "weights give what was recorded",
      explains: explains,
      remedy: remedy)
  }
}

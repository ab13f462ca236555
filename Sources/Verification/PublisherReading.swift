internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertDiagnosis
internal import AlbertReading
internal import AlbertTensors

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
    store = offset.map { ShiftedClassifier(subject.model, by: $0.amount) } ?? subject.model
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

/// A model whose classifier is given something more in each of its inputs: its bias has it.
private struct ShiftedClassifier: ParameterStore {
  private let base: any ParameterStore
  private let bias: [Double]

  init(_ base: any ParameterStore, by amount: Double) {
    self.base = base
    let own = base.values(of: Parameter(.classifierBias))
    let weight = base.values(of: Parameter(.classifierWeight))
    let width = own.isEmpty ? 0 : weight.count / own.count
    bias = own.enumerated().map { label, value in
      value + amount * weight[(label * width)..<((label + 1) * width)].reduce(0, +)
    }
  }

  var config: AlbertConfig { base.config }
  var contents: ModelContents { base.contents }

  func elementType(of parameter: Parameter) -> ElementType {
    parameter == Parameter(.classifierBias) ? .float64 : base.elementType(of: parameter)
  }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    parameter == Parameter(.classifierBias)
      ? unsafe body(bias.span.bytes) : base.withBytes(of: parameter, body)
  }
}

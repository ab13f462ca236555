internal import AlbertArchitecture
internal import AlbertTensors

/// What two models have in common, so that it can be compared.
///
/// Heads of two kinds (a classifier of sequences and one of tokens) bear the same names; where their
/// shapes differ too they are two parts, each of one side only. The scores of two kinds are never the
/// same stage.
struct CommonParts {
  let subject: any ParameterStore
  let reference: any ParameterStore
  /// The parameters of both, with either side's shape, in order of use.
  let parameters: [(parameter: Parameter, subject: Shape, reference: Shape)]
  /// Parameters that the reference lacks.
  let onlyInSubject: [Parameter]
  /// Parameters that the subject lacks.
  let onlyInReference: [Parameter]
  /// The stages of both in the order of computation, attentions left out.
  let stages: [Stage]
  /// Parameters that either side's file holds as integers.
  private let quantized: (subject: Set<Parameter>, reference: Set<Parameter>)

  init(
    _ subject: any ParameterStore, _ reference: any ParameterStore,
    quantized: (subject: Set<Parameter>, reference: Set<Parameter>)
  ) {
    self.subject = subject
    self.reference = reference
    self.quantized = quantized
    let mine = ParameterSpec.all(subject.config, subject.contents)
    let theirs = ParameterSpec.all(reference.config, reference.contents)
    let shapes = Dictionary(uniqueKeysWithValues: theirs.map { ($0.parameter, $0.shape) })
    let isSameHead = subject.contents.taskHead == reference.contents.taskHead
    parameters = mine.compactMap { spec in
      guard let shape = shapes[spec.parameter] else { return nil }
      let isOther = spec.parameter.role.component == .taskHead && !isSameHead && shape != spec.shape
      return isOther ? nil : (spec.parameter, spec.shape, shape)
    }
    let common = Set(parameters.map(\.parameter))
    onlyInSubject = mine.map(\.parameter).filter { !common.contains($0) }
    onlyInReference = theirs.map(\.parameter).filter { !common.contains($0) }
    let known = Set(Stage.all(reference.config, reference.contents))
    stages = Stage.all(subject.config, subject.contents).filter {
      known.contains($0) && ($0 != .logits || isSameHead)
    }
  }

  /// The side of a parameter that alone is held as integers; nil where none is, or both are.
  func quantizedSide(of parameter: Parameter) -> QuantizedRows? {
    switch (quantized.subject.contains(parameter), quantized.reference.contains(parameter)) {
    case (true, false): QuantizedRows(parameter, in: subject)
    case (false, true): QuantizedRows(parameter, in: reference)
    default: nil
    }
  }
}

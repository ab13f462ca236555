package import AlbertReading
package import AlbertArchitecture
package import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

/// What a conversion will do, tensor by tensor, as a value that was built from headers alone.
package struct ConversionPlan: Sendable {
  /// The source.
  package let inspection: Inspection
  /// What the output computes, which parts it has, and what of the source it cannot say.
  package let model: TargetModel
  /// The parameters of the output, in order of use.
  package let tensors: [PlannedTensor]
  /// Notes on what the conversion changes, such as narrowed element types.
  package let findings: [Finding]

  /// What the output computes.
  package var config: AlbertConfig { model.config }
  /// Which parts the output has.
  package var contents: ModelContents { model.contents }

  /// Plans the conversion of a usable source.
  ///
  /// `adapt` says the source's model as the output can state it.
  ///
  /// Throws the first of its findings where it is not.
  package init(
    _ inspection: Inspection, type: OutputType = .keep,
    adapt: (TargetModel) throws(FileError) -> TargetModel = { $0 }
  ) throws(FileError) {
    try self.init(
      inspection, typeName: type == .keep ? "float32" : type.rawValue,
      type: { type.type(for: $0, $1) }, adapt: adapt)
  }

  /// Plans to hold a usable source in memory, every tensor in the type in which it is stored.
  init(loading inspection: Inspection) throws(FileError) {
    try self.init(inspection, typeName: "", type: { stored, _ in stored }, adapt: { $0 })
  }

  private init(
    _ inspection: Inspection, typeName: String,
    type: (ElementType, ParameterRole) -> ElementType,
    adapt: (TargetModel) throws(FileError) -> TargetModel
  ) throws(FileError) {
    if let refusal = inspection.refusal { throw refusal }
    guard let config = inspection.config else {
      throw FileError(inspection.path.string, .missing("a complete config"))
    }
    self.inspection = inspection
    var source = TargetModel(config, inspection.contents)
    if inspection.hasFactoredWords {
      source.record(
        code: "word-table",
        "the word embeddings are two factors in the source and one table, their product rounded to "
          + "float32, in every output")
    }
    if let cut = inspection.cut {
      let segments =
        switch cut.segments {
        case .whole: ""
        case .first: ", and its segments are the first alone"
        case .added: ", and its segments are one, which is part of each position"
        }
      source.record(
        code: EmbeddingCut.code,
        "\(cut.positions) positions are all that the source's fixed shapes left of more\(segments)")
    }
    for fault in inspection.partialConfig.faults { source.record(code: fault.code, fault.message) }
    model = try adapt(source)
    let sources = Sources(inspection)
    let held = Set(ParameterSpec.all(config, inspection.contents).map(\.parameter))
    tensors = ParameterSpec.all(model.config, model.contents).map { spec in
      let parameter = spec.parameter
      if let (tensor, layout) = sources.stored[parameter] {
        return PlannedTensor(
          spec: spec, origin: .stored(tensor, layout), copies: sources.copies[parameter] ?? [],
          type: type(tensor.type, parameter.role))
      }
      let isHeld = held.contains(parameter)
      return PlannedTensor(
        spec: spec, origin: isHeld ? .identity : .initialized, copies: [],
        type: isHeld ? .float32 : type(.float32, parameter.role))
    }
    let narrowed = tensors.count { planned in
      if case .stored(let tensor, _) = planned.origin {
        tensor.type == .float64 && planned.type != .float64
      } else {
        false
      }
    }
    let made = tensors.filter { $0.origin == .initialized }
    findings =
      (narrowed == 0
        ? []
        : [
          Finding(
            .note, code: "narrowed",
            "\(narrowed) float64 tensors are narrowed to \(typeName)")
        ])
      + made.map {
        Finding(
          .warning, code: "initialized",
          "the source has no '\($0.spec.name)'; it is written as a new model would begin",
          tensor: $0.spec.name)
      }
      + model.changes.map { Finding(.warning, code: "inexact-\($0.code)", $0.message) }
  }

  /// Parameters of the source that the output has no place for, in order of use.
  package var dropped: [ParameterSpec] {
    guard let config = inspection.config else { return [] }
    let kept = Set(tensors.map(\.spec.parameter))
    return ParameterSpec.all(config, inspection.contents).filter { !kept.contains($0.parameter) }
  }

  /// Whether every number of the source is in the output as it was, and means the same there.
  package var isLossless: Bool { keepsTypes && model.changes.isEmpty && dropped.isEmpty }
}

/// Which tensors of a source hold, or repeat, each parameter.
private struct Sources {
  var stored: [Parameter: (TensorDescription, Layout)] = [:]
  var copies: [Parameter: [PlannedTensor.Copy]] = [:]

  init(_ inspection: Inspection) {
    for assignment in inspection.assignments {
      switch assignment.purpose {
      case .parameter(let parameter, let layout):
        stored[parameter] = (assignment.tensor, layout)
      case .copy(let parameter, let layout, let yields):
        // A decoder that is left out was compared when this was decided.
        if parameter.role == .mlmDecoderWeight { continue }
        copies[parameter, default: []].append(
          PlannedTensor.Copy(tensor: assignment.tensor, layout: layout, yields: yields))
      case .buffer, .training, .surrounding, .unexpected: break
      }
    }
  }
}

internal import AlbertDiagnosis
package import AlbertBytes
package import AlbertConversion
internal import AlbertPlatform
package import AlbertReading
package import SystemPackage

/// The verification that closes a conversion: the written file against its plan and its source.
package enum ConversionVerification {
  /// Reads back what was written and holds it against the plan and the source.
  ///
  /// First every number must be what the plan makes of the source's. Where the plan loses nothing,
  /// the forward pass then runs once, with both engines, on a short probe. Where it does, both sides
  /// run, and their difference is what was lost: element types with a derived tolerance are held to
  /// it, others only to `maxError`, which bounds every tensor and stage.
  ///
  /// `layerNorm` is measured on what was written.
  ///
  /// Throws where the written file cannot be read, or the source no more, and `cancelled` where an
  /// observer gives up.
  package static func run(
    written: FilePath, plan: ConversionPlan, maxError: Double? = nil,
    layerNorm: LayerNormEffect? = nil,
    _ options: InspectionOptions = InspectionOptions(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    let subject = try LoadedModel(written, options)
    var result = try run(subject, plan, maxError: maxError, observers)
    if let finding = layerNorm?.finding(subject.model, observers(.computing)) {
      result.findings.append(finding)
    }
    return result
  }

  private static func run(
    _ subject: LoadedModel, _ plan: ConversionPlan, maxError: Double?,
    _ observers: VerificationPhase.Observers
  ) throws(FileError) -> VerificationResult {
    let isAsPlanned = try plan.matches(subject.model, observers(.readingBack))
    if isAsPlanned && plan.isLossless {
      let same = LoadedModel(inspection: plan.inspection, model: subject.model)
      return try verify(subject, same, Verification.Options(isComplete: true), observers)
    }
    let reference = try LoadedModel(plan.inspection)
    guard isAsPlanned else {
      // Something is wrong with what was written; the comparison with the source says what.
      var result = try verify(subject, reference, Verification.Options(), observers)
      result.set(.weights, .fail)
      return result
    }
    // Only a native file says which numbers are integers, so that the tolerance knows of them.
    let integers = Set(plan.tensors.filter { $0.type == .int8 }.map(\.spec.parameter))
    let isBounded = plan.model.changes.isEmpty && integers.isSubset(of: subject.quantized)
    var result = try verify(
      subject, reference, Verification.Options(tolerance: isBounded ? nil : .infinity), observers)
    if let maxError { result.hold(to: maxError) }
    return result
  }

  private static func verify(
    _ subject: LoadedModel, _ reference: LoadedModel, _ options: Verification.Options,
    _ observers: VerificationPhase.Observers
  ) throws(FileError) -> VerificationResult {
    var options = options
    options.graph.ownWeights = true
    options.graph.isRequired = true
    // A decoder that the source holds and the plan leaves out was told when it was planned.
    return try Verification.verify(
      subject, against: reference, options, observers: observers, on: .short, isConversion: true)
  }
}

extension VerificationResult {
  /// Lets every parameter and stage fail that is further off than `most`, and says what the output
  /// costs where nothing else is wrong with it.
  fileprivate mutating func hold(to most: Double) {
    let costs = passes ? cost(beyond: most) : nil
    for index in weights.indices where !(weights[index].maxAbs <= most) {
      weights[index].outcome = .fail
    }
    for index in stages.indices where stages[index].engine == .reference {
      stages[index].tolerance = most
      if let error = stages[index].error, !(error.real.maxAbs <= most) {
        stages[index].outcome = .fail
      }
    }
    if weights.contains(where: { $0.outcome == .fail }) { set(.weights, .fail) }
    if stagesHold == .fail { set(.forward, .fail) }
    diagnosis += [costs].compactMap(\.self)
  }

  /// What an output costs that is as planned; nil where that is at most `most`.
  private func cost(beyond most: Double) -> Diagnosis? {
    let weight = weights.max { $0.maxAbs < $1.maxAbs }
    let stage = stages.filter { $0.engine == .reference && $0.error != nil }
      .max { $0.error?.real.maxAbs ?? 0 < $1.error?.real.maxAbs ?? 0 }
    let costs = [
      weight.map { ($0.maxAbs, "a number of '\($0.parameter)' by up to") },
      stage.flatMap { stage in stage.error.map { ($0.real.maxAbs, "'\(stage.stage)' by up to") } },
    ].compactMap(\.self)
    guard costs.contains(where: { !($0.0 <= most) }) else { return nil }
    let list = costs.map { "\($0.1) \(Self.brief($0.0))" }.joined(separator: " and ")
    return Diagnosis(
      .roundingCost, parameter: weight.flatMap { $0.maxAbs <= most ? nil : $0.parameter.name },
      message: "nothing is wrong but the output's precision: it changes \(list), where "
        + "\(Self.brief(most)) was allowed; allow that much, or choose a finer type", explains: 1)
  }

  /// A number with two digits, rounded up so that allowing it is enough.
  private static func brief(_ value: Double) -> String {
    let exponent = log10(value).rounded(.down) - 1
    guard let digits = Int(exactly: (value / pow(10, exponent)).rounded(.up)) else {
      return value == 0 ? "0" : "\(value)"
    }
    return "\(Double("\(digits)e\(Int(exponent))") ?? value)"
  }
}

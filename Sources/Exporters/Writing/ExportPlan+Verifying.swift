internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReading
internal import SystemPackage
internal import AlbertUpstreams
internal import AlbertVerification

extension ExportPlan {
  /// Reads back what was written and holds it against the plan and the source; nil where nobody
  /// wants it.
  ///
  /// Throws `cancelled` where the caller gave up meanwhile: what nobody waits for gets no name.
  func verify(
    _ written: FilePath, _ observers: Observers
  ) throws(FileError) -> VerificationResult? {
    let result: VerificationResult?
    do throws(FileError) {
      result = options.verifies ? try verified(written, observers) : nil
    } catch {
      // Of what has no name yet a user knows the output's; a file beside it lies beside that.
      throw error.renamed(from: written, to: output)
        .renamed(from: written.removingLastComponent(), to: output.removingLastComponent())
    }
    try observers(.verifying(.readingBack)).check(output.string)
    return result
  }

  private func verified(
    _ written: FilePath, _ observers: Observers
  ) throws(FileError) -> VerificationResult {
    var reading = InspectionOptions(archive: options.archive)
    // A folder says what its model computes; a file alone is told, as its user would have to.
    if !isFolder {
      var stated = PartialConfig(conversion.config)
      // Only a config tells a decoder of its own from a copy of the word embeddings.
      if conversion.contents.untiedDecoder { stated.tieWordEmbeddings = false }
      reading.stated = stated
    }
    let upstream = conversion.inspection.candidate.upstream
    var result = try ConversionVerification.run(
      written: written, plan: conversion, maxError: options.maxError,
      layerNorm: LayerNormEffect(upstream.layerNorm, of: upstream.title), reading,
      observers: { observers(.verifying($0)) })
    result.subject = output.string
    return result
  }

  /// What was done, with the error report of a lossy export.
  func outcome(
    _ byteCount: Int, _ findings: [Finding], _ verification: VerificationResult?
  ) -> ExportOutcome {
    let measured = verification?.findings.filter { $0.code == LayerNormEffect.code } ?? []
    return ExportOutcome(
      byteCount: byteCount, findings: findings + measured, verification: verification,
      loss: conversion.isLossless ? nil : verification.map(LossReport.init))
  }
}

extension LossReport {
  /// The errors that a verification against the source measured.
  init(_ result: VerificationResult) {
    tensors = result.weights.filter { !$0.bitwiseEqual }.map { weight in
      Part(name: weight.parameter.name, maxAbs: weight.maxAbs, relL2: weight.relL2)
    }
    stages = result.stages.compactMap { stage in
      guard stage.engine == .reference, let error = stage.error else { return nil }
      return Part(name: stage.stage.name, maxAbs: error.real.maxAbs, relL2: error.real.relL2)
    }
  }
}

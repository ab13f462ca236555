import AlbertKit

/// The code of the documentation's articles, each block of them word for word.
enum ArticleCode {
  static func landingPage(checkpoint: String, output: String) throws {
    let inspection = try Inspection.open(checkpoint)
    let outcome = try Export.run(checkpoint, to: output, ExportOptions(format: .huggingFace))
    let result = try Verification.verify(output, against: checkpoint)
    print(inspection.upstream, outcome.succeeded, result.passes)
  }

  static func fromCheckpointToProof(checkpoint: String, output: String, golden: String) throws {
    let inspection = try Inspection.open(checkpoint)
    for finding in inspection.findings where finding.severity != .note {
      print(finding.code, finding.message, finding.remedy)
    }
    guard inspection.isUsable, let config = inspection.config else { return }
    let name = Variant.matching(config).first?.name ?? "no published variant"
    print(inspection.format, inspection.upstream, name)
    print(StoredCount(inspection).unique, "parameters")

    let plan = try ExportPlan(inspection, to: output, ExportOptions(format: .onnx, type: .f16))
    print(plan.format.title, plan.tensorByteCount, "bytes of tensors")
    let outcome = try plan.run(progress: { phase, done, total in
      if phase == .converting { print("\(done) of \(total) bytes") }
    })
    guard outcome.succeeded else { return }
    print(outcome.byteCount, "bytes; the largest error is", outcome.loss?.maxAbs ?? 0)

    let result = try Verification.verify(output, against: checkpoint)
    for check in result.checks { print(check.name.rawValue, check.outcome.rawValue) }
    for diagnosis in result.diagnosis {
      print(diagnosis.code.rawValue, diagnosis.message, "explains", diagnosis.explains)
    }
    if let stage = result.firstDivergence {
      print("first diverges at", stage.stage, "by", stage.maxAbs ?? 0)
    }

    let model = try LoadedModel(checkpoint)
    try model.record(ModelInputs([[2, 15, 99, 3], [2, 7, 3]]), to: golden)
    let recorded = try Verification.verify(output, golden: golden)
    print(recorded.passes)
  }

  static func inAServer(checkpoint: String, output: String) async throws {
    let export = Task {
      try await Export.run(checkpoint, to: output) { phase, done, total in
        if case .verifying = phase { print("verifying: \(done) of \(total)") }
      }
    }
    do {
      let written = try await export.value
      print(written.byteCount)
    } catch let error as FileError where error.problem == .cancelled {
      print("given up; what was there before is there still")
    }
  }

  static func theNativeFile(checkpoint: String, output: String) throws {
    _ = try Export.run(checkpoint, to: output, ExportOptions(format: .native))
    let model = try NativeModel(output)
    print(model.config.hiddenSize, model.contents.mlm)
    try model.verifyDigests()

    let inputs = try ModelInputs([[2, 15, 99, 3]])
    let fast = try FastModel(model).forward(inputs, stages: [.lastHiddenState])
    let exact = try ReferenceModel(model).forward(inputs, stages: [.lastHiddenState])
    print(fast[0].shape, exact[0].shape)  // [1, 4, H], row-major
    try model.checkUnchanged()

    let own = try NativeModel(output, inMemory: true)
    print(own.config.vocabSize)
  }

  static func errors(checkpoint: String) {
    do {
      let model = try LoadedModel(checkpoint)
      print(model.findings.count)
    } catch {
      switch error.problem {
      case .notFound: print("no such checkpoint:", error.path)
      case .checksum, .truncated: print("damaged at byte", error.offset ?? 0, error.tensor ?? "")
      default: print(error.text { $0 == .replacing ? "replace=yes" : "\($0)" })
      }
    }
  }

  static func worker(checkpoint: String, worker: FilePath) throws {
    var options = InspectionOptions()
    options.archive = ArchiveOptions(worker: worker, requireSandbox: false)
    let inspection = try Inspection.open(checkpoint, options)
    print(inspection.format)
  }

  static func observer(model: NativeModel, inputs: ModelInputs) throws {
    let observer = WorkObserver(
      progress: { done, total in print("\(done) of \(total) blocks") },
      isCancelled: { false })
    let outputs = try FastModel(model).forward(inputs, stages: [.poolerOutput], observer: observer)
    print(outputs.count)
  }
}

import ArgumentParser
import Bytes
import Conversion
import JSON
import Reports
import SystemPackage
import Verification

/// `albert convert`: a checkpoint of any format becomes a verified file of another.
struct ConvertCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a checkpoint, then verify what was written.",
    discussion: """
      SOURCE is a file, a folder, a TensorFlow prefix, an index or one shard. The output appears
      whole or not at all, and ends with a verification unless --no-verify is given.

      EXAMPLES
        albert convert albert_base/model.ckpt-best albert-base.albert
        albert convert albert_base albert-base.albert --dry-run
      """)

  @Argument(help: "A checkpoint in any supported format.", completion: .file())
  var source: String

  @Argument(help: "The file or folder to write.", completion: .file())
  var output: String

  @OptionGroup
  var reading: SourceOptions

  @Option(
    help: ArgumentHelp(
      "The element type: \(writableTypes.joined(separator: ", ")).",
      valueName: "type"),
    completion: .list(writableTypes), transform: outputType)
  var dtype = OutputType.keep

  @Flag(help: "Show what would be done, and write nothing.")
  var dryRun = false

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(inversion: .prefixedNo, help: "Verify what was written.")
  var verify = true

  @Flag(help: "Print the result as a JSON document.")
  var json = false

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let clock = ContinuousClock()
    let begin = clock.now
    let target = FilePath(output)
    try refuseForeignEnding(target)
    let inspection = try Inspection.open(FilePath(source), reading.inspection)
    console.findings(inspection.findings)
    let plan = try ConversionPlan(inspection, type: dtype)
    let writer = plan.writer(tool: ToolVersion.writer)
    if dryRun {
      let report = ConvertReport(
        plan: plan, output: output, format: "native", byteCount: writer.byteCount,
        findings: inspection.findings + plan.findings, duration: nil)
      console.result(
        report.lines(terminal: console.output, verification: nil) + [""] + report.planLines(),
        json: JSONReport.document(report.members(succeeded: true)))
      return .success
    }
    try inspection.refuseOverwriting(target)
    let file = try AtomicFile(target, replacing: force)
    let outcome = try withBar("converting") { (progress) throws(FileError) in
      try plan.writeNative(to: file, tool: ToolVersion.writer, progress: progress)
    }
    console.findings(outcome.findings)
    let verification = try verification(of: file, plan)
    let succeeded = verification?.result.passes ?? true
    // What does not hold gets no name.
    if succeeded { try file.commit() }
    let duration = clock.now - begin
    let report = ConvertReport(
      plan: plan, output: output, format: "native", byteCount: outcome.byteCount,
      findings: inspection.findings + outcome.findings, duration: duration)
    let verified = verification?.lines(terminal: console.output) ?? []
    console.result(
      report.lines(terminal: console.output, verification: verification),
      json: JSONReport.document(
        report.members(succeeded: succeeded)
          + [
            JSONMember("verification", verification.map { .object($0.members) } ?? .null),
            JSONMember("seconds", .number(duration.seconds)),
          ]))
    if !succeeded {
      console.note(verified + ["The output was not written; the source is as it was."])
    }
    return succeeded ? .success : .failed
  }

  /// What was written, held against the source before it gets its name.
  private func verification(
    of file: AtomicFile, _ plan: ConversionPlan
  ) throws(FileError) -> VerifyReport? {
    guard verify else { return nil }
    var result = try withBar("verifying") { (progress) throws(FileError) in
      try ConversionVerification.run(
        written: file.readablePath, plan: plan, reading.inspection, progress: progress)
    }
    result.subject = output
    return VerifyReport(result)
  }

  private func withBar<Result>(
    _ label: String, _ work: (@escaping ConversionPlan.Progress) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    let bar = ProgressBar(label)
    defer { bar.finish() }
    return try work { done, total in bar.update(done, of: total) }
  }
}

/// The words of `--dtype` that the native format can be written in.
private let writableTypes = OutputType.allCases.filter { $0 != .i8 }.map(\.rawValue)

/// The type that a word of `--dtype` names.
private func outputType(_ word: String) throws -> OutputType {
  guard writableTypes.contains(word), let type = OutputType(rawValue: word) else {
    throw ValidationError(
      "'\(word)' is no element type; it is one of \(writableTypes.joined(separator: ", "))")
  }
  return type
}

/// Throws where the output's ending promises another format than the native one.
private func refuseForeignEnding(_ output: FilePath) throws(FileError) {
  let foreign = [
    "safetensors", "bin", "pt", "pth", "h5", "keras", "msgpack", "npz", "npy", "onnx", "index",
    "ckpt", "gguf",
  ]
  guard let ending = output.extension?.lowercased(), foreign.contains(ending) else { return }
  throw FileError(
    output.string, .unsupported("writing the format that '.\(ending)' stands for"),
    remedy: "name an output that ends in .albert, which every safetensors reader opens")
}

import AlbertArchitecture
import AlbertBytes
import AlbertDiagnosis
import AlbertTestSupport
import Testing

@testable import AlbertReports
@testable import AlbertVerification

/// Reports of verifications made by hand, so that every case is there.
@Suite struct VerifyReportTests {
  private static func stage(
    _ stage: Stage, _ engine: Engine, _ maxAbs: Double, _ outcome: Outcome, nonFinite: Int = 0,
    tolerance: Double = 1e-5
  ) -> StageComparison {
    let part = StageError.Part(
      maxAbs: maxAbs, relL2: maxAbs, count: 8, nonFinite: nonFinite,
      worst: ElementLocation(batch: 1, token: 2, channel: 3))
    return StageComparison(
      stage: stage, engine: engine, side: .reference,
      error: StageError(real: part, padded: StageError.Part(), scale: 1), tolerance: tolerance,
      outcome: outcome)
  }

  private static func weight(
    _ role: ParameterRole, _ outcome: Outcome, _ maxAbs: Double
  ) -> WeightComparison {
    WeightComparison(
      parameter: Parameter(role), outcome: outcome, bitwiseEqual: maxAbs == 0, maxAbs: maxAbs,
      relL2: maxAbs, ulps: maxAbs == 0 ? 0 : 3, nonFinite: maxAbs.isFinite ? 0 : 2)
  }

  private static var failing: VerificationResult {
    var result = VerificationResult()
    result.subject = "a<script>.onnx"
    result.reference = "b&c"
    result.checks = [Check(.coverage, .pass), Check(.weights, .fail), Check(.forward, .fail)]
    result.weights = [
      weight(.wordEmbeddings, .pass, 0), weight(.positionEmbeddings, .pass, 1e-8),
      weight(.poolerWeight, .fail, 0.25), weight(.poolerBias, .fail, .infinity),
    ]
    result.stages = [
      stage(.embeddings, .reference, 1e-14, .pass), stage(.embeddings, .fast, 2e-7, .pass),
      stage(.poolerOutput, .reference, 0.37, .fail),
      stage(.poolerOutput, .fast, .infinity, .fail, nonFinite: 5),
      StageComparison(
        stage: .logits, engine: .fast, side: .reference, error: nil, tolerance: 0,
        outcome: .notProduced),
    ]
    result.diagnosis = [
      Diagnosis(
        Diagnosis.Code(rawValue: "scaled"), parameter: "albert.pooler.weight",
        message: "the pooler's weight is < 2 times",
        explains: 0.987)
    ]
    result.findings = [Finding(.note, code: "x", "a <b> note")]
    return result
  }

  @Test func theVerdictAndTheDiagnosisComeFirst() throws {
    let page = VerifyReport(Self.failing).html(tool: "albert")
    let body = try #require(page.firstRange(of: "<body>")).upperBound
    let words = [
      ">fail<", "<b>scaled</b>", "&lt; 2 times", "explains 99%", "albert.pooler.weight",
      "First diverges at pooler_output", "<svg class=\"chart\"", "Worst elements", "Weights",
      "Checks", "Findings",
    ]
    var place = body
    for word in words {
      let found = try #require(page[place...].firstRange(of: word), "\(word) in this order")
      place = found.upperBound
    }
  }

  @Test func thePageIsSelfContainedAndEscaped() {
    let page = VerifyReport(Self.failing).html(tool: "albert")
    // The page's own script is the only one, and the only one that may run.
    #expect(page.ranges(of: "<script").count == 1)
    #expect(page.contains("script-src 'sha256-"))
    for word in ["http://", "https://", "@import", "src=", "b&c", "<b> note"] {
      #expect(!page.contains(word), "\(word)")
    }
    for word in [
      "a&lt;script&gt;.onnx", "b&amp;c", "prefers-color-scheme", "5 NaN/Inf",
      "batch 1, token 2, channel 3", "not produced", "2 NaN/Inf",
    ] {
      #expect(page.contains(word), "\(word)")
    }
  }

  @Test func parametersThatDifferComeFirst() {
    let order = VerifyReport(Self.failing).weightsByDifference.map(\.parameter.role)
    #expect(order == [.poolerWeight, .poolerBias, .positionEmbeddings, .wordEmbeddings])
  }

  @Test func theChartMarksToleranceAndFailure() {
    let chart = ErrorChart(Self.failing.stages)
    // 0.37 lies at (log10 0.37 + 16) / 16, the tolerance at 11 of 16 powers of ten.
    #expect(chart.markup.contains("width=\"97.30%\""))
    #expect(chart.markup.contains("x1=\"68.75%\""))
    #expect(chart.markup.contains("<tspan class=\"bad\">fail 3.7e-01</tspan>"))
    #expect(chart.markup.contains("width=\"100.00%\""))
    #expect(ErrorChart([]).isEmpty)
  }

  @Test func theScaleReachesTheLargestError() {
    #expect(LogScale.errors.reaching([30, .infinity]).high == 2)
    #expect(LogScale.errors.reaching([]).high == 0)
    #expect(LogScale.errors.position(1e-8) == 0.5)
    #expect(LogScale.errors.position(0) == 0)
    #expect(LogScale.errors.position(.nan) == 1)
  }

  @Test func textFitsEightyColumns() {
    let lines = VerifyReport(Self.failing).lines(terminal: .plain)
    for line in lines { #expect(line.count <= 80, "\(line)") }
    let text = lines.joined(separator: "\n")
    #expect(text.contains("scaled  the pooler's weight is < 2 times (explains 99%)"))
    #expect(text.contains("5 NaN/Inf"))
    #expect(
      text.contains("albert.pooler.bias\n      max abs inf  rel L2 inf  ulps 3.0000  2 NaN/Inf"))
  }

  /// NaN that both sides hold is the model's own, not a conversion's fault.
  @Test func whatWasNoNumberBeforeIsSaid() throws {
    let scratch = try Scratch()
    let model = PackageFiles.fixtures.appending("publishers/one/hf-safetensors")
    let nan: [UInt8] = [0, 0, 0xC0, 0x7F]
    for name in ["config.json", "model.safetensors"] {
      let file = try SourceFile(model.appending(name))
      var bytes = try file.bytes(at: 0, count: file.size)
      if name == "model.safetensors" { bytes.replaceSubrange((bytes.count - 4)..., with: nan) }
      try scratch.write(name, bytes)
    }
    let run = try Tool.run(
      "convert", scratch.folder.string, scratch.path("out.albert").string, in: scratch)
    #expect(run.status == 1)
    let words = run.errors.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("both sides hold the same NaN or infinity in '"), "\(run.errors)")
    #expect(!words.contains("no known defect"))
  }

  @Test func parametersOfAnotherShapeHaveNoError() throws {
    let scratch = try Scratch()
    let samples = PackageFiles.root.appending("samples").string
    let run = try Tool.run(
      "verify", "\(samples)/bible", "--against", "\(samples)/tiny-tf1", "--report",
      scratch.path("a.md").string, "--html", scratch.path("a.html").string, in: scratch)
    #expect(run.status == 1)
    #expect(run.output.contains("32 of 32 parameters differ (31 of another shape, max "))
    for text in [run.output, try scratch.text("a.md"), try scratch.text("a.html")] {
      #expect(!text.contains("inf ") && !text.contains(">inf<"))
    }
  }

  @Test func linesBreakBetweenWords() {
    let terminal = Terminal(hasColor: false, isInteractive: false, width: 12)
    #expect(terminal.wrapped("  aa bb cc dd ee", indentation: 4) == ["  aa bb cc", "    dd ee"])
    #expect(terminal.wrapped("longerthanaline b", indentation: 2) == ["longerthanaline", "  b"])
    #expect(terminal.wrapped("a  b", indentation: 0) == ["a  b"])
    #expect(terminal.wrapped("", indentation: 0) == [""])
  }
}

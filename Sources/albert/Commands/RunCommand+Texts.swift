import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertPipelines
import AlbertReports
import AlbertVerification
import SystemPackage

extension RunCommand {
  /// What the model says of texts.
  func read(
    _ loaded: LoadedModel, _ console: Console, _ display: ProgressDisplay
  ) throws(FileError) -> RunReport {
    try refuseOverwriting(loaded.inspection.keptFiles)
    let albert = try Albert(loaded, engine: engine.pass ?? .fast)
    console.findings(albert.findings)
    let requests = try texts.requests()
    let vectors = try output.flatMap { (path) throws(FileError) in
      try VectorFile(OutputArgument.path(path), replacing: force)
    }
    let readings = try albert.read(
      requests, texts.options(embeds: vectors != nil),
      WorkObserver(progress: display.reporter("forward pass", .items("layers"))))
    display.hide()
    console.findings(readings.enumerated().compactMap(Self.cutFinding))
    if requests.isEmpty {
      console.findings([Finding(.note, code: "no-texts", "standard input holds no text")])
    }
    if output == nil { console.findings(Self.unaskedFinding(readings, of: albert.contents)) }
    if output != nil, vectors == nil {
      guard !requests.isEmpty else {
        throw FileError(
          "standard input", .missing("a text"), remedy: "send a line for each text")
      }
      // All stages of the texts, as of any inputs.
      let inputs = try albert.inputs(requests)
      _ = try stages(loaded, inputs, from: model.string, display)
    }
    try vectors?.write(readings.map(\.vector))
    return report([], readings: readings)
  }

  /// The note that a text was given as a vector although the model has a head, and how to ask that.
  private static func unaskedFinding(
    _ readings: [TextReading], of contents: ModelContents
  ) -> [Finding] {
    let places = readings.indices.filter { index in
      readings[index].results.allSatisfy { if case .embedding = $0 { true } else { false } }
    }
    guard let first = places.first else { return [] }
    let way: String
    switch contents.taskHead {
    case .questionAnswering: way = "--question and --context ask its question-answering head"
    case .multipleChoice: way = "--pair, given several times, asks its multiple-choice head"
    case nil where contents.mlm: way = "[MASK] in the text asks its masked-LM head for a word"
    case nil where contents.sop: way = "--pair asks its sentence-order head"
    default: return []
    }
    let others = places.count == 1 ? "" : " and \(places.count - 1) more"
    let verb = places.count == 1 ? "is" : "are"
    return [
      Finding(
        .note, code: "head-not-asked",
        "text \(first + 1)\(others) \(verb) shown as a vector: \(way)")
    ]
  }

  /// The warning that a text was cut.
  private static func cutFinding(_ index: Int, _ reading: TextReading) -> Finding? {
    guard reading.cut > 0 else { return nil }
    return Finding(
      .warning, code: "text-cut",
      "text \(index + 1) has \(reading.cut) tokens more than the model reads: they were cut off",
      remedy: "shorten it, or refuse such texts with --strict")
  }
}

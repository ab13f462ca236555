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
    try refuseOverwriting(loaded.inspection.sourceFiles)
    let albert = try Albert(loaded, engine: engine.pass ?? .fast)
    console.findings(albert.findings)
    let requests = try texts.requests()
    let vectors = try output.flatMap { (path) throws(FileError) in
      try VectorFile(OutputArgument.path(path), replacing: force)
    }
    let readings = try albert.read(
      requests, texts.options(embeds: vectors != nil),
      WorkObserver(progress: display.reporter("forward pass", countsBytes: false)))
    display.hide()
    console.findings(readings.enumerated().compactMap(Self.cutFinding))
    if output != nil, vectors == nil {
      // All stages of the texts, as of any inputs.
      let inputs = try albert.inputs(requests)
      _ = try stages(loaded, inputs, from: model.string, display)
    }
    try vectors?.write(readings.map(\.vector))
    return report([], readings: readings)
  }

  /// The warning that a text was cut.
  private static func cutFinding(_ index: Int, _ reading: TextReading) -> Finding? {
    guard reading.cut > 0 else { return nil }
    return Finding(
      .warning, code: "text-cut",
      "text \(index + 1) has \(reading.cut) tokens more than the model has positions: they were cut off",
      remedy: "shorten it, or refuse such texts with --strict")
  }
}

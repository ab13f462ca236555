import AlbertArchitecture
import AlbertBytes
import AlbertComparison
import AlbertJSON
import AlbertReading
import AlbertReports
import ArgumentParser
import SystemPackage

/// `albert variants`: the published models and their counts, and what one is like that is not published.
struct VariantsCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "variants",
    abstract: "List the published variants, find the nearest one, or plan a new one.",
    discussion: HelpText.fitted(
      """
      Counts are computed from the configs, not looked up.

      --like says which published variant a model or a config is nearest to, and in what the two \
      differ. --plan counts a variant that does not exist yet: parameters, memory, operations by \
      length, and what sharing and factorization save. What a plan does not state is that of NAME, or \
      of albert-base-v2; the feed-forward width and the number of heads follow the hidden size unless \
      they are stated.

      EXAMPLES
        albert variants
        albert variants albert-xxlarge-v2
        albert variants --like model.albert
        albert variants --plan hidden_size=512 num_hidden_layers=6
        albert variants albert-large-v2 --plan num_hidden_groups=4 --json
      """))

  @Argument(
    help: "A variant's name; all where none is given.",
    completion: .list(Variant.all.map(\.name)))
  var name: String?

  @Option(
    help: ArgumentHelp("A model or a config, to find what it is nearest to.", valueName: "model"),
    completion: .file())
  var like: FilePath?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Sizes of a variant to count, such as hidden_size=1024.", valueName: "key=value"),
    completion: .list(VariantPlan.keys.map { "\($0)=" }))
  var plan: [String] = []

  @OptionGroup
  var reading: SourceOptions

  @OptionGroup
  var speech: ConsoleOptions

  func validate() throws {
    if let name, Variant.named(name) == nil {
      throw ValidationError(
        "'\(name)' is no published variant; 'albert variants' lists them all")
    }
    if like != nil, name != nil || !plan.isEmpty {
      throw ValidationError("--like stands alone: it names the one model that is looked at")
    }
    if like == nil, !reading.given.isEmpty {
      throw ValidationError(
        "\(reading.given.joined(separator: ", ")): how a model is read, but none is; name one with --like"
      )
    }
    _ = try planned
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    if let like { return try compare(like, console) }
    let named = name.flatMap(Variant.named)
    if let plan = try? planned {
      let report = PlanReport(config: plan.config, base: plan.base, derived: plan.derived)
      try console.result(
        report.lines(terminal: console.output),
        json: JSONReport.document(["plan": report.json]))
      return .success
    }
    let report = VariantsReport(named.map { [$0] } ?? Variant.all)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }

  /// The variant to plan; nil where none is stated.
  private var planned: VariantPlan? {
    get throws {
      guard !plan.isEmpty, let base = name.map(Variant.named) ?? Variant.named("albert-base-v2")
      else { return nil }
      return try VariantPlan(plan, base: base)
    }
  }

  /// Says what a model is nearest to.
  private func compare(_ path: FilePath, _ console: Console) throws(FileError) -> ExitStatus {
    let checkpoint = try Checkpoint(path, reading.inspection)
    console.reading(checkpoint.files)
    let known: (config: AlbertConfig?, assumptions: [Finding])
    switch checkpoint.content {
    case .model(let inspection): known = inspection.assumedConfig
    case .config(let file): known = (file.config.completed(rule: LayerMap.huggingFace), [])
    case .tensors(_, let refused): throw refused
    }
    console.findings(checkpoint.findings + known.assumptions)
    guard let config = known.config, config.contradictions.isEmpty else {
      throw FileError(
        path.string,
        .rejected(code: "config-missing", message: "too little is known of its config"),
        remedy: "name its config with --config; 'albert inspect' says what is missing")
    }
    let report = LikenessReport(model: path.string, config: config)
    try console.result(
      report.lines(terminal: console.output),
      json: JSONReport.document(["like": report.json]))
    return .success
  }
}

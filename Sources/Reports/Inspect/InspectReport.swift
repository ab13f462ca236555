package import AlbertArchitecture
package import AlbertReading
internal import AlbertTensors

/// What `albert inspect` found out about a source, as values that every renderer shows alike.
package final class InspectReport: Sendable {
  /// The path as the user gave it.
  package let path: String
  /// The container's word, or `config` for a config alone.
  package let format: String
  /// The publisher's word.
  package let upstream: String
  /// The publisher in words.
  package let title: String
  /// The name under which the model sits inside a larger one.
  package let prefix: String
  /// The config, with what is unknown assumed; nil where even that does not give a model.
  package let config: AlbertConfig?
  /// Where the config was found.
  package let configSource: ConfigSource
  /// Which optional parts the file holds.
  package let contents: ModelContents
  /// The decoder's matrix that the file holds beside the word embeddings, used or not.
  package let decoder: StoredDecoder?
  /// The file's parameters.
  package let count: StoredCount
  /// Every tensor and its purpose.
  package let assignments: [TensorAssignment]
  /// What was noticed, errors first.
  package let findings: [Finding]
  /// Statistics of the numbers, where they were read.
  package let statistics: SourceStatistics?
  /// The graph in parts, where the source is one and the parts are wanted.
  let fold: GraphFold?

  package init(
    _ inspection: Inspection, statistics: SourceStatistics? = nil, fold: GraphFold? = nil
  ) {
    self.fold = fold
    path = inspection.path.string
    format = inspection.format
    upstream = inspection.upstream
    title = inspection.candidate.upstream.title
    prefix = inspection.prefix
    let (config, assumptions) = inspection.assumedConfig
    self.config = config
    configSource = inspection.configSource
    contents = inspection.contents
    decoder = inspection.decoder
    count = StoredCount(inspection)
    assignments = inspection.assignments
    let noticed = inspection.findings.filter {
      assumptions.isEmpty || $0.code != Inspection.missingConfigCode
    }
    let measured = statistics?.findings(inspection) ?? []
    findings = (noticed + assumptions + measured).sorted { $0.severity < $1.severity }
    self.statistics = statistics
  }

  /// Reports on a config without weights: a backbone with its pooler.
  package init(_ file: ConfigFile, path: String) {
    self.path = path
    fold = nil
    format = "config"
    upstream = file.dialect.lowercased().split(separator: " ").joined()
    title = "a config of \(file.dialect)'s"
    prefix = ""
    let complete = file.config.completed(rule: LayerMap.huggingFace)
    config = complete.flatMap { $0.contradictions.isEmpty ? $0 : nil }
    configSource = .file(file.file.name)
    contents = .backbone
    decoder = nil
    count = StoredCount(config)
    assignments = []
    let missing = file.config.missingKeys.map {
      Finding(.error, code: Inspection.missingConfigCode, "the config does not say \($0)")
    }
    let wrong = (complete?.contradictions ?? []).map {
      Finding(.error, code: "config-contradiction", $0, remedy: "correct the config")
    }
    let isPlain = file.config.activationWord == .plainGelu
    let doubts = isPlain ? config.map(Variant.doubts) ?? [] : []
    findings = (file.config.findings + missing + wrong + doubts).sorted {
      $0.severity < $1.severity
    }
    statistics = nil
  }

  /// The published variants that it may be.
  package var variants: [Variant] { config.map(Variant.matching) ?? [] }

  /// The sequence length for which operations are counted.
  package var sequenceLength: Int { min(128, config?.maxPositionEmbeddings ?? 128) }

  /// The variant, where exactly one fits.
  package var variant: Variant? { variants.count == 1 ? variants.first : nil }

  /// The parameter that a tensor is or repeats; a tied decoder repeats the word embeddings.
  func parameter(of assignment: TensorAssignment) -> Parameter? {
    guard let parameter = assignment.parameter else { return nil }
    let isTied = parameter.role == .mlmDecoderWeight && !contents.untiedDecoder
    return isTied ? Parameter(.wordEmbeddings) : parameter
  }

  func statistics(of assignment: TensorAssignment) -> TensorStatistics? {
    statistics?.byTensor[assignment.tensor.name]
  }
}

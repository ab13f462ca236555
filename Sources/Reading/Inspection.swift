public import AlbertArchitecture
public import AlbertArchives
package import AlbertBytes
public import SystemPackage
package import AlbertTensors
package import AlbertUpstreams

/// What a source is: its container, its publisher, its config, and what each tensor is there for.
///
/// Built from headers alone. Everything that is wrong with the model is collected in `findings`
/// and shown at once; only a malformed byte stream stops at the first. It does not change, and is shared by
/// what plans, compares and reports.
public final class Inspection: Sendable {
  /// The path as the user gave it.
  public let path: FilePath
  /// The open container.
  package let archive: any TensorArchive
  /// The container's word for reports: `native` for a native file, else the archive's own.
  public let format: String
  /// The publisher whose names the file bears.
  package let candidate: Candidate
  /// What is known of the config, from wherever.
  package let partialConfig: PartialConfig
  /// The complete config; nil where keys are missing or contradict each other.
  public let config: AlbertConfig?
  /// Where the config was found.
  package let configSource: ConfigSource
  /// The config's file, where it was in one.
  package let configFile: SourceFile?
  /// Which optional parts the file holds.
  public let contents: ModelContents
  /// Every tensor of the file and its purpose, in the file's order.
  package let assignments: [TensorAssignment]
  /// The decoder's matrix that the file holds beside the word embeddings, used or not; nil where there
  /// is none, and for graphs and native files, which say themselves what decodes.
  package let decoder: StoredDecoder?
  /// What was noticed, errors first.
  public let findings: [Finding]

  /// What was found out about a source.
  init(
    path: FilePath, archive: any TensorArchive, format: String, candidate: Candidate,
    partialConfig: PartialConfig, config: AlbertConfig?, configSource: ConfigSource,
    configFile: SourceFile?, contents: ModelContents, assignments: [TensorAssignment],
    decoder: StoredDecoder?, findings: [Finding]
  ) {
    self.path = path
    self.archive = archive
    self.format = format
    self.candidate = candidate
    self.partialConfig = partialConfig
    self.config = config
    self.configSource = configSource
    self.configFile = configFile
    self.contents = contents
    self.assignments = assignments
    self.decoder = decoder
    self.findings = findings
  }

  /// The publisher's word.
  public var upstream: String { candidate.upstream.name(in: archive.format) }

  /// The name under which the model sits inside a larger one; empty for a file of its own.
  package var prefix: String { candidate.place.prefix }

  /// The code of the warning that the kind of a task head is a guess.
  package static let guessedHeadCode = "head-guessed"

  /// The code of the error that nothing says what a config should.
  package static let missingConfigCode = "config-missing"

  /// What to do where the publisher's code adds something to each of the classifier's inputs; nil for a
  /// model without a classifier.
  package func addingToClassifier(_ amount: Double) -> String? {
    func name(_ role: ParameterRole) -> String? {
      assignments.first { $0.parameter == Parameter(role) }?.tensor.name
    }
    guard let weight = name(.classifierWeight), let bias = name(.classifierBias) else { return nil }
    return Self.adding(amount, to: bias, by: weight)
  }

  static func adding(_ amount: Double, to bias: String, by weight: String) -> String {
    "put that into the bias in PyTorch, and save the weights again: "
      + "w['\(bias)'] += \(amount) * w['\(weight)'].sum(1)"
  }

  /// Whether anything stands in the way of using the model.
  public var isUsable: Bool { config != nil && !findings.contains { $0.severity == .error } }

  /// Whether the file holds the word embeddings as two factors, whose product they are here.
  package var hasFactoredWords: Bool { candidate.narrowWords != nil }

  /// What an exporter left of the embeddings' tables; nil where they are whole.
  package var cut: EmbeddingCut? { partialConfig.cut }

  /// The tensors of one purpose.
  package func tensors(where fits: (TensorAssignment.Purpose) -> Bool) -> [TensorDescription] {
    assignments.filter { fits($0.purpose) }.map(\.tensor)
  }

  /// The error that refuses the model: the first finding, and how many more there are.
  package var refusal: FileError? {
    let errors = findings.filter { $0.severity == .error }
    guard let first = errors.first else { return nil }
    let more = errors.count > 1 ? " (and \(errors.count - 1) more, listed above)" : ""
    return FileError(
      path.string, .rejected(code: first.code, message: first.message + more),
      tensor: nil, remedy: first.remedy.isEmpty ? nil : first.advice)
  }
}

/// What a caller decides about reading a source.
public struct InspectionOptions: Sendable {
  /// How containers are opened.
  public var archive: ArchiveOptions
  /// A config file to use instead of what lies beside the weights.
  public var config: FilePath?
  /// A config that the caller states instead of any file.
  package var stated: PartialConfig?
  /// The name under which ALBERT sits inside a larger model, where several are in one file.
  public var prefix: String?
  /// The kind of the task head, where the file leaves it open.
  public var head: TaskHead?
  /// Whether a masked-LM head has a decoder of its own, where the file leaves it open.
  public var decoder: DecoderReading?
  /// The tensor that is the word embeddings where a file has them under another name alone.
  public var tie: String?
  /// A LoRA adapter to merge into the model: a folder, or one of its files.
  public var adapter: FilePath?
  /// Whether the container's SHA-256 is wanted later, so that it is begun with at once.
  package var wantsDigests = false

  /// Makes options; by themselves they state nothing.
  ///
  /// - Parameters:
  ///   - archive: How containers are opened.
  ///   - config: A config file to use instead of what lies beside the weights.
  ///   - prefix: The name under which ALBERT sits inside a larger model, where several are in one file.
  ///   - head: The kind of the task head, where the file leaves it open.
  ///   - decoder: Whether a masked-LM head has a decoder of its own, where the file leaves it open.
  ///   - tie: The tensor that is the word embeddings where a file has them under another name alone.
  ///   - adapter: A LoRA adapter to merge into the model: a folder, or one of its files.
  public init(
    archive: ArchiveOptions = ArchiveOptions(), config: FilePath? = nil, prefix: String? = nil,
    head: TaskHead? = nil, decoder: DecoderReading? = nil, tie: String? = nil,
    adapter: FilePath? = nil
  ) {
    self.archive = archive
    self.config = config
    self.prefix = prefix
    self.head = head
    self.decoder = decoder
    self.tie = tie
    self.adapter = adapter
  }
}

extension InspectionOptions {
  /// The same with the kind of head that an adapter's `task` says, where the caller states none.
  func adding(task: String?) -> InspectionOptions {
    let heads: [String: TaskHead] = [
      "SEQ_CLS": .sequenceClassification, "TOKEN_CLS": .tokenClassification,
      "QUESTION_ANS": .questionAnswering,
    ]
    var options = self
    options.head = head ?? task.flatMap { heads[$0] }
    return options
  }
}

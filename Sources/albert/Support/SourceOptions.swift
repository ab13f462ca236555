import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import ArgumentParser
import AlbertReading
import SystemPackage

/// Options of every command that reads a checkpoint.
struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The config to use, JSON or PL-BERT's config.yml, instead of one beside the weights.",
      valueName: "file"),
    completion: .file(extensions: ["json", "yml", "yaml"]))
  var config: FilePath?

  @Option(
    help: ArgumentHelp(
      "The name under which ALBERT sits inside a larger model.", valueName: "name"))
  var prefix: String?

  @Option(
    help: ArgumentHelp(
      "The kind of the task head, where the file leaves it open: \(headNames.joined(separator: ", ")).",
      valueName: "kind"), completion: .list(headNames), transform: taskHead)
  var head: TaskHead?

  @Flag(
    help: ArgumentHelp(
      "Decode with the word embeddings, or with the decoder's own matrix that the file holds."))
  var decoder: DecoderFlag?

  @Option(
    help: ArgumentHelp(
      "The tensor that is the word embeddings, where a tied pair was saved under that name alone.",
      valueName: "name"))
  var tie: String?

  @Option(
    help: ArgumentHelp(
      "A LoRA adapter to merge into the model: its folder, or a file of it.", valueName: "dir"),
    completion: .directory)
  var adapter: FilePath?

  @Flag(help: "Refuse to parse HDF5 where the worker process cannot be confined.")
  var requireSandbox = false

  /// The files and folders that they name.
  var namedInputs: [FilePath] { [config, adapter].compactMap(\.self) }

  /// Those that say something of a model and were given, as they are written.
  var given: [String] {
    let named: [(String, Bool)] = [
      ("--config", config != nil), ("--prefix", prefix != nil), ("--head", head != nil),
      ("--tied", decoder == .tied), ("--untied", decoder == .untied), ("--tie", tie != nil),
      ("--adapter", adapter != nil),
    ]
    return named.filter(\.1).map(\.0)
  }

  /// The warning that what was given says nothing of `path`, which is `what`; none where nothing was given.
  func unused(of path: FilePath, _ what: String, besides others: [String] = []) -> [Finding] {
    Self.unused(given + others, of: path, what)
  }

  /// The same of other options than those of this group.
  static func unused(_ words: [String], of path: FilePath, _ what: String) -> [Finding] {
    if words.isEmpty { return [] }
    let verb = words.count == 1 ? "says" : "say"
    return [
      Finding(
        .warning, code: "option-unused",
        "\(words.joined(separator: ", ")) \(verb) nothing of '\(path.string)', which is \(what)")
    ]
  }

  /// The options of reading a model that says all by itself.
  static func inspection(requireSandbox: Bool) -> InspectionOptions {
    InspectionOptions(
      archive: ArchiveOptions(worker: Executable.path, requireSandbox: requireSandbox))
  }

  /// The options as the library takes them.
  var inspection: InspectionOptions {
    InspectionOptions(
      archive: ArchiveOptions(worker: Executable.path, requireSandbox: requireSandbox),
      config: config, prefix: prefix.map(ByteText.repaired), head: head,
      decoder: decoder?.reading, tie: tie, adapter: adapter)
  }
}

/// `--tied` and `--untied`.
enum DecoderFlag: String, EnumerableFlag {
  case tied
  case untied

  /// As the library takes it.
  var reading: DecoderReading {
    switch self {
    case .tied: .tied
    case .untied: .untied
    }
  }
}

private let headNames = TaskHead.allCases.map(\.rawValue)

/// The kind of head that a word of `--head` names.
private func taskHead(_ word: String) throws -> TaskHead {
  guard let head = TaskHead(rawValue: word) else {
    throw ValidationError(
      "'\(word)' is no kind of head; it is one of \(headNames.joined(separator: ", "))")
  }
  return head
}

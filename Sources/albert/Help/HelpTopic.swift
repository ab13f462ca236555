import AlbertExporters
import AlbertReports

/// What `albert help TOPIC` explains beside the commands.
enum HelpTopic: String, CaseIterable {
  case formats
  case diagnosis
  case exitCodes = "exit-codes"
  case environment
  case files

  /// What the topic is about, in a few words.
  var title: String {
    switch self {
    case .formats: "what is read and written"
    case .diagnosis: "the defects that 'albert verify' knows"
    case .exitCodes: "how commands end"
    case .environment: "variables that are read"
    case .files: "files that are looked for"
    }
  }

  /// The topic's text.
  func lines(terminal: Terminal) -> [String] {
    switch self {
    case .formats:
      return Self.section("READ", Self.read, terminal)
        + [""]
        + terminal.wrapped(
          "Formats are known by content, publishers by the names of all tensors. A path is a file, a "
            + "folder, an index, one shard, a TensorFlow prefix, or ORG/NAME of the Hub's local cache.",
          indentation: 0)
        + [""] + Self.section("WRITTEN, by --to or by the output's ending", Self.written, terminal)
    case .diagnosis:
      return Self.section("CODES", Self.diagnoses, terminal)
        + [""]
        + terminal.wrapped(
          "Each is tried on the weights, or on recorded outputs, and named only where it explains the "
            + "difference. What nothing explains gets no code.", indentation: 0)
    case .exitCodes: return Self.section(Manual.exitCodes, terminal)
    case .environment: return Self.section(Manual.environment, terminal)
    case .files: return Self.section(Manual.files, terminal)
    }
  }

  /// A section that the manual has too.
  private static func section(_ text: String, _ terminal: Terminal) -> [String] {
    let title = text.prefix { $0 != "\n" }
    return section(
      String(title), HelpText.rows(text).map { ($0.word, $0.meaning) }, terminal)
  }

  private static func section(
    _ title: String, _ rows: [(String, String)], _ terminal: Terminal
  ) -> [String] {
    var table = TextTable([.left, .text])
    for (word, sentence) in rows { table.add([word, sentence]) }
    return [terminal.styled(title, .bold)] + table.lines(terminal: terminal)
  }

  /// The section of the tool's own help that lists what `albert help TOPIC` explains.
  static var list: String {
    let widest = allCases.map(\.rawValue.count).max() ?? 0
    return "TOPICS\n"
      + allCases.map { topic in
        "  \(topic.rawValue)"
          + String(repeating: " ", count: widest - topic.rawValue.count + 2) + topic.title
      }.joined(separator: "\n")
  }

  private static var written: [(String, String)] {
    ExportRegistry.formats.map { format in
      let endings = format.claimsEndings ? " (\(format.endings.joined(separator: ", ")))" : ""
      return (format.name, format.title + endings)
    }
  }
}

extension HelpTopic {
  /// Prints the topic that `albert help TOPIC` asks for; false where none is asked for.
  ///
  /// Throws where the word is neither a topic nor a command.
  static func answer(_ arguments: [String]) throws -> Bool {
    guard arguments.count == 2, arguments[0] == "help" else { return false }
    let word = arguments[1]
    if let topic = HelpTopic(rawValue: word) {
      let console = Console(isJSON: false)
      try console.result(topic.lines(terminal: console.output), json: .null)
      return true
    }
    let commands = AlbertTool.configuration.subcommands.compactMap { $0.configuration.commandName }
    let known = commands + allCases.map(\.rawValue)
    if let mistake = CommandWord.mistake(word, among: known) { throw mistake }
    return false
  }
}

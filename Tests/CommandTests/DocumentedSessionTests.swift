import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// What the documents show of a terminal is what happens there.
@Suite struct DocumentedSessionTests {
  /// The blocks of ```` ```console ```` in a document, which are one session: commands behind a dollar
  /// sign, each with what it prints.
  struct Session: CustomTestStringConvertible, Sendable {
    let document: String
    var commands: [(text: String, output: [String])] = []

    var testDescription: String { document }
  }

  private static let documents = ["README.md"] + pages("docs") + pages("docs/walkthroughs")

  static func pages(_ folder: String) -> [String] {
    ((try? Folder.names(in: PackageFiles.root.appending(folder))) ?? []).map(\.string).sorted()
      .filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
  }

  static let sessions: [Session] = documents.compactMap { document in
    (try? SourceFile(PackageFiles.root.appending(document)))
      .flatMap { try? $0.bytes(at: 0, count: $0.size) }
      .map { session(of: String(decoding: $0, as: UTF8.self), document) }
      .flatMap { $0.commands.isEmpty ? nil : $0 }
  }

  private static func session(of text: String, _ document: String) -> Session {
    var session = Session(document: document)
    // Whether the line stands in a block, and behind a command of it: a block without one shows
    // something else.
    var (isInside, isBehind) = (false, false)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        (isInside, isBehind) = (line == "```console", false)
      } else if isInside, line.hasPrefix("$ ") {
        session.commands.append((String(line.dropFirst(2)), []))
        isBehind = true
      } else if isBehind, let last = session.commands.indices.last {
        session.commands[last].output.append(String(line))
      }
    }
    return session
  }

  @Test func thereAreSome() {
    #expect(Self.sessions.count >= 4)
  }

  @Test(arguments: sessions) func printsWhatIsShown(_ session: Session) throws {
    let scratch = try Scratch()
    try scratch.link("samples", to: PackageFiles.root.appending("samples"))
    try scratch.link("Tests", to: PackageFiles.root.appending("Tests"))
    var folder = ""
    for command in session.commands {
      if command.text.hasPrefix("cd ") {
        folder += "/" + command.text.dropFirst(3)
        continue
      }
      let run = try Tool.shell(
        """
        cd "$d\(folder)" && export PATH="$(dirname "$albert"):$PATH" && { \(command.text)
        } 2>&1
        """, in: scratch)
      let printed = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let shown = command.output.last == "" ? command.output.dropLast() : command.output[...]
      expect(printed.map(String.init), toBe: Array(shown), of: command.text)
    }
  }

  /// Compares line by line; a line that is an ellipsis alone stands for any number of others.
  private func expect(_ printed: [String], toBe shown: [String], of command: String) {
    var rest = printed[...]
    for (index, line) in shown.enumerated() where line != "…" {
      if index > 0, shown[index - 1] == "…" {
        rest = rest.drop { Self.withoutMeasures($0) != Self.withoutMeasures(line) }
      }
      let first = rest.popFirst()
      #expect(
        first.map(Self.withoutMeasures) == Self.withoutMeasures(line),
        "\(command) prints \(first ?? "nothing more")")
    }
    if shown.last != "…" { #expect(rest.isEmpty, "\(command) prints more: \(rest)") }
  }

  /// A line without what differs from machine to machine and from run to run: times, and errors, since
  /// sums are in another order on another processor, which of several tokens with one error tells apart.
  private static func withoutMeasures(_ line: String) -> String {
    line.replacing(#/[0-9.]+e-[0-9]+/#) { _ in "#" }
      .replacing(#/took +[0-9.]+ m?s/#) { _ in "took" }
      .replacing(#/batch [0-9]+, token [0-9]+/#) { _ in "batch #, token #" }
  }
}

import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// Every command that the help and the documents show is run, in a folder with the files that they name.
///
/// Blocks of a console are sessions of their own (`DocumentedSessionTests`).
@Suite struct DocumentedCommandsTests {
  /// A line that begins with the tool's name, and where it stands.
  struct Line: CustomTestStringConvertible, Sendable {
    let document: String
    let text: String

    var testDescription: String { "\(document): \(text)" }
  }

  private static let documents =
    ["README.md"] + DocumentedSessionTests.pages("docs")
    + DocumentedSessionTests.pages("docs/walkthroughs")

  /// The lines of blocks of the shell.
  static let lines: [Line] = documents.flatMap { document -> [Line] in
    guard let file = try? SourceFile(PackageFiles.root.appending(document)),
      let bytes = try? file.bytes(at: 0, count: file.size)
    else { return [] }
    var (isInside, found) = (false, [String]())
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("```") {
        isInside = line == "```sh"
      } else if isInside, line.hasPrefix("albert ") {
        found.append(String(line))
      }
    }
    return found.map { Line(document: document, text: $0) }
  }

  @Test func thereAreSome() {
    #expect(Self.lines.count > 30)
    #expect(Set(Self.lines.map(\.document)).contains("docs/commands.md"))
  }

  /// The folder in which every line is run, as a copy.
  static let prepared: Result<Scratch, any Error> = Result {
    let scratch = try Scratch()
    try scratch.make("files")
    let fixtures = PackageFiles.fixtures.string
    let run = try Tool.script(
      "cd files && FIXTURES='\(fixtures)' . '\(fixtures)/examples/prepare.sh'", in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    return scratch
  }

  /// What a line writes is there already where another line reads it.
  private static func outputs(of line: String) -> [String] {
    let words = line.split(separator: " ").map(String.init)
    var found = words.indices.dropLast().filter {
      ["--output", "--html", "--report"].contains(words[$0])
        || words[$0] == "--into" && !line.contains("--from-list")
    }.map { words[$0 + 1] }
    let isPlain = words.count > 3 && !words[2].hasPrefix("-") && !words[3].hasPrefix("-")
    if isPlain, words[1] == "convert" { found.append(words[3]) }
    return found
  }

  @Test(arguments: lines) func endsAsItShould(_ line: Line) throws {
    let scratch = try Scratch()
    let files = try Self.prepared.get().path("files").string
    let removed = Self.outputs(of: line.text).map { "rm -rf '\($0)'; " }.joined()
    let run = try Tool.shell(
      """
      cp -R '\(files)' "$d/files" && cd "$d/files" && export HOME="$PWD" && \(removed)
      export PATH="$(dirname "$albert"):$PATH"; \(line.text)
      """, in: scratch)
    if line.text.contains("--map output_0=") {
      // What another exporter calls its outputs, the prepared model does not; the error says so.
      #expect(run.status == 2 && run.errors.contains("name one of these with --map"))
      return
    }
    // That two checkpoints differ, or a model from another, is an answer too.
    let answers: [Int32] =
      ["albert diff ", "albert verify "].contains(where: line.text.hasPrefix) ? [0, 1] : [0]
    #expect(answers.contains(run.status), "\(run.output)\(run.errors)")
  }
}

import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// What documents tell a reader to type beside the tool's own commands.
///
/// `DocumentedCommandsTests` runs every line that begins with `albert`, `DocumentedSessionTests` every
/// console. Here is what is left, so that no line drifts unseen.
@Suite struct DocumentedShellTests {
  private static let documents =
    ["README.md", "CONTRIBUTING.md", "SECURITY.md", "samples/ci/README.md"]
    + DocumentedSessionTests.pages("docs") + DocumentedSessionTests.pages("docs/walkthroughs")

  /// Why commands that are not the tool's are not run by these tests.
  private static let reasons = [
    "make": "its targets are held against the Makefile below, and run for minutes",
    "parallel": "it needs GNU parallel, and in one of the lines machines that nobody has here",
  ]

  /// The languages of blocks; what stands in another one would be seen by no test.
  ///
  /// Swift is compiled by Tests/Consumer; the rest is read, not typed.
  private static let languages: Set<String> = ["sh", "console", "swift", "python", "yaml", "text"]

  private static func text(_ document: String) throws -> String {
    let file = try SourceFile(PackageFiles.root.appending(document))
    return String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
  }

  /// The blocks of a document, by their language, a line that goes on joined with the next.
  private static func blocks(_ text: String) -> [(language: String, lines: [String])] {
    var blocks: [(language: String, lines: [String])] = []
    var isInside = false
    var isContinued = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        isInside.toggle()
        if isInside { blocks.append((String(line.dropFirst(3)), [])) }
      } else if isInside, let last = blocks.indices.last {
        if isContinued, let before = blocks[last].lines.popLast() {
          blocks[last].lines.append(before.dropLast() + line)
        } else {
          blocks[last].lines.append(line)
        }
        isContinued = line.hasSuffix("\\")
      }
    }
    return blocks
  }

  @Test(arguments: documents) func everyLineIsRunOrHasAReason(_ document: String) throws {
    for (language, lines) in Self.blocks(try Self.text(document)) {
      #expect(Self.languages.contains(language), "\(document) has a block of '\(language)'")
      guard language == "sh" else { continue }
      for line in lines where !line.isEmpty && !line.hasPrefix("#") {
        let command = line.split(separator: " ").first.map(String.init) ?? ""
        #expect(command == "albert" || Self.reasons[command] != nil, "\(document): \(line)")
      }
    }
  }

  /// No reason stands for lines that are gone.
  @Test func everyReasonIsNeeded() throws {
    let commands = try Self.documents.flatMap { try Self.blocks(Self.text($0)) }
      .filter { $0.language == "sh" }.flatMap(\.lines)
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    for command in Self.reasons.keys { #expect(commands.contains(command), "\(command)") }
  }

  /// Every `make TARGET` of a document, in its text and in its blocks, is one of the Makefile's.
  @Test(arguments: documents) func everyTargetExists(_ document: String) throws {
    let targets = Set(
      try Self.text("Makefile").split(separator: "\n")
        .filter { $0.first?.isLetter == true && !$0.contains("=") }
        .compactMap { $0.split(separator: ":").first.map(String.init) })
    #expect(targets.contains("test") && targets.contains("hostile"))
    let text = try Self.text(document)
    let inText = text.split(separator: "`make ").dropFirst()
    let inBlocks = text.split(separator: "\nmake ").dropFirst()
    for use in inText + inBlocks {
      let target = use.prefix { $0.isLetter || $0 == "-" }
      #expect(targets.contains(String(target)), "\(document): make \(target)")
    }
  }
}

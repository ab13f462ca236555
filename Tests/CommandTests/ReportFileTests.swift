import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertReports

/// The reports that `verify --report` writes, and the script for build servers that uses them.
@Suite struct ReportFileTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1").string
  private static let golden = PackageFiles.root.appending("samples/tiny-tf1-golden.npz").string
  private static let script = PackageFiles.root.appending("samples/ci/verify-export.sh").string

  /// The sample as a native file, and a copy in which one number is another one.
  private func models(in scratch: Scratch) throws -> (good: String, drifted: String) {
    for name in ["good", "drifted"] {
      let run = try Tool.run(
        "convert", Self.sample, scratch.path(name).string, "--to", "huggingface", "--no-verify",
        in: scratch)
      #expect(run.status == 0)
    }
    let weights = "drifted/model.safetensors"
    var bytes = try scratch.bytes(weights)
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0x80, 0x3F])
    try scratch.write(weights, bytes)
    return (scratch.path("good").string, scratch.path("drifted").string)
  }

  /// What Python's parser finds in a JUnit report: tests, failures, errors, and the names of suites.
  private func counts(_ name: String, in scratch: Scratch) throws -> String {
    try Tool.shell(
      """
      python3 - "$d/\(name)" <<'END'
      import sys, xml.etree.ElementTree as tree
      root = tree.parse(sys.argv[1]).getroot()
      cases = root.findall('testsuite/testcase')
      assert int(root.get('tests')) == len(cases)
      assert int(root.get('failures')) == len(root.findall('.//failure'))
      for suite in root: assert int(suite.get('tests')) == len(suite)
      print(root.get('name'), root.get('failures'), root.get('errors'),
            *[suite.get('name') for suite in root])
      END
      """, in: scratch
    ).output
  }

  @Test func everyKindIsWrittenByItsEnding() throws {
    let scratch = try Scratch()
    let names = ["a.xml", "a.md", "a.json", "a.html"]
    let reports = names.flatMap { ["--report", scratch.path($0).string] }
    let arguments = ["verify", Self.sample, "--golden", Self.golden, "--engine", "reference"]
    // The second run replaces what the first one wrote.
    for _ in 0..<2 {
      #expect(try Tool.run(arguments + reports, in: scratch).status == 0)
    }
    #expect(try counts("a.xml", in: scratch) == "albert verify 0 0 checks golden\n")
    #expect(try scratch.text("a.md").contains("### ✅ pass"))
    let document = try JSONValue.parse(try scratch.bytes("a.json"), path: "a.json")
    #expect(try SchemaValidator("verify").violations(document) == [])
    #expect(try Tool.run(arguments + ["--json"], in: scratch).output == scratch.text("a.json"))
    #expect(try scratch.text("a.html").hasPrefix("<!DOCTYPE html>"))
  }

  @Test func aReportReplacesItsOwnKindAlone() throws {
    let scratch = try Scratch()
    let arguments = ["verify", Self.sample, "--golden", Self.golden, "--engine", "reference"]
    for name in ["a.xml", "a.md", "a.json", "a.html"] {
      let path = try scratch.write(name, text: "mine").string
      let refused = try Tool.run(arguments + ["--report", path], in: scratch)
      #expect(refused.status == 2, "\(name)")
      #expect(refused.errors.contains("--force"), "\(refused.errors)")
      #expect(try scratch.text(name) == "mine")
      #expect(
        try Tool.run(arguments + ["--report", path, "--force"], in: scratch).status == 0)
      #expect(try scratch.text(name) != "mine")
    }
    // A page is no summary.
    try scratch.write("b.md", try scratch.bytes("a.html"))
    #expect(
      try Tool.run(arguments + ["--report", scratch.path("b.md").string], in: scratch).status == 2)
  }

  @Test(arguments: [["x.txt"], ["x"], ["-"], ["a.xml", "a.xml"]])
  func whatSaysNoKindIsWrongUsage(_ names: [String]) throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      ["verify", Self.sample, "--golden", Self.golden] + names.flatMap { ["--report", $0] },
      in: scratch)
    #expect(run.status == 64, "\(run.errors)")
    #expect(try scratch.names() == ["stderr"])
  }

  @Test func theScriptPassesWhatHoldsAndFailsWhatDrifted() throws {
    let scratch = try Scratch()
    let (good, drifted) = try models(in: scratch)
    func run(_ subject: String) throws -> Tool.Run {
      try Tool.shell(
        """
        cd "$d" && ALBERT="$albert" GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$d/step" \
          '\(Self.script)' '\(subject)' '\(Self.sample)' reports \
          --engine reference
        """, in: scratch)
    }
    let passed = try run(good)
    #expect(passed.status == 0, "\(passed.errors)")
    #expect(try scratch.text("step").contains("✅ pass"))
    #expect(
      try counts("reports/junit.xml", in: scratch) == "albert verify 0 0 checks weights forward\n")
    let failed = try run(drifted)
    #expect(failed.status == 1, "\(failed.errors)")
    #expect(failed.output.contains("::error title=The export drifted"))
    #expect(try scratch.text("step").contains("❌ fail"))
    #expect(try counts("reports/junit.xml", in: scratch).hasPrefix("albert verify "))
    #expect(try !counts("reports/junit.xml", in: scratch).hasPrefix("albert verify 0"))
    #expect(
      try scratch.names("reports") == ["junit.xml", "summary.md", "verify.html", "verify.json"])
    // Nothing of the last run passes for this one's.
    let broken = try run(scratch.path("none.onnx").string)
    #expect(broken.status == 2)
    #expect(try counts("reports/junit.xml", in: scratch) == "albert verify 0 1 checks\n")
    #expect(try scratch.names("reports") == ["junit.xml", "summary.md", "verify.json"])
    let document = try JSONValue.parse(try scratch.bytes("reports/verify.json"), path: "json")
    #expect(document["result"]?.string == "error")
  }

  @Test func theWorkflowNamesWhatIsThere() throws {
    let folder = PackageFiles.root.appending("samples/ci")
    func text(_ name: String) throws -> String {
      let file = try SourceFile(folder.appending(name))
      return String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
    }
    #expect(try text("action.yml").contains("$GITHUB_ACTION_PATH/verify-export.sh"))
    #expect(try text("verify-export.yml").contains("uses: ./.github/actions/verify-export"))
    for key in ["subject:", "reference:"] {
      #expect(try text("action.yml").contains(key))
      #expect(try text("verify-export.yml").contains(key))
    }
  }

  @Test func whatAFileSaysStaysText() throws {
    let text = Markdown.escape("a|b *c* <d> [e](f) `g` @h\u{1B}[31m")
    for character in "|*<>[]()`@" { #expect(!text.contains(character), "\(character)") }
    let scratch = try Scratch()
    let report = JUnitReport(
      command: "verify", subject: "a\"<&\u{1}\u{FFFE}",
      cases: [.init(suite: "s", name: "<x>\n'y'\u{85}", outcome: .failure("\u{0}\"&]]>"))])
    try scratch.write("x.xml", text: report.text)
    #expect(try counts("x.xml", in: scratch) == "albert verify 1 0 s\n")
  }
}

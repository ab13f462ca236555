import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertReports

/// No line is wider than the terminal, whatever the command and the terminal.
@Suite struct WidthTests {
  private static let widths = [40, 50, 66, 80]
  private static let samples = PackageFiles.root.appending("samples").string
  private static let fixtures = PackageFiles.root.appending("Tests/Fixtures").string

  /// The lines of a command's result that exceed the width.
  private func wide(
    _ arguments: String, _ width: Int, in scratch: Scratch
  ) throws -> [String] {
    let run = try Tool.shell(
      "cd \"$d\" && COLUMNS=\(width) \"$albert\" \(arguments)", in: scratch)
    #expect(run.status < 2, "\(arguments): \(run.errors)")
    #expect(!run.output.isEmpty, "\(arguments)")
    return run.output.split(separator: "\n").map(String.init)
      .filter { Columns.count($0) > width }
  }

  @Test(arguments: widths) func everyCommandFits(_ width: Int) throws {
    let scratch = try Scratch()
    let two = "\(Self.fixtures)/publishers/two"
    let commands = [
      "variants", "variants albert-xxlarge-v1", "variants --like \(Self.samples)/tiny-tf1",
      "variants --plan hidden_size=512 vocab_size=250000",
      "inspect \(Self.samples)/tiny-tf1 --tensors --stats",
      "inspect \(Self.samples)/configs/albert_xxlarge_v2.json",
      "inspect \(two)/keras3-preset-maskedlm --tensors",
      "convert \(Self.samples)/tiny-tf1 m.albert --dry-run",
      "convert \(Self.samples)/tiny-tf1 m.albert --dtype i8 --force",
      "convert \(Self.samples)/tiny-tf1 f.albert --force",
      "survey \(Self.fixtures)/publishers/one", "check m.albert", "diff f.albert m.albert",
      "diff \(two)/hf-torch \(two)/keras3-backbone",
      "verify f.albert --golden \(Self.samples)/tiny-tf1-golden.npz",
      "verify m.albert --against f.albert",
      "verify \(two)/keras3-preset-maskedlm --against \(two)/hf-torch",
      "run f.albert", "run f.albert --all-stages --output /dev/null",
      "run \(Self.samples)/bible --text 'In the beginning God [MASK] the heaven and the earth.'",
      "tokenize \(Self.samples)/bible 'In the beginning God created the heaven and the earth.'",
    ]
    for command in commands {
      for line in try wide(command, width, in: scratch) {
        Issue.record("\(command) at \(width): \(Columns.count(line)) columns: \(line)")
      }
    }
  }

  @Test(arguments: widths) func allHelpFits(_ width: Int) throws {
    let scratch = try Scratch()
    let words = [
      "--help", "help convert", "help inspect", "help variants", "help verify", "help run",
      "help tokenize", "help check", "help diff", "help survey", "help formats", "help diagnosis",
      "help exit-codes", "help environment", "help files",
    ]
    for word in words {
      for line in try wide(word, width, in: scratch) {
        Issue.record("\(word) at \(width): \(Columns.count(line)) columns: \(line)")
      }
    }
  }

  /// On a terminal that says its own width, without a variable.
  @Test func aTerminalSaysItsWidth() throws {
    let scratch = try Scratch()
    let run = try Tool.shell(
      """
      python3 - "$albert" <<'END'
      import fcntl, os, pty, struct, sys, termios
      pid, terminal = pty.fork()
      if pid == 0:
          os.environ.pop('COLUMNS', None)
          fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 50, 0, 0))
          os.execv(sys.argv[1], [sys.argv[1], 'variants', '--color', 'never'])
      text = b''
      while True:
          try: part = os.read(terminal, 65536)
          except OSError: break
          if not part: break
          text += part
      lines = text.decode().split('\\r\\n')
      print(max(map(len, lines)) <= 50, len(lines) > 16)
      END
      """, in: scratch)
    #expect(run.output == "True True\n", "\(run.output) \(run.errors)")
  }

  @Test func colourIsWhatIsAskedFor() throws {
    let scratch = try Scratch()
    func output(_ arguments: String) throws -> String {
      try Tool.shell("\(arguments)", in: scratch).output
    }
    let escape = "\u{1B}["
    #expect(try !output("\"$albert\" variants").contains(escape))
    #expect(try output("\"$albert\" variants --color always").contains(escape))
    #expect(try output("NO_COLOR=1 \"$albert\" variants --color always").contains(escape))
    #expect(try !output("\"$albert\" variants --color never").contains(escape))
    #expect(try Tool.run("variants", "--color", "blue", in: scratch).status == 64)
    #expect(try Tool.run("variants", "-q", "-v", in: scratch).status == 64)
  }

  @Test func theVersionHasAShortNameAndTopicsExplain() throws {
    let scratch = try Scratch()
    let version = try Tool.run("-V", in: scratch)
    #expect(version.status == 0)
    #expect(try version.output == Tool.run("--version", in: scratch).output)
    let codes = try Tool.run("help", "exit-codes", in: scratch)
    for code in ["0", "1", "2", "64", "130"] { #expect(codes.output.contains(code)) }
    let mistake = try Tool.run("help", "exitcodes", in: scratch)
    #expect(mistake.status == 64 && mistake.errors.contains("did you mean 'exit-codes'"))
    #expect(try Tool.run("help", in: scratch).output.contains("TOPICS"))
    for words in ["help formats", "help convert", "-V"] {
      #expect(
        try Tool.shell("\"$albert\" \(words) >/dev/full", in: scratch).status == 2, "\(words)")
    }
  }

  @Test func anOptionBeforeTheCommandIsSentBehindIt() throws {
    let scratch = try Scratch()
    let run = try Tool.run("--color", "never", "inspect", "x", in: scratch)
    #expect(run.status == 64)
    #expect(run.errors.contains("options stand behind it, albert inspect … --color"))
    #expect(try Tool.run("--version", "inspect", in: scratch).status == 0)
  }

  /// Whether the shells take them is asked of those that are there by Tests/Packages/completions.sh.
  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheTopics(_ shell: String) throws {
    let scratch = try Scratch()
    let run = try Tool.run("--generate-completion-script", shell, in: scratch)
    #expect(run.status == 0)
    for topic in ["formats", "exit-codes"] {
      #expect(run.output.contains(topic), "\(topic)")
    }
  }

  @Test func theTopicOfDiagnosisKnowsEveryCode() throws {
    let scratch = try Scratch()
    let topic = try Tool.run("help", "diagnosis", in: scratch).output
    let document = try SourceFile(PackageFiles.root.appending("docs/verification.md"))
    let text = String(decoding: try document.bytes(at: 0, count: document.size), as: UTF8.self)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count > 20)
    for row in rows {
      let cell = row.split(separator: "|").first ?? ""
      for (index, code) in cell.split(separator: "`").enumerated() where index % 2 == 1 {
        #expect(topic.contains("\n  \(code) "), "\(code)")
      }
    }
  }

  @Test func tablesGiveWayInSteps() {
    var table = TextTable(
      [.name, .right, .bar], titles: ["tensor", "size", ""])
    table.add(["encoder.layer.0.attention.query.weight", "589,824", "██████████"])
    table.add(["encoder.layer.0.attention.query.bias", "768", "█"])
    func lines(_ width: Int?) -> [String] {
      table.lines(terminal: Terminal(hasColor: false, isInteractive: false, width: width))
    }
    #expect(lines(nil)[1].hasSuffix("██████████"))
    #expect(lines(80) == lines(nil))
    // First the bars go, then the middle of names, so that their ends still tell them apart.
    #expect(lines(52)[1] == "  encoder.layer.0.attention.query.weight  589,824")
    #expect(lines(30)[1].hasSuffix(" 589,824"))
    #expect(lines(30)[1].contains("…") && lines(30)[1].contains("weight"))
    #expect(lines(30)[2].contains("bias"))
    #expect(lines(30).allSatisfy { Columns.count($0) <= 30 })
    #expect(lines(20).allSatisfy { Columns.count($0) <= 20 })
  }

  /// A name that is cut keeps the place of those that are not.
  @Test func aLongWordIsCutWhereItStands() {
    let terminal = Terminal(hasColor: false, isInteractive: false, width: 40)
    let name = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight"
    let lines = terminal.fitted(["  short", "  \(name)", "      \(name) follows"])
    #expect(lines[1].hasPrefix("  albert.encod"))
    #expect(lines[2].hasPrefix("      albert."))
    #expect(lines.allSatisfy { Columns.count($0) <= 40 })
  }

  /// Where little is left for a name it stands alone, as long as it may be.
  @Test func namesOfTensorsAreToldApartAtFortyColumns() throws {
    let scratch = try Scratch()
    let run = try Tool.shell(
      "COLUMNS=40 \"$albert\" inspect \(Self.samples)/tiny-tf1 --tensors", in: scratch)
    let names = run.output.split(separator: "\n").filter { $0.hasPrefix("bert/") }
    #expect(names.count > 20)
    #expect(Set(names).count == names.count)
  }

  @Test func columnsAreThoseOfTheScreen() {
    #expect(Columns.count("abc") == 3)
    #expect(Columns.count("中文") == 4)
    #expect(Columns.count("e\u{301}") == 1)
    // Pictures, of which a terminal that does not join them shows each, and those without colour.
    #expect(Columns.count("🚀✅⭐") == 6)
    #expect(Columns.count("👨‍👩‍👧") == 6)
    #expect(Columns.count("❤\u{20DD}\u{AD}ｱ") == 3)
    #expect(Columns.count("\u{1B}[36m██\u{1B}[0m") == 2)
    #expect(Columns.shortened("abcdefghij", to: 7) == "ab…ghij")
    #expect(Columns.count(Columns.shortened("中文模型的名字", to: 7)) <= 7)
    #expect(Columns.shortened("\u{1B}[2mabcdefghij\u{1B}[0m", to: 7) == "\u{1B}[2mab…ghij\u{1B}[0m")
  }
}

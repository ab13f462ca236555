import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertReports

/// `albert verify` as scripts meet it: exit codes, documents, pages.
@Suite struct VerifyCommandTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1").string
  private static let golden =
    PackageFiles.root.appending("samples/tiny-tf1-golden.npz").string
  private static let fixtures =
    PackageFiles.fixtures
  private static let tinyB = fixtures.appending("tiny-b/hf").string

  private static let config = """
    {"vocab_size":64,"embedding_size":8,"hidden_size":16,"intermediate_size":32,"hidden_act":"relu",
    "num_hidden_layers":2,"num_attention_heads":2,"max_position_embeddings":16,"type_vocab_size":2}
    """

  @Test func whatHoldsEndsWithZero() throws {
    let scratch = try Scratch()
    let run = try Tool.run("verify", Self.sample, "--golden", Self.golden, in: scratch)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("pass  "))
    #expect(run.errors == "")
    for line in run.output.split(separator: "\n").dropFirst() {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func whatDoesNotHoldEndsWithOne() throws {
    let scratch = try Scratch()
    let golden = Self.fixtures.appending("tiny-b/golden-gelu_new.npz").string
    let run = try Tool.run("verify", Self.tinyB, "--golden", golden, "--json", in: scratch)
    #expect(run.status == 1)
    let document = try run.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    #expect(document["result"]?.string == "fail")
    #expect(document["first_divergence"]?.string == "hidden_states.1")
  }

  /// One pass for both sides is said wherever the checks are, and only where it is so.
  @Test func onePassForBothSidesIsSaid() throws {
    let scratch = try Scratch()
    let said = "both sides hold the same values: one pass of the reference engine serves both"
    let (same, rounded) = (scratch.path("same.albert"), scratch.path("bf16.albert"))
    for (output, type) in [(same, "keep"), (rounded, "bf16")] {
      let run = try Tool.run(
        "convert", Self.sample, output.string, "--no-verify", "--dtype", type, in: scratch)
      #expect(run.status == 0, "\(run.errors)")
    }
    for (subject, engine, isShared) in [
      (same, "both", true), (same, "reference", true), (same, "fast", false),
      (rounded, "both", false),
    ] {
      let page = scratch.path("page.html")
      let options = [
        "verify", subject.string, "--against", Self.sample, "--engine", engine, "--html",
        page.string, "--force",
      ]
      let run = try Tool.run(options, in: scratch)
      #expect(run.status == 0, "\(run.errors)")
      let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains(said) == isShared)
      #expect(try scratch.text("page.html").contains(said) == isShared)
      let document = try Tool.run(options + ["--json"], in: scratch).json
      #expect(try SchemaValidator("verify").violations(document) == [])
      #expect(document["one_pass"] == .bool(isShared))
    }
  }

  @Test func aGoldenFileOfAnotherModelEndsWithOne() throws {
    let scratch = try Scratch()
    let golden = Self.fixtures.appending("tiny-b/golden.npz").string
    for engine in ["both", "fast", "reference"] {
      let run = try Tool.run(
        "verify", Self.sample, "--golden", golden, "--engine", engine, "--json", in: scratch)
      #expect(run.status == 1)
      let document = try run.json
      #expect(try SchemaValidator("verify").violations(document) == [])
      #expect(document["diagnosis"]?.elements?.first?["code"]?.string == "other-model")
      let stage = document["stages"]?.elements?.first
      #expect(stage?["result"]?.string == "fail")
      #expect(stage?["shapes"]?["subject"]?.elements == [.count(3), .count(16), .count(32)])
      #expect(stage?["shapes"]?["expected"]?.elements == [.count(3), .count(16), .count(24)])
    }
    let page = scratch.path("page.html").string
    let run = try Tool.run(
      "verify", Self.sample, "--golden", golden, "--html", page, in: scratch)
    #expect(run.status == 1)
    #expect(run.output.contains("[3, 16, 32]      [3, 16, 24]     FAIL"))
    #expect(run.output.contains("of a model with embedding size 24,\n"))
    #expect(try scratch.text("page.html").contains("s [3, 16, 24]"))
  }

  @Test func neitherAgainstNorGoldenIsWrongUsage() throws {
    let scratch = try Scratch()
    let run = try Tool.run("verify", Self.sample, in: scratch)
    #expect(run.status == 64)
    #expect(run.errors.contains("name what to verify against: --against, --golden, or both"))
    let tolerance = try Tool.run(
      "verify", Self.sample, "--golden", Self.golden, "--tolerance", "nan", in: scratch)
    #expect(tolerance.status == 64)
  }

  @Test func whatCannotBeReadEndsWithTwo() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", Self.sample, "--golden", scratch.path("none.npz").string, "--json", in: scratch)
    #expect(run.status == 2)
    #expect(try SchemaValidator("verify").violations(run.json) == [])
    #expect(try run.json["result"]?.string == "error")
    #expect(run.errors.contains("albert: error: "))
  }

  @Test func thePageIsWrittenAndAnOlderOneReplaced() throws {
    let scratch = try Scratch()
    let page = scratch.path("report.html").string
    #expect(try Tool.run("inspect", Self.sample, "--html", page, in: scratch).status == 0)
    let old = try scratch.text("report.html")
    let run = try Tool.run(
      "verify", Self.sample, "--golden", Self.golden, "--html", page, in: scratch)
    #expect(run.status == 0)
    let text = try scratch.text("report.html")
    #expect(text.hasPrefix("<!DOCTYPE html>") && text.contains("<svg class=\"chart\""))
    #expect(text != old)
  }

  @Test func aPageInTheInputsPlaceIsRefused() throws {
    let scratch = try Scratch()
    let file = try SourceFile(FilePath(Self.golden))
    let golden = try scratch.write("golden.npz", try file.bytes(at: 0, count: file.size))
    let run = try Tool.run(
      "verify", Self.sample, "--golden", golden.string, "--html", golden.string, in: scratch)
    #expect(run.status == 2)
    #expect(run.errors.contains("the output is the source's own file 'golden.npz'"))
    #expect(try SourceFile(golden).size == file.size)
    let config = try scratch.write("config.json", Array(Self.config.utf8))
    let inspect = try Tool.run("inspect", config.string, "--html", config.string, in: scratch)
    #expect(inspect.status == 2)
    #expect(try scratch.text("config.json") == Self.config)
  }

  @Test func anOutputInTheInputsPlaceIsRefusedEvenByForce() throws {
    let scratch = try Scratch()
    let file = try SourceFile(FilePath(Self.golden))
    let golden = try scratch.write("golden.npz", try file.bytes(at: 0, count: file.size))
    let run = try Tool.run(
      "run", Self.sample, "--inputs", golden.string, "--output", golden.string, "--force",
      in: scratch)
    #expect(run.status == 2)
    #expect(run.errors.contains("the output is the source's own file 'golden.npz'"))
  }

  @Test func enginesAreChosen() throws {
    let scratch = try Scratch()
    for (engine, expected) in [
      ("fast", ["fast"]), ("reference", ["reference"]), ("both", ["reference", "fast"]),
    ] {
      let run = try Tool.run(
        "verify", Self.sample, "--golden", Self.golden, "--engine", engine, "--json", in: scratch)
      #expect(run.status == 0)
      let stages = try run.json["stages"]?.elements ?? []
      let engines = stages.compactMap { $0["engine"]?.string }
      #expect(Set(engines) == Set(expected) && engines.count == expected.count * 10)
    }
    let wrong = try Tool.run(
      "verify", Self.sample, "--golden", Self.golden, "--engine", "slow", in: scratch)
    #expect(wrong.status == 64)
  }

  @Test func theUsersToleranceTakesTheDerivedOnesPlace() throws {
    let scratch = try Scratch()
    let golden = Self.fixtures.appending("tiny-b/golden-gelu_new.npz").string
    let loose = try Tool.run(
      "verify", Self.tinyB, "--golden", golden, "--tolerance", "0.1", in: scratch)
    #expect(loose.status == 0)
    let strict = try Tool.run(
      "verify", Self.sample, "--golden", Self.golden, "--tolerance", "1e-18", "--json", in: scratch)
    #expect(strict.status == 1)
    let stages = try strict.json["stages"]?.elements ?? []
    #expect(stages.allSatisfy { $0["tolerance"]?.double == 1e-18 })
  }

  @Test func aWholeCopyIsComplete() throws {
    let scratch = try Scratch()
    let copy = scratch.path("whole.albert").string
    #expect(try Tool.run("convert", Self.sample, copy, "--no-verify", in: scratch).status == 0)
    let same = try Tool.run(
      "verify", copy, "--against", Self.sample, "--complete", "--engine", "fast", "--json",
      in: scratch)
    #expect(same.status == 0)
    let document = try same.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    let weights = document["weights"]?.elements ?? []
    #expect(weights.count == 32 && weights.allSatisfy { $0["bitwise_equal"] == .bool(true) })
    #expect(document["checks"]?.elements?.count == 3)
    #expect(document["diagnosis"]?.elements?.isEmpty == true)
  }

  @Test func inputsTakeTheGoldensPlace() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", Self.sample, "--against", Self.sample, "--inputs", Self.golden, "--engine", "fast",
      "--json", in: scratch)
    #expect(run.status == 0)
    let stages = try run.json["stages"]?.elements ?? []
    #expect(stages.allSatisfy { $0["inputs"]?.integer == 0 })
    let none = try Tool.run(
      "verify", Self.sample, "--against", Self.sample, "--inputs", Self.sample, in: scratch)
    #expect(none.status == 2)
  }

  @Test func aConfigGoesToTheSideThatNeedsIt() throws {
    let scratch = try Scratch()
    func bytes(_ name: String) throws -> [UInt8] {
      let file = try SourceFile(Self.fixtures.appending("tiny-b/hf").appending(name))
      return try file.bytes(at: 0, count: file.size)
    }
    // Weights alone, and a config elsewhere that says tanh where their own said erf.
    let alone = try scratch.write("alone.safetensors", try bytes("model.safetensors")).string
    let text = String(decoding: try bytes("config.json"), as: UTF8.self)
    #expect(text.contains("\"gelu\""))
    let config = try scratch.write(
      "tanh.json", Array(text.replacing("\"gelu\"", with: "\"gelu_new\"").utf8)
    ).string
    let without = try Tool.run("verify", Self.tinyB, "--against", alone, in: scratch)
    #expect(without.status == 2)
    for (subject, reference) in [(Self.tinyB, alone), (alone, Self.tinyB)] {
      let run = try Tool.run(
        "verify", subject, "--against", reference, "--config", config, "--engine", "reference",
        "--json", in: scratch)
      #expect(run.status == 1)
      #expect(try run.json["first_divergence"]?.string == "hidden_states.1")
      #expect(try run.json["diagnosis"]?.elements?.first?["code"]?.string == "activation")
    }
    let both = try Tool.run(
      "verify", alone, "--against", alone, "--config", config, "--engine", "reference", in: scratch)
    #expect(both.status == 0)
  }
}

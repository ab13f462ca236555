import Bytes
import Conversion
import Exporters
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Nothing that is there is damaged, whatever happens.
@Suite struct OverwritingTests {
  private func export(
    _ model: String, to output: FilePath, _ change: (inout ExportOptions) -> Void = { _ in }
  ) throws -> ExportOutcome {
    var options = Models.options("huggingface")
    change(&options)
    return try ExportPlan(try Models.inspect(model), to: output, options).run()
  }

  @Test func aFolderIsRefusedWithoutForceAndReplacedWithIt() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    #expect(try export("one/hf-safetensors", to: output).succeeded)
    let first = try scratch.contents("out")
    #expect(
      failure { try export("two/hf-safetensors", to: output) }
        == "\(output): the output exists already; pass --force to replace it, or name another output"
    )
    #expect(first == (try scratch.contents("out")))
    #expect(try export("two/hf-safetensors", to: output) { $0.replacesExisting = true }.succeeded)
    let second = try scratch.contents("out")
    #expect(Set(second.keys) == Set(first.keys))
    #expect(second["config.json"] != first["config.json"])
    #expect(try scratch.names() == ["out"])
  }

  @Test func aReplacedFolderKeepsWhatIsNotTheModels() throws {
    let scratch = try Scratch()
    try scratch.make(scratch.path("out"))
    try scratch.write("out/notes.md", text: "mine")
    try scratch.write("out/pytorch_model.bin", text: "an older model")
    let outcome = try export("one/hf-safetensors", to: scratch.path("out")) {
      $0.replacesExisting = true
    }
    #expect(outcome.succeeded)
    let names = try scratch.names("out")
    #expect(names == ["config.json", "model.safetensors", "notes.md"])
    #expect(try scratch.contents("out")["notes.md"] == Array("mine".utf8))
  }

  @Test func whatFailsLeavesTheOldFolder() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    _ = try export("one/hf-safetensors", to: output)
    let before = try scratch.contents("out")
    let outcome = try export("two/hf-safetensors", to: output) {
      $0.replacesExisting = true
      $0.type = .f16
      $0.maxError = 0
    }
    #expect(!outcome.succeeded)
    let text = failure {
      try ExportPlan(
        try Models.inspect("two/hf-safetensors"), to: output,
        {
          var options = Models.options("huggingface")
          options.replacesExisting = true
          return options
        }()
      ).run(isCancelled: { true })
    }
    #expect(text.contains("the work was cancelled; start it again; nothing was written"))
    #expect(before == (try scratch.contents("out")))
    #expect(try scratch.names() == ["out"])
  }

  @Test func theSourceIsNeverTheOutput() throws {
    let scratch = try Scratch()
    _ = try export("one/hf-safetensors", to: scratch.path("model"))
    func refusal(_ output: String, _ format: String) throws -> String {
      let inspection = try Inspection.open(scratch.path("model"), Models.reading())
      var options = Models.options(format)
      options.replacesExisting = true
      return failure { try ExportPlan(inspection, to: scratch.path(output), options) }
    }
    let model = scratch.path("model")
    #expect(
      try refusal("model", "huggingface")
        == "\(model): the output is the folder that holds the source's file 'model.safetensors'; "
        + "name another output")
    #expect(try refusal("model/../model", "huggingface").contains("the folder that holds"))
    #expect(
      try refusal("model/model.safetensors", "safetensors").contains(
        "the output is the source's own file 'model.safetensors'"))
    let link = scratch.path("link.safetensors")
    let isMade = unsafe link.withPlatformString { name in
      unsafe model.appending("model.safetensors").withPlatformString { file in
        unsafe symlink(file, name) == 0
      }
    }
    try #require(isMade)
    #expect(try refusal("link.safetensors", "safetensors").contains("the source's own file"))
  }

  @Test func aFileIsNoFolder() throws {
    let scratch = try Scratch()
    try scratch.write("out", text: "a file")
    let text = failure {
      try export("one/hf-safetensors", to: scratch.path("out")) { $0.replacesExisting = true }
    }
    #expect(
      text == "\(scratch.path("out")): expected a folder, found a file; "
        + "remove it, or name another output")
    #expect(try scratch.contents("out") == ["": Array("a file".utf8)])
  }

  @Test func aFolderIsNoFile() throws {
    let scratch = try Scratch()
    let output = scratch.path("out.safetensors")
    try scratch.make(output)
    var options = Models.options("safetensors")
    options.replacesExisting = true
    let text = failure { try Export.run(Models.folder.appending("one/tf1"), to: output, options) }
    #expect(
      text == "\(output): expected a file, found a folder; remove it, or name another output")
  }

  @Test(arguments: ["huggingface", "safetensors"]) func aFolderThatIsMissingIsNamed(
    _ format: String
  ) throws {
    let scratch = try Scratch()
    let output = scratch.path("none/out")
    let text = failure {
      try Export.run(Models.folder.appending("one/tf1"), to: output, Models.options(format))
    }
    #expect(
      text
        == "\(output): the folder '\(scratch.path("none"))' is missing; make the folder first")
  }

  @Test func whatKilledWorkLeftIsCleared() throws {
    let scratch = try Scratch()
    try scratch.make(scratch.path(".out.1-2.tmp"))
    try scratch.write(".out.1-2.tmp/model.safetensors", text: "half of a model")
    // Somebody still works in this one.
    let running = try StagedFolder(beside: scratch.path("out"))
    _ = try export("one/hf-safetensors", to: scratch.path("out"))
    let left = try #require(running.path.lastComponent).string
    #expect(try scratch.names() == [left, "out"])
  }
}

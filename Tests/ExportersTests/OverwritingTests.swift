import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertPlatform
import AlbertTestSupport
import Synchronization
import SystemPackage
import Testing

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
        == "\(output): the output exists already; pass ExportOptions.replacesExisting to replace it, or name another output"
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

  @Test func onlyExactNamesAreTheModels() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    _ = try export("one/hf-safetensors", to: output)
    let mine = [
      "eval.npz", "optimizer.bin", "training.h5", "other.index", "adapter.safetensors",
      "assets/logo.svg", "checkpoint/step-1.bin", "deep/er/notes.txt", "my.data-set",
    ]
    for name in mine {
      for folder in FilePath(name).removingLastComponent().components.indices {
        let path = FilePath(
          FilePath(name).components[...folder].map(\.string).joined(separator: "/"))
        if !path.isEmpty { try? scratch.make(output.pushing(path)) }
      }
      try scratch.write("out/" + name, text: name)
    }
    try scratch.write("out/pytorch_model-00001-of-00002.bin", text: "an older model's shard")
    _ = try export("two/hf-safetensors", to: output) { $0.replacesExisting = true }
    let contents = try scratch.contents("out")
    for name in mine { #expect(contents[name] == Array(name.utf8), "\(name)") }
    #expect(contents["pytorch_model-00001-of-00002.bin"] == nil)
  }

  /// A tokenizer is kept where the new model has none, and told.
  @Test func aTokenizerIsNotLostWithItsFolder() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    _ = try export("one/hf-safetensors", to: output)
    try scratch.write("out/spiece.model", text: "pieces")
    let outcome = try export("two/hf-safetensors", to: output) { $0.replacesExisting = true }
    #expect(outcome.findings.map(\.code).contains("kept-tokenizer"))
    #expect(try scratch.contents("out")["spiece.model"] == Array("pieces".utf8))
  }

  /// A file that the folder's name is read as, and that is the user's, stays and is told.
  @Test func aModelThatIsReadFirstIsTold() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    _ = try export("one/hf-safetensors", to: output)
    _ = try ExportPlan(
      try Models.inspect("one/hf-safetensors"), to: scratch.path("out/mine.albert"),
      Models.options("native")
    ).run()
    let outcome = try export("two/hf-safetensors", to: output) { $0.replacesExisting = true }
    #expect(outcome.findings.map(\.code).contains("other-model"))
    #expect(try scratch.names("out").contains("mine.albert"))
  }

  @Test func aLinkToAFolderKeepsPointing() throws {
    let scratch = try Scratch()
    try scratch.make(scratch.path("far"))
    _ = try export("one/hf-safetensors", to: scratch.path("far/model"))
    try scratch.link("out", to: "far/model")
    let before = try scratch.contents("far/model")
    let outcome = try export("two/hf-safetensors", to: scratch.path("out")) {
      $0.replacesExisting = true
    }
    #expect(outcome.succeeded)
    #expect(try scratch.path("out").stat(followTargetSymlink: false).type == .symbolicLink)
    #expect(try scratch.contents("far/model") != before)
    #expect(try scratch.names() == ["far", "out"])
    #expect(try scratch.names("far") == ["model"])
  }

  @Test func severalFilesDoNotFitIntoOneStream() throws {
    let text = failure {
      try ExportPlan(
        try Models.inspect("one/tf1"), to: "/dev/null", Models.options("tf-checkpoint")
      ).run()
    }
    #expect(text.contains("is several files here, which no single stream can carry"))
    #expect(
      try ExportPlan(
        try Models.inspect("one/tf1"), to: "/dev/null", Models.options("pytorch")
      ).run().succeeded)
  }

  /// Whenever an export to a pair of files ends, the next one finds one of two whole checkpoints.
  @Test func aPairIsNeverMixed() throws {
    let scratch = try Scratch()
    let output = scratch.path("m.index")
    func convert(_ model: String) throws {
      var options = Models.options()
      options.replacesExisting = true
      options.verifies = false
      _ = try ExportPlan(try Models.inspect(model), to: output, options).run()
    }
    try convert("one/tf1")
    let old = try Models.digests(Inspection.open(output, Models.reading(Self.config("one/tf1"))))
    try convert("two/tf1")
    let new = try Models.digests(Inspection.open(output, Models.reading(Self.config("two/tf1"))))
    var steps = 0
    for step in 1... {
      try convert("one/tf1")
      let made = Mutex(0)
      let killed = FileSystemCalls { _, _ in
        made.withLock {
          $0 += 1
          return $0 >= step ? .ioError : nil
        }
      }
      try? FileSystemCalls.$current.withValue(killed) { try convert("two/tf1") }
      // The next work on it, which is then refused.
      _ = try? ExportPlan(try Models.inspect("one/tf1"), to: output, Models.options()).run()
      let found = try [old, new].filter { digests in
        let config = try Self.config(digests == new ? "two/tf1" : "one/tf1")
        return (try? Models.digests(Inspection.open(output, Models.reading(config)))) == digests
      }
      #expect(found.count == 1, "\(step)")
      #expect(try scratch.names() == ["m.data-00000-of-00001", "m.index"], "\(step)")
      steps = step
      if made.withLock({ $0 }) < step { break }
    }
    #expect(steps > 10)
  }

  private static func config(_ model: String) throws -> AlbertConfig {
    try #require(Models.inspect(model).config)
  }

  @Test func whatKilledWorkLeftIsCleared() throws {
    let scratch = try Scratch()
    let place = try OutputPlace(scratch.path("out"))
    let rules = OutputRules(isOwn: { _ in true }, isInUse: { _ in true })
    // A process that is killed removes nothing.
    let killed = FileSystemCalls { call, _ in
      call == .unlink || call == .removeFolder ? .ioError : nil
    }
    try FileSystemCalls.$current.withValue(killed) {
      let folder = try StagedFolder(at: place, rules)
      try folder.file("model.safetensors").commit()
    }
    #expect(try scratch.names().count == 1)
    // Somebody still works in this one.
    let running = try StagedFolder(at: place, rules)
    _ = try export("one/hf-safetensors", to: scratch.path("out"))
    let left = try #require(running.path.lastComponent).string
    #expect(try scratch.names() == [left, "out"])
  }
}

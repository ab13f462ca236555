import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// What the containers of single formats promise of a whole model.
@Suite struct ContainerExportTests {
  private func export(
    _ model: String, _ output: FilePath, _ options: ExportOptions
  ) throws {
    let plan = try ExportPlan(try Models.inspect(model), to: output, options)
    #expect(try plan.run().succeeded)
  }

  @Test func `PyTorch's tied tensors share a storage, and every storage is aligned`() throws {
    let scratch = try Scratch()
    try export("one/hf-safetensors", scratch.path("out"), Models.options("pytorch"))
    #expect(try Set(scratch.names("out")) == ["config.json", "pytorch_model.bin"])
    let path = scratch.path("out/pytorch_model.bin")
    let archive = try ArchiveRegistry.open(path)
    let places = archive.storageIdentities
    #expect(
      places["albert.embeddings.word_embeddings.weight"] == places["predictions.decoder.weight"])
    #expect(places["predictions.bias"] == places["predictions.decoder.bias"])
    #expect(Set(places.values).count == archive.tensors.count - 2)
    let zip = try ZipFile(try SourceFile(path))
    let storages = zip.members.filter { $0.name.contains("/data/") && !$0.name.contains("/.") }
    #expect(storages.count == archive.tensors.count - 2)
    #expect(storages.allSatisfy { $0.range.lowerBound % 64 == 0 })
  }

  @Test(arguments: [
    ("weights.bin", "pytorch"), ("weights.pth", "pytorch"), ("weights.msgpack", "msgpack"),
    ("weights.npz", "npz"),
  ]) func `an ending names a single file`(_ name: String, _ format: String) throws {
    let scratch = try Scratch()
    try export("two/hf-safetensors", scratch.path(name), Models.options())
    #expect(try scratch.names() == [name])
    #expect(try ArchiveRegistry.open(scratch.path(name)).format == format)
  }

  @Test func `names are those of the class`() throws {
    let scratch = try Scratch()
    for (model, name) in [
      ("one/keras3-backbone", "embeddings/word_embeddings/embedding"),
      ("one/hf-safetensors-qa", "albert/embeddings/word_embeddings/embedding"),
    ] {
      var options = Models.options("flax")
      options.replacesExisting = true
      try export(model, scratch.path("out"), options)
      let names = try ArchiveRegistry.open(scratch.path("out")).tensors.map(\.name)
      #expect(names.contains(name))
    }
  }

  /// Files that transformers' Flax classes wrote come out byte for byte.
  @Test(arguments: [
    "one/hf-flax", "one/hf-flax-albertmodel", "one/hf-flax-seqcls", "two/hf-flax",
  ]) func `a Flax file is transformers' own`(_ model: String) throws {
    let scratch = try Scratch()
    try export(model, scratch.path("out"), Models.options("flax"))
    let bytes = try scratch.contents("out")["flax_model.msgpack"]
    let original = try SourceFile(
      Models.folder.pushing(FilePath(model)).appending("flax_model.msgpack"))
    #expect(try bytes == original.bytes(at: 0, count: original.size))
  }

  @Test func `bfloat16 has no place in NumPy`() throws {
    let scratch = try Scratch()
    let text = failure {
      try export("one/hf-safetensors", scratch.path("out.npz"), Models.options("npz", .bf16))
    }
    #expect(
      text.hasSuffix(
        "a NumPy archive cannot hold bfloat16 in tensor 'albert.embeddings.word_embeddings.weight'; "
          + "pass ExportOptions.type f32, or name another format"), "\(text)")
  }

  /// The same numbers, each at another's place.
  private func rotated(_ bytes: [UInt8]) -> [UInt8] { Array(bytes[4...] + bytes[..<4]) }

  /// A model whose vocabulary projection is not the word embeddings.
  private func untied(in scratch: Scratch) throws -> Inspection {
    let tied = try Models.inspect("one/hf-safetensors")
    var tensors = tied.archive.tensors
    var contents = try tensors.map { try tied.archive.bytes(of: $0) }
    for (name, twin) in [
      ("predictions.decoder.weight", "albert.embeddings.word_embeddings.weight"),
      ("predictions.decoder.bias", "predictions.bias"),
    ] {
      let index = try #require(tensors.firstIndex { $0.name == twin })
      let (type, shape) = (tensors[index].type, tensors[index].shape)
      tensors.append(TensorDescription(name: name, type: type, shape: shape))
      contents.append(name.hasSuffix("weight") ? rotated(contents[index]) : contents[index])
    }
    try scratch.make(scratch.path("untied"))
    let file = try AtomicFile(scratch.path("untied/model.safetensors"), replacing: false)
    let layout = try SafetensorsLayout(tensors, path: "untied")
    try layout.finish(WrittenTensors([]), to: file)
    for (range, bytes) in zip(layout.ranges, contents) {
      try unsafe file.write(bytes.span.bytes, at: range.lowerBound)
    }
    try file.commit()
    let config = try SourceFile(Models.folder.appending("one/hf-safetensors/config.json"))
    let text = String(
      decoding: try config.bytes(at: 0, count: config.size), as: UTF8.self)
    try scratch.write(
      "untied/config.json",
      text: text.replacing("{", with: "{\"tie_word_embeddings\": false,", maxReplacements: 1))
    return try Inspection.open(scratch.path("untied"), Models.reading())
  }

  @Test(arguments: [
    ("out.bin", "pytorch"), ("out", "pytorch"), ("out.npz", "npz"), ("out", "huggingface"),
    ("out.safetensors", "safetensors"),
  ]) func `a decoder of its own stays one`(_ name: String, _ format: String) throws {
    let scratch = try Scratch()
    let source = try untied(in: scratch)
    #expect(source.contents.untiedDecoder)
    let plan = try ExportPlan(source, to: scratch.path(name), Models.options(format))
    let outcome = try plan.run()
    #expect(outcome.succeeded)
    let names = Set(try ArchiveRegistry.open(scratch.path(name)).tensors.map(\.name))
    #expect(names.isSuperset(of: ["predictions.decoder.weight", "predictions.decoder.bias"]))
  }

  @Test func `Flax keeps a decoder of its own, and its config says so`() throws {
    let scratch = try Scratch()
    let source = try untied(in: scratch)
    let plan = try ExportPlan(source, to: scratch.path("out"), Models.options("flax"))
    #expect(plan.conversion.model.changes.isEmpty)
    #expect(try plan.run().succeeded)
    let written = try Inspection.open(scratch.path("out"), Models.reading())
    #expect(written.contents.untiedDecoder)
    #expect(written.findings.filter { $0.severity < .note }.isEmpty)
  }

  @Test(arguments: ["keras-h5", "tf-checkpoint"]) func `a decoder of its own needs consent`(
    _ format: String
  ) throws {
    let scratch = try Scratch()
    let source = try untied(in: scratch)
    var options = Models.options(format)
    let text = failure { try ExportPlan(source, to: scratch.path("out"), options) }
    #expect(text.contains("word embeddings"), "\(text)")
    options.allowsInexact = true
    let plan = try ExportPlan(source, to: scratch.path("out"), options)
    #expect(plan.conversion.model.changes.map(\.code) == ["decoder"])
    #expect(try plan.run().succeeded)
  }
}

import Albert
import Archives
import Bytes
import Conversion
import Exporters
import SystemPackage
import Tensors
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

  @Test func `bfloat16 has no place in NumPy`() throws {
    let scratch = try Scratch()
    let text = failure {
      try export("one/hf-safetensors", scratch.path("out.npz"), Models.options("npz", .bf16))
    }
    #expect(
      text.hasSuffix(
        "a NumPy archive cannot hold bfloat16 in tensor 'albert.embeddings.word_embeddings.weight'; "
          + "pass --dtype f32, or name another format"), "\(text)")
  }
}

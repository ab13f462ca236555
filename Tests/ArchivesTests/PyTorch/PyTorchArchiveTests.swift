import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct PyTorchArchiveTests {
  private func open(_ name: String) throws -> any TensorArchive {
    try ArchiveRegistry.open(Fixture.path("pytorch/\(name)"))
  }

  private static let index = "pytorch_model.bin.index.json"
  private static let shards = (1...5).map { "pytorch_model-0000\($0)-of-00005.bin" }

  @Test(
    arguments: ["hf-torch", "hf-torch-legacy", "hf-torch/pytorch_model.bin", "sharded"]
      + ([index] + shards).map { "sharded/\($0)" })
  func `a real checkpoint holds the known weights`(_ name: String) throws {
    let archive = try open(name)
    #expect(archive.format == "pytorch")
    let truth = try Truth.tinyA()
    #expect(Set(archive.tensors.map(\.name)) == Set(truth.keys))
    for tensor in archive.tensors {
      #expect(tensor.type == .float32)
      #expect(try archive.sha256(of: tensor.name) == truth[tensor.name], "\(tensor.name)")
    }
    #expect(archive.notes.isEmpty)
    try archive.finish()
  }

  @Test(arguments: ["hf-torch", "hf-torch-legacy"])
  func `a tied decoder is told by its storage`(_ name: String) throws {
    let archive = try open(name)
    let places = archive.storageIdentities
    #expect(places.count == archive.tensors.count)
    #expect(
      places["albert.embeddings.word_embeddings.weight"] == places["predictions.decoder.weight"])
    #expect(places["predictions.bias"] == places["predictions.decoder.bias"])
    #expect(Set(places.values).count == places.count - 2)
  }

  @Test func `all shards are files of the archive, the named one first`() throws {
    let archive = try open("sharded/\(Self.shards[2])")
    #expect(archive.files.map(\.name).first == Self.shards[2])
    #expect(Set(archive.files.map(\.name)) == Set(Self.shards + [Self.index]))
  }

  /// A copy of the sharded checkpoint without some of its files.
  private func copy(_ scratch: Scratch, without left: String, index: [UInt8]? = nil) throws {
    for name in Self.shards + [Self.index] where name != left {
      try scratch.write(Fixture.bytes("pytorch/sharded/\(name)"), name)
    }
    if let index { try scratch.write(index, Self.index) }
  }

  @Test func `a missing shard is named`() throws {
    let scratch = try Scratch()
    try copy(scratch, without: Self.shards[3])
    let text = failure { try ArchiveRegistry.open(scratch.folder) }
    #expect(
      text.hasSuffix(
        "the shard 'pytorch_model-00004-of-00005.bin', one of 5, is missing; "
          + "download or copy it into the same folder"), "\(text)")
  }

  @Test func `shards without their index are known by their names`() throws {
    let scratch = try Scratch()
    try copy(scratch, without: Self.index)
    for path in [scratch.folder, scratch.folder.appending(Self.shards[1])] {
      let archive = try ArchiveRegistry.open(path)
      #expect(archive.notes.map(\.code) == ["shards-without-index"])
      #expect(archive.files.count == Self.shards.count)
      try archive.readAll()
    }
  }

  @Test func `an index cannot lead outside its folder`() throws {
    let scratch = try Scratch()
    let text = String(decoding: try Fixture.bytes("pytorch/sharded/\(Self.index)"), as: UTF8.self)
    for name in ["../\(Self.shards[0])", "/etc/passwd.bin"] {
      let changed = text.replacing(Self.shards[0], with: name)
      try copy(scratch, without: "", index: Array(changed.utf8))
      #expect(
        failure { try ArchiveRegistry.open(scratch.folder) }.contains("lies in another folder"))
    }
  }

  @Test func `a tensor that the index misplaces is an error`() throws {
    let scratch = try Scratch()
    let text = String(decoding: try Fixture.bytes("pytorch/sharded/\(Self.index)"), as: UTF8.self)
    let changed = text.replacing(
      "\"predictions.bias\": \"\(Self.shards[4])\"",
      with: "\"predictions.bias\": \"\(Self.shards[0])\"")
    #expect(changed != text)
    try copy(scratch, without: "", index: Array(changed.utf8))
    #expect(failure { try ArchiveRegistry.open(scratch.folder) }.contains("predictions.bias"))
  }

  @Test func `the registry tells other zip files apart`() throws {
    let torch = try ArchiveRegistry.locate(Fixture.path("zip/torch.pt"))
    #expect(torch.format.name == "pytorch")
    #expect(throws: FileError.self) {
      let zip = try ArchiveRegistry.locate(Fixture.path("zip/stored.zip"))
      #expect(zip.format.name != "pytorch")
      throw FileError("", .notFound)
    }
  }

  @Test func `what PyTorch wrote long ago, and what it did not write, is named`() throws {
    #expect(
      failure { try open("old.tar") }.hasSuffix(
        "the tar format of PyTorch before version 0.2 is not supported; "
          + "load it with PyTorch 1 or older and save it again"))
    let scratch = try Scratch()
    try scratch.write([0x80, 0x02, 0x5D, 0x2E], "list.pkl")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder.appending("list.pkl")) }.hasSuffix(
        "a Python pickle that PyTorch did not write is not supported; "
          + "load it in Python and save its tensors with torch.save or safetensors"))
    #expect(
      failure { try open("no-tensors.pt") }.hasSuffix(
        "the pickle holds no tensor, only objects of argparse.Namespace; "
          + "name the file that holds the model's weights"))
    #expect(
      failure { try open("arrays.pt") }.hasSuffix(
        "the pickle holds no tensor, only arrays of NumPy's; load it with "
          + "torch.load(weights_only=False), if you trust it, and save the dictionary of its arrays "
          + "with numpy.savez('weights.npz', **arrays)"))
  }

  @Test func `a page saved under the usual name has the registry's message`() throws {
    let scratch = try Scratch()
    try scratch.write(Array("<!DOCTYPE html><html>".utf8), "pytorch_model.bin")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains("this is an HTML page"))
  }
}

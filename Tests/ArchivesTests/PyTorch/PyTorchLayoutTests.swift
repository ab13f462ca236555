import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct PyTorchLayoutTests {
  private static let types = ElementType.allCases.filter {
    ![.opaque, .uint16, .uint32, .uint64].contains($0)
  }

  @Test func `what is written comes back`() throws {
    let tensors = Assortment.tensors(Self.types)
    let contents = Assortment.contents(of: tensors)
    let layout = try PyTorchLayout(tensors, path: "out.bin")
    let bytes = try layout.file(contents)
    #expect(bytes.count == layout.byteCount)
    #expect(layout.ranges.allSatisfy { $0.lowerBound % 64 == 0 })
    let scratch = try Scratch()
    let archive = try PyTorchArchive(scratch.write(bytes, "out.bin"))
    #expect(archive.tensors == tensors)
    #expect(archive.notes.isEmpty)
    #expect(try archive.allBytes() == contents)
    try archive.finish()
    #expect(try PyTorchLayout(tensors, path: "other.bin").file(contents) == bytes)
  }

  /// Everything that a file of transformers holds, its two ties included.
  @Test func `ties share one storage`() throws {
    let original = try PyTorchArchive(Fixture.path("pytorch/hf-torch/pytorch_model.bin"))
    let aliases = [
      (name: "predictions.decoder.weight", tensor: "albert.embeddings.word_embeddings.weight"),
      (name: "predictions.decoder.bias", tensor: "predictions.bias"),
    ]
    let tensors = original.tensors.filter { tensor in !aliases.contains { $0.name == tensor.name } }
    let contents = try tensors.map { try original.bytes(of: $0) }
    let layout = try PyTorchLayout(tensors, aliases: aliases, path: "out.bin")
    let bytes = try layout.file(contents)
    let scratch = try Scratch()
    let archive = try PyTorchArchive(scratch.write(bytes, "out.bin"))
    #expect(Set(archive.tensors) == Set(original.tensors))
    for alias in aliases {
      #expect(archive.storageIdentities[alias.name] == archive.storageIdentities[alias.tensor])
    }
    #expect(Set(archive.storageIdentities.values).count == tensors.count)
    let truth = try Truth.tinyA()
    for tensor in archive.tensors {
      #expect(try archive.sha256(of: tensor.name) == truth[tensor.name], "\(tensor.name)")
    }
  }

  @Test func `the serialization id follows the content`() throws {
    let tensors = Assortment.tensors([.float32])
    var contents = Assortment.contents(of: tensors)
    let layout = try PyTorchLayout(tensors, path: "out.bin")
    func identity() throws -> [UInt8] {
      let scratch = try Scratch()
      let zip = try ZipFile(scratch.file(layout.file(contents)))
      let member = try #require(zip["pytorch_model/.data/serialization_id"])
      return try zip.bytes(of: member, most: 100)
    }
    let first = try identity()
    #expect(first.count == 40)
    #expect(first.allSatisfy { (0x30...0x39).contains($0) })
    contents[2][0] ^= 1
    #expect(try identity() != first)
  }

  @Test func `numbers of every length are pickled`() throws {
    let counts = [0, 255, 256, 65_535, 65_536, 1 << 31, 5 << 31]
    let tensors = counts.map {
      TensorDescription(name: "\($0)", type: .int8, shape: Shape([$0, 1, 1, 1]))
    }
    let layout = try PyTorchLayout(tensors, path: "out.bin")
    let scratch = try Scratch()
    let file = try AtomicFile(scratch.folder.appending("out.bin"), replacing: false)
    try file.reserve(layout.byteCount)
    try layout.finish(WrittenTensors(counts.map { _ in .none }), to: file)
    #expect(try PyTorchArchive(file.readablePath).tensors == tensors)
    #expect(layout.ranges.allSatisfy { $0.lowerBound % 64 == 0 })
  }

  @Test func `what cannot be written is refused`() throws {
    let tensor = TensorDescription(name: "w", type: .float32, shape: Shape([2]))
    for aliases in [[("w", "w")], [("v", "u")], [("v", "w"), ("v", "w")]] {
      let aliases = aliases.map { (name: $0.0, tensor: $0.1) }
      #expect(
        failure { try PyTorchLayout([tensor], aliases: aliases, path: "out.bin") }.contains(
          "is no tensor, or its further name is another's in tensor '\(aliases[0].name)'"))
    }
    let unsigned = TensorDescription(name: "w", type: .uint32, shape: Shape([2]))
    #expect(
      failure { try PyTorchLayout([unsigned], path: "out.bin") }
        == "out.bin: PyTorch has no word for uint32 elements in tensor 'w'; "
        + "choose another element type, or leave the tensor out")
    #expect(
      failure { try PyTorchLayout(Assortment.huge, path: "out.bin") }.hasPrefix(
        "out.bin: the size of the file is"))
  }
}

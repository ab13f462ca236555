import AlbertArchives
import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct MessagePackArchiveTests {
  /// A model of transformers' Flax classes: the weights that NumPy holds under other names, kernels
  /// transposed.
  @Test func readsAModel() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("msgpack/flax_model.msgpack"))
    #expect(archive.format == "msgpack")
    let names = try Truth.document("msgpack/names.json")
    #expect(Set(archive.tensors.map(\.name)) == Set(names.members?.map(\.key) ?? []))
    let truth = try Truth.tinyA()
    for tensor in archive.tensors {
      let entry = try #require(names[tensor.name])
      var bytes = try archive.bytes(of: tensor)
      if entry["transposed"]?.bool == true {
        let d = tensor.shape.dimensions
        bytes = transpose(bytes, rows: d[0], columns: d[1], elementSize: 4)
      }
      var hasher = SHAHasher(.sha256)
      unsafe hasher.update(bytes.span.bytes)
      #expect(hasher.digest() == truth[entry["hf"]?.string ?? ""], "\(tensor.name)")
    }
    try archive.finish()
  }

  /// Files that Flax wrote, against what it restores from them.
  @Test(arguments: ["every-type", "chunked", "sharded"]) func readsWhatFlaxWrote(_ name: String)
    throws
  {
    let path = Fixture.path("msgpack/\(name)" + (name == "sharded" ? "" : ".msgpack"))
    let archive = try ArchiveRegistry.open(path)
    let truth = try Truth.document("msgpack/\(name).json")
    #expect(Set(archive.tensors.map(\.name)) == Set(truth.members?.map(\.key) ?? []))
    for tensor in archive.tensors {
      let expected = try #require(truth[tensor.name])
      #expect(tensor.shape.dimensions == expected["shape"]?.elements?.compactMap(\.integer))
      if expected["dtype"]?.string == "complex128" {
        #expect(
          failure { try archive.sha256(of: tensor.name) }.hasSuffix(
            "the element type 'complex128' is not supported in tensor '\(tensor.name)'; "
              + "save the parameter again as float32, float16 or bfloat16"))
      } else {
        #expect(tensor.type.name == expected["dtype"]?.string)
        #expect(try archive.sha256(of: tensor.name) == expected["sha256"]?.string, "\(tensor.name)")
      }
    }
    try archive.finish()
  }

  @Test func keepsNumbersAndTextsApart() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("msgpack/every-type.msgpack"))
    #expect(
      archive.metadata == [
        "step": "7", "neg": "-70000", "big": "9223372036854775813", "rate": "0.5", "name": "adam",
        "none": "null", "flag": "true", "list/1": "3",
      ])
  }

  @Test(arguments: ["flax_model.msgpack.index.json", "flax_model-00002-of-00002.msgpack"])
  func opensAllShards(_ name: String) throws {
    let archive = try ArchiveRegistry.open(Fixture.path("msgpack/sharded/\(name)"))
    #expect(archive.files.count == 3)
    #expect(archive.files[0].name == name)
    #expect(archive.tensors.count == 4)
    #expect(archive.notes.isEmpty)
    try archive.readAll()
  }

  @Test func noticesAShardWithoutItsIndex() throws {
    let name = "flax_model-00001-of-00002.msgpack"
    let scratch = try Scratch()
    let path = try scratch.write(Fixture.bytes("msgpack/sharded/\(name)"), name)
    let archive = try ArchiveRegistry.open(path)
    #expect(archive.notes.map(\.code) == ["shard-alone"])
    #expect(archive.metadata == [:])
  }
}

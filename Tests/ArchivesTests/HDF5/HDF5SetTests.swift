import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Models in several files, and files within files.
@Suite struct HDF5SetTests {
  private func shards(_ folder: String, _ names: [String]) throws -> [String: HDF5Fixture.Content] {
    var result: [String: HDF5Fixture.Content] = [:]
    for name in names { result.merge(try HDF5Fixture.truth("\(folder)/\(name)")) { a, _ in a } }
    return result
  }

  @Test(arguments: ["", "/tf_model.h5.index.json", "/tf_model-00003-of-00005.h5"])
  func transformersShardsAreOneModel(_ part: String) throws {
    let archive = try HDF5Fixture.open("transformers-sharded" + part)
    let names = (1...5).map { "tf_model-0000\($0)-of-00005.h5" }
    #expect(archive.format == "hdf5")
    #expect(archive.files.first?.name == "tf_model.h5.index.json")
    #expect(Set(archive.files.dropFirst().map(\.name)) == Set(names))
    #expect(try archive.contents() == shards("transformers-sharded", names))
    #expect(archive.tensors.count == 33)
    #expect(archive.attributes[""]?["layer_names"]?.count == 33)
  }

  @Test(arguments: ["", "/backbone.weights.json", "/backbone_00002.weights.h5"])
  func kerasShardsAreOneModel(_ part: String) throws {
    let archive = try HDF5Fixture.open("sharded" + part)
    let names = (0...4).map { "backbone_0000\($0).weights.h5" }
    #expect(try archive.contents() == shards("sharded", names))
    #expect(archive.tensors.count == 25)
    #expect(
      archive.attributes["layers/transformer_encoder/vars"] == ["name": ["group_0_inner_layer_0"]])
    #expect(archive.notes.isEmpty)
  }

  @Test func presetsKeepTheTaskApart() throws {
    for part in ["", "/model.weights.h5", "/task.weights.h5"] {
      let archive = try HDF5Fixture.open("preset" + part)
      var expected = try HDF5Fixture.truth("preset/model.weights.h5")
      for (name, content) in try HDF5Fixture.truth("preset/task.weights.h5") {
        expected["task/" + name] = content
      }
      #expect(try archive.contents() == expected)
      #expect(expected["layers/dense/vars/0"]?.type == "bfloat16")
      #expect(expected["task/layers/masked_lm_head/vars/0"] != nil)
      #expect(archive.attributes["layers/dense/vars"]?["name"] == ["embedding_projection"])
      #expect(archive.attributes["task/layers/masked_lm_head/vars"]?["name"] == ["mlm_head"])
    }
  }

  @Test func kerasArchivesAreRead() throws {
    let archive = try HDF5Fixture.open("backbone.keras")
    #expect(archive.format == "keras")
    #expect(archive.files.map(\.name) == ["backbone.keras"])
    #expect(try archive.contents() == HDF5Fixture.truth("backbone.keras"))
    #expect(archive.metadata["config.json"]?.contains("AlbertBackbone") == true)
    #expect(archive.metadata["metadata.json"]?.contains("keras_version") == true)
    #expect(archive.attributes["layers/dense_1/vars"]?["name"] == ["pooled_dense"])
  }

  @Test func aChangedByteInAKerasArchiveIsNoticed() throws {
    var bytes = try Fixture.bytes("hdf5/backbone.keras")
    let archive = try HDF5Fixture.open("backbone.keras")
    let tensor = try #require(archive.tensors.first)
    let content = try archive.bytes(of: tensor)
    let start = try #require(
      (0..<bytes.count - 16).first { Array(bytes[$0..<$0 + 16]) == Array(content[..<16]) })
    bytes[start] ^= 1
    let scratch = try Scratch()
    let path = try scratch.write(bytes, "backbone.keras")
    let damaged = try ArchiveRegistry.open(path, HDF5Fixture.options)
    #expect(
      failure { try damaged.readAll() }.contains(
        "the zip member 'model.weights.h5' does not match its checksum"))
  }

  @Test func aShardAloneIsSaidToBeOne() throws {
    let scratch = try Scratch()
    let name = "backbone_00002.weights.h5"
    let path = try scratch.write(try Fixture.bytes("hdf5/sharded/" + name), name)
    let archive = try ArchiveRegistry.open(path, HDF5Fixture.options)
    #expect(archive.tensors.count == 4)
    #expect(
      archive.notes.map(\.message) == [
        "backbone_00002.weights.h5 is one of several files, but backbone.weights.json, which lists "
          + "them, is not beside it: only this one was read"
      ])
  }

  @Test func aWrongIndexIsAnError() throws {
    let scratch = try Scratch()
    let single = try Fixture.bytes("hdf5/single.h5")
    try scratch.write(single, "a.weights.h5")
    func error(_ map: String) throws -> String {
      let path = try scratch.write(
        Array("{\"weight_map\": {\(map)}}".utf8), "model.weights.json")
      return failure { try ArchiveRegistry.open(path, HDF5Fixture.options) }
    }
    #expect(try error("\"/x\": \"a.weights.h5\"") == "no error")
    #expect(try error("\"scope/x\": [\"a.weights.h5\"]") == "no error")
    #expect(
      try error("\"/z\": \"a.weights.h5\"").contains(
        "'/z', which the index promises in a.weights.h5, is missing"))
    #expect(
      try error("\"/x\": \"b.weights.h5\"").contains(
        "'b.weights.h5', which holds a part of the weights, is missing"))
    #expect(
      try error("\"/x\": \"../a.weights.h5\"").contains("is not inside the model's own folder"))
    #expect(try error("\"/x\": [\"a.weights.h5\", 3]").contains("neither a file name nor a list"))
    try scratch.write(single, "b.weights.h5")
    #expect(
      try error("\"/x\": [\"a.weights.h5\", \"b.weights.h5\"]").contains(
        "it holds a dataset that another file of the model holds, too in tensor"))
  }
}

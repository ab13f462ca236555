import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// What HDF5 files hold, against what h5py reads from them.
@Suite struct HDF5ArchiveTests {
  /// The truth about several files, the names of the last one behind a prefix.
  private func truth(_ names: [String], prefix: String = "") throws -> [String: HDF5Fixture.Content]
  {
    var result: [String: HDF5Fixture.Content] = [:]
    for name in names {
      for (path, content) in try HDF5Fixture.truth(name) {
        result[(name == names.last ? prefix : "") + path] = content
      }
    }
    #expect(!result.isEmpty)
    return result
  }

  @Test(arguments: ["types-v108.h5", "types-v110.h5", "transformers/tf_model.h5", "old.h5"])
  func filesHoldWhatH5pyReads(_ name: String) throws {
    let archive = try HDF5Fixture.open(name)
    #expect(archive.format == "hdf5")
    #expect(archive.notes.isEmpty)
    #expect(try archive.contents() == truth([name]))
  }

  @Test func everyShapeAndStorageIsRead() throws {
    let archive = try HDF5Fixture.open("shapes.h5")
    var expected = try truth(["shapes.h5"])
    // h5py's walk shows a dataset of two names once, and one without a shape not at all.
    expected["scalar"] = expected["alias"]
    var found = try archive.contents()
    #expect(found.removeValue(forKey: "null")?.shape == [0])
    #expect(found == expected)
    #expect(expected["tall"]?.shape == [1_200_000])
  }

  @Test func tensorsComeInTheOrderOfTheirData() throws {
    let archive = try HDF5Fixture.open("transformers")
    #expect(archive.files.map(\.name) == ["tf_model.h5"])
    #expect(
      archive.tensors.first?.name
        == "albert/tf_albert_for_pre_training/albert/embeddings/word_embeddings/weight:0")
  }

  @Test func attributesOfEveryEncodingAreTexts() throws {
    let archive = try HDF5Fixture.open("attributes.h5")
    #expect(
      archive.attributes[""] == [
        "text": ["über"], "list": ["a", "", "ü"], "fixed": ["ab", "cde"], "none": [],
        "spaced": ["hi", "there"],
      ])
    #expect(archive.attributes["x"] == ["dtype": ["float32"]])
    #expect(archive.attributes["split"] == ["weight_names": (0..<75).map { "w\($0)" }])
    #expect(archive.metadata == ["text": "über"])
  }

  @Test func splitListsOfOldFilesAreWhole() throws {
    let archive = try HDF5Fixture.open("old.h5")
    let names = archive.attributes["albert"]?["weight_names"] ?? []
    #expect(names.count == 1400)
    #expect(names.last == "albert/some_rather_long_scope_name/layer_1399/kernel:0")
    #expect(archive.attributes["albert"]?.count == 1)
    #expect(archive.metadata["keras_version"] == "2.2.4-tf")
  }

  @Test func listsOfLayersAreGiven() throws {
    let archive = try HDF5Fixture.open("transformers")
    #expect(
      archive.attributes[""]?["layer_names"] == ["albert", "predictions", "sop_classifier"])
    #expect(archive.attributes["sop_classifier"]?["weight_names"]?.count == 2)
    #expect(archive.attributes["top_level_model_weights"]?["weight_names"] == [])
    #expect(archive.metadata["backend"] == "tensorflow")
  }

  @Test func linksAreNotFollowed() throws {
    let archive = try HDF5Fixture.open("links.h5")
    #expect(archive.tensors.map(\.name).sorted() == ["group/y", "x"])
    #expect(try archive.contents() == truth(["links.h5"]))
    #expect(
      archive.notes == [
        ArchiveNote(
          .warning, code: "links-skipped",
          message:
            "5 links in links.h5 were not followed: soft and external links, and second ones "
            + "to a group")
      ])
  }

  @Test func otherKindsAreListedAndNotRead() throws {
    let archive = try HDF5Fixture.open("kinds.h5")
    let readable = archive.tensors.filter { $0.type != .opaque }.map(\.name).sorted()
    #expect(readable == ["committed", "x"])
    #expect(archive.tensors.count == 11)
    #expect(
      failure { try archive.read("compound") { _ in } }.contains(
        "reading elements that are no numbers is not supported in tensor 'compound'"))
    #expect(
      failure { try archive.read("nothing") { _ in } }.contains("the tensor 'nothing' is missing"))
  }
}

import AlbertArchives
import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// Folders one level too high.
@Suite struct FolderDescentTests {
  private let scratch: Scratch
  private let weights: [UInt8]

  init() throws {
    scratch = try Scratch()
    weights = try Fixture.bytes("pytorch/hf-torch/pytorch_model.bin")
  }

  private func put(_ folder: String, _ name: String = "pytorch_model.bin") throws {
    try scratch.make(folder)
    try scratch.write(weights, "\(folder)/\(name)")
  }

  private func located() throws -> ArchiveRegistry.Located {
    try ArchiveRegistry.locate(scratch.folder)
  }

  @Test func theOnlyFolderWithACheckpointIsFollowed() throws {
    try put("0_Transformer")
    try scratch.make("1_Pooling")
    try scratch.write(Array("{}".utf8), "1_Pooling/config.json")
    try scratch.write(Array("{}".utf8), "config.json")
    #expect(try located().path == scratch.folder.pushing("0_Transformer/pytorch_model.bin"))
    #expect(try located().place == "the only folder with a checkpoint in it, '0_Transformer'")
  }

  /// The remedy is followed.
  @Test func severalAreNamed() throws {
    try put("checkpoint-500")
    try put("checkpoint-1000")
    #expect(
      failure { try located() }
        == "\(scratch.folder): more than one folder with a checkpoint in it fits: checkpoint-1000, "
        + "checkpoint-500; name one of them, such as \(scratch.folder)/checkpoint-1000")
    try ArchiveRegistry.open(scratch.folder.appending("checkpoint-1000")).readAll()
  }

  @Test func theListOfModulesSaysWhichIsTheTransformer() throws {
    try put("0_Transformer")
    try put("2_Dense")
    let list = """
      [{"idx": 0, "path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
       {"idx": 2, "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
      """
    try scratch.write(Array(list.utf8), "modules.json")
    #expect(try located().path == scratch.folder.pushing("0_Transformer/pytorch_model.bin"))
  }

  @Test func aPointerBelowIsTold() throws {
    try scratch.make("model")
    try scratch.write(UnusableContentTests.contents[0].bytes, "model/model.safetensors")
    #expect(
      failure { try located() }.hasPrefix(
        "\(scratch.folder)/model/model.safetensors: this is a Git LFS pointer"))
  }

  /// A link might lead to the user's own files.
  @Test func linksAreNotFollowed() throws {
    let other = try Scratch()
    try other.write(weights, "pytorch_model.bin")
    try scratch.link("model", to: other.folder)
    #expect(failure { try located() }.contains("a checkpoint in this folder is missing"))
  }

  private func cache(_ revisions: [String], main: String?) throws {
    let model = "models--albert--tiny"
    try scratch.make("\(model)/blobs")
    try scratch.make("\(model)/refs")
    try scratch.write(weights, "\(model)/blobs/0123")
    for revision in revisions {
      try scratch.make("\(model)/snapshots/\(revision)")
      try scratch.link(
        "\(model)/snapshots/\(revision)/pytorch_model.bin", to: "../../blobs/0123")
    }
    if let main { try scratch.write(Array(main.utf8), "\(model)/refs/main") }
  }

  private var model: FilePath { scratch.folder.appending("models--albert--tiny") }

  @Test(arguments: ["b2", "b2\n"]) func theCacheIsFollowedToItsMainRevision(_ main: String) throws {
    try cache(["a1", "b2", "c3"], main: main)
    let located = try ArchiveRegistry.locate(model)
    #expect(located.path == model.pushing("snapshots/b2/pytorch_model.bin"))
    #expect(located.place == "the snapshot 'b2' of the Hub's cache")
    try located.open().readAll()
    // The cache as a whole, with only this model in it.
    #expect(try self.located().path == located.path)
  }

  @Test func aCacheThatNamesNoSnapshotIsTold() throws {
    try cache(["a1"], main: nil)
    #expect(
      try ArchiveRegistry.locate(model).path == model.pushing("snapshots/a1/pytorch_model.bin"))
    try cache(["b2"], main: nil)
    #expect(
      failure { try ArchiveRegistry.locate(model) }.contains(
        "more than one snapshot fits: a1, b2; name one of them, such as \(model)/snapshots/a1"))
    try scratch.write(Array("../../..".utf8), "models--albert--tiny/refs/main")
    #expect(failure { try ArchiveRegistry.locate(model) }.contains("more than one snapshot fits"))
    try scratch.write(Array("d4".utf8), "models--albert--tiny/refs/main")
    #expect(
      failure { try ArchiveRegistry.locate(model) }.hasSuffix(
        "the snapshot 'd4', which refs/main names, is missing; run 'hf download albert/tiny'"))
  }
}

import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// The ways in which people name a TensorFlow checkpoint.
@Suite struct TensorFlowPathTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A small checkpoint in the scratch folder, under any name.
  private func put(_ prefix: String) throws {
    for ending in [".index", ".data-00000-of-00001"] {
      try scratch.write(Fixture.bytes("tensorflow/slices/model\(ending)"), prefix + ending)
    }
  }

  private func state(_ text: String) throws -> FilePath {
    try scratch.write(Array(text.utf8), "checkpoint")
  }

  @Test(arguments: [
    "", "model.ckpt-7", "model.ckpt-7.index", "model.ckpt-7.data-00000-of-00002",
    "model.ckpt-7.data-00001-of-00002", "checkpoint",
  ]) func everyNameOpensTheWhole(_ name: String) throws {
    let folder = "tensorflow/tf1-partitioned-sharded"
    let path = Fixture.path(name.isEmpty ? folder : "\(folder)/\(name)")
    let archive = try ArchiveRegistry.open(path)
    #expect(archive.tensors.count == 33)
    #expect(archive.notes.isEmpty)
    let first = name.isEmpty || name == "model.ckpt-7" ? "model.ckpt-7.index" : name
    #expect(archive.files.map(\.name).first == first)
    #expect(Set(archive.files.map(\.name)).count == (name == "checkpoint" ? 4 : 3))
    try archive.readAll()
  }

  @Test(arguments: [
    "", "/saved_model.pb", "/variables", "/variables/variables", "/variables/variables.index",
    "/variables/variables.data-00000-of-00001",
  ]) func everyNameOpensASavedModel(_ name: String) throws {
    let archive = try ArchiveRegistry.open(Fixture.path("tensorflow/saved-model" + name))
    #expect(archive.format == "saved-model")
    #expect(archive.tensors.count == 3)
    try archive.readAll()
  }

  /// `.meta` says nothing by itself, so its neighbours say what it is.
  @Test func aGraphFileStandsForItsCheckpoint() throws {
    try put("a.b.ckpt")
    let path = try scratch.write([10, 0], "a.b.ckpt.meta")
    let archive = try ArchiveRegistry.open(path)
    #expect(
      archive.files.map(\.name)
        == ["a.b.ckpt.meta", "a.b.ckpt.index", "a.b.ckpt.data-00000-of-00001"])
    let alone = try scratch.write([10, 0], "other.meta")
    #expect(
      failure { try ArchiveRegistry.open(alone) }.contains("which holds no weights; copy the"))
  }

  @Test(arguments: ["dots.in.it-1.5", "plain", "model.ckpt-best", "x.data-00000-of-00001.y"])
  func aPrefixMayHoldDots(_ prefix: String) throws {
    try put(prefix)
    #expect(try ArchiveRegistry.open(scratch.folder.appending(prefix)).tensors.count == 4)
    #expect(
      try ArchiveRegistry.open(scratch.folder.appending(prefix + ".data-00000-of-00001"))
        .tensors.count == 4)
  }

  @Test func versionsOfASavedModelStandForTheOnlyOne() throws {
    let folder = scratch.folder
    try scratch.make("versions/12/variables")
    for name in [
      "saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001",
    ] {
      try scratch.write(Fixture.bytes("tensorflow/saved-model/\(name)"), "versions/12/\(name)")
    }
    let archive = try ArchiveRegistry.open(folder.appending("versions"))
    #expect(archive.format == "saved-model")
    try scratch.make("versions/13")
    try scratch.write([0x08, 1], "versions/13/saved_model.pb")
    #expect(
      failure { try ArchiveRegistry.open(folder.appending("versions")) }.contains(
        "more than one folder with a checkpoint in it fits: 12, 13; name one of them"))
    #expect(
      failure { try ArchiveRegistry.open(folder.pushing("versions/13")) }.hasSuffix(
        "versions/13/saved_model.pb: 'variables/variables.index', which holds the index of its "
          + "weights, is missing; copy the whole SavedModel folder; a graph alone holds no weights "
          + "to read"))
  }

  /// The state file holds paths of the machine that wrote it.
  @Test(arguments: [
    "model.ckpt-5", "/srv/gone/run 3/model.ckpt-5", "./model.ckpt-5", "../elsewhere/model.ckpt-5",
    "C:\\\\runs\\\\model.ckpt-5", "gs://bucket/run/model.ckpt-5",
  ]) func theStateFileNamesACheckpointBesideIt(_ named: String) throws {
    try put("model.ckpt-5")
    try put("model.ckpt-4")
    let path = try state(
      """
      model_checkpoint_path: "\(named)"
      all_model_checkpoint_paths: "/srv/gone/model.ckpt-4"
      all_model_checkpoint_paths: "\(named)"
      all_model_checkpoint_timestamps: 1.5
      """)
    let archive = try ArchiveRegistry.open(path)
    #expect(
      archive.files.map(\.name)
        == ["checkpoint", "model.ckpt-5.index", "model.ckpt-5.data-00000-of-00001"])
  }

  @Test func theStateFileMayNameASubfolder() throws {
    try scratch.make("run")
    try put("run/model")
    let path = try state("model_checkpoint_path: 'run/model'\n")
    #expect(try ArchiveRegistry.open(path).tensors.count == 4)
  }

  @Test func aStateFileWithoutItsCheckpointSaysWhatIsThere() throws {
    try put("model.ckpt-4")
    let path = try state(
      """
      model_checkpoint_path: "/gone/model.ckpt-5"
      all_model_checkpoint_paths: "/gone/model.ckpt-4"
      """)
    #expect(
      failure { try ArchiveRegistry.open(path) }.hasSuffix(
        "checkpoint: the checkpoint 'model.ckpt-5' that it names is missing; "
          + "put its files there, or name one that is there: model.ckpt-4"))
    let none = try state("model_checkpoint_path: \"/gone/model.ckpt-5\"")
    #expect(
      failure { try ArchiveRegistry.open(none) }.hasSuffix(
        "put the checkpoint's files beside it, or name one of them"))
  }

  @Test func brokenStateFilesAreRefused() throws {
    func refusal(_ text: String) throws -> String {
      let path = try state(text)
      return failure { try ArchiveRegistry.open(path) }
    }
    #expect(try refusal("model_checkpoint_path: model").contains("states no path"))
    #expect(try refusal("model_checkpoint_path: \"model").contains("states no path"))
    #expect(try refusal("model_checkpoint_path: \"model\" 7").contains("states no path"))
    #expect(try refusal("model_checkpoint_path: \"\"").contains("states no path"))
    #expect(try refusal("model_checkpoint_path: \"a\\000b\"").contains("states no path"))
    #expect(try refusal("model_checkpoint_path: \"a\\q\"").contains("states no path"))
    #expect(
      try refusal("model_checkpoint_path: \"a\"\nmodel_checkpoint_path: \"b\"").contains(
        "model_checkpoint_path is stated twice"))
    #expect(try refusal("model_checkpoint_path: \"..\"").contains("that it names is missing"))
    try put("é")
    let escaped = try state("model_checkpoint_path: \"\\303\\251\"")
    #expect(try ArchiveRegistry.open(escaped).tensors.count == 4)
  }

  @Test func aMissingPartIsNamed() throws {
    try scratch.write(
      Fixture.bytes("tensorflow/tf1-partitioned-sharded/model.ckpt-7.index"), "model.ckpt-7.index")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.hasSuffix(
        "model.ckpt-7.index: 'model.ckpt-7.data-00000-of-00002', which holds data shard 1 of 2, "
          + "is missing; put that file beside it: the model is made of both"))
    let other = try Scratch()
    let shard = try other.write([1, 2, 3], "m.data-00000-of-00001")
    #expect(
      failure { try ArchiveRegistry.open(shard) }.contains(
        "m.index: the checkpoint's index file is missing; put all files of the checkpoint into"))
    #expect(
      failure { try ArchiveRegistry.open(other.folder.appending("m")) }.contains("is missing"))
    #expect(
      failure { try ArchiveRegistry.open(other.folder.appending("n")) }.contains("there is no such")
    )
  }

  @Test func severalCheckpointsInAFolderAreNamed() throws {
    try put("model.ckpt-4")
    try put("model.ckpt-5")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains(
        "more than one checkpoint in this folder fits: model.ckpt-4.index, model.ckpt-5.index"))
  }

  @Test func whatIsNoIndexIsToldApart() throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n"
    try scratch.write(Array(pointer.utf8), "m.index")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains("this is a Git LFS pointer"))
    let other = try Scratch()
    try other.write(Fixture.bytes("tensorflow/slices/model.index"), "m.index")
    try other.write(Array(pointer.utf8), "m.data-00000-of-00001")
    #expect(
      failure { try ArchiveRegistry.open(other.folder) }.contains(
        "m.data-00000-of-00001: this is a Git LFS pointer"))
  }

  /// A link that leads out of the folder would make a download read the user's own files.
  @Test func shardsStayInTheFolder() throws {
    let outside = try Scratch()
    let target = try outside.write(
      Fixture.bytes("tensorflow/slices/model.data-00000-of-00001"), "elsewhere")
    try scratch.write(Fixture.bytes("tensorflow/slices/model.index"), "m.index")
    try scratch.link("m.data-00000-of-00001", to: target)
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains(
        "which is not inside the model's own folder"))
  }
}

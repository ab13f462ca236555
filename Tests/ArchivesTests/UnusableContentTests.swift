import AlbertArchives
import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// What is no checkpoint is told by what it is, in a folder as for the file itself.
@Suite struct UnusableContentTests {
  /// Something in a checkpoint's place, and the words for it.
  struct Content: CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]
    let words: String

    init(_ text: String, _ words: String) {
      bytes = Array(text.utf8)
      self.words = words
    }

    init(_ bytes: [UInt8], _ words: String) {
      self.bytes = bytes
      self.words = words
    }

    var testDescription: String { words }
  }

  static let contents = [
    Content(
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a1b3c\nsize 47376696\n",
      "this is a Git LFS pointer, not the file it points to; run 'git lfs pull' in the repository, or "
        + "download the file itself"),
    Content(
      "<!DOCTYPE html><html><head><title>429 Too Many Requests</title></head></html>",
      "this is an HTML page, not a checkpoint; download the file itself (on a model hub: the "
        + "'resolve' link, not 'blob')"),
    Content("\u{FEFF}\n<HTML lang='en'>", "this is an HTML page"),
    Content("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>", "this is an HTML page"),
    Content(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code></Error>",
      "this is an error page of a server (AccessDenied), not a checkpoint"),
    Content("<?xml version=\"1.0\"?><note/>", "this is XML text, not a checkpoint"),
    Content(
      "Entry not found",
      "this is text, not a checkpoint; it begins 'Entry not found'; if a server "
        + "answered so, download the file itself once it is there"),
    Content("404: Not Found\n", "this is text, not a checkpoint; it begins '404: Not Found'"),
    Content(
      "{\"error\": \"Repository not found\"}", "this is the error message of a server"),
    Content(
      [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3], "this is a gzip archive; unpack it with 'gunzip -c"),
    Content(Array("BZh91AY&SY".utf8), "this is a bzip2 archive; unpack it with 'bunzip2 -c"),
    Content(
      Array(repeating: 0, count: 5000),
      "its first 4096 bytes are all zero, as in a download that was broken off; download or copy it "
        + "again"),
    Content([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "this is a 7-Zip archive"),
    Content([], "the file is empty; download or copy it again"),
    Content(
      [0x1C, 0, 0, 0] + Array("ET12".utf8), "this is an ExecuTorch program, which is not read"),
    Content(
      [0x20, 0, 0, 0] + Array("ORTM".utf8),
      "this is a model in onnxruntime's own format, which is not read; name the "
        + ".onnx file that it was made from"),
    Content(Array("GGUF".utf8) + [3, 0, 0, 0], "this is a GGUF file, which is not read"),
    Content([0x12, 1, 0, 0, 0, 0, 0, 0, 0], "this is an MXNet parameter file, which is not read"),
    Content(
      "<?xml version=\"1.0\"?>\n<net name=\"x\" version=\"11\">", "this is an OpenVINO model (IR)"),
    Content(
      [0x0A, 40, 0x0A, 1, 0x61, 0x12, 24, 0x08, 2, 0x12, 7] + Array("Float32".utf8) + [
        0x1A, 8, 0, 0,
      ],
      "this is a MindSpore checkpoint, which is not read"),
  ]

  /// The usual names of all kinds of checkpoints.
  private static let names = [
    "model.safetensors", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "model.onnx",
    "weights.npz", "rust_model.ot", "model.weights.h5", "m.keras", "saved_model.pb", "last.ckpt",
    "model.safetensors-00001-of-00002",
  ]

  @Test(arguments: contents) func isToldForAFileAndInAFolder(_ content: Content) throws {
    // A SavedModel may begin with this byte as well, and is known by its name.
    let names = Self.names.filter { content.bytes.first != 0x12 || $0 != "saved_model.pb" }
    for name in names {
      let scratch = try Scratch()
      try scratch.write(Array("{\"model_type\": \"albert\"}".utf8), "config.json")
      let path = try scratch.write(content.bytes, name)
      let direct = failure { try ArchiveRegistry.open(path) }
      #expect(direct.contains("\(name): \(content.words)"), "\(direct)")
      #expect(failure { try ArchiveRegistry.open(scratch.folder) } == direct, "\(name)")
    }
  }

  @Test func aCloneWithoutItsFilesIsTold() throws {
    let scratch = try Scratch()
    for name in ["model.safetensors", "pytorch_model.bin", "spiece.model"] {
      try scratch.write(Self.contents[0].bytes, name)
    }
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.hasPrefix(
        "\(scratch.folder)/model.safetensors: this is a Git LFS pointer"))
  }

  /// One file was downloaded by hand into such a clone.
  @Test func aWholeCheckpointBesideAPointerIsRead() throws {
    let scratch = try Scratch()
    try scratch.write(Self.contents[0].bytes, "model.safetensors")
    try scratch.write(Fixture.bytes("pytorch/hf-torch/pytorch_model.bin"), "pytorch_model.bin")
    let located = try ArchiveRegistry.locate(scratch.folder)
    #expect(located.path.lastComponent == "pytorch_model.bin")
    #expect(located.passedOver == ["model.safetensors"])
    try located.open().readAll()
  }

  @Test func aShardThatIsAPointerIsTold() throws {
    let scratch = try Scratch()
    for name in ["pytorch_model.bin.index.json"]
      + (1...5).map({ "pytorch_model-0000\($0)-of-00005.bin" })
    {
      let bytes = try Fixture.bytes("pytorch/sharded/\(name)")
      try scratch.write(name.contains("00003-of") ? Self.contents[0].bytes : bytes, name)
    }
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains(
        "pytorch_model-00003-of-00005.bin: this is a Git LFS pointer"))
  }

  /// A tokenizer's list of pieces is text by right.
  @Test func aVocabularyIsNotInACheckpointsPlace() throws {
    let scratch = try Scratch()
    try scratch.write(Array("{}".utf8), "config.json")
    try scratch.write(Array("<pad>\t0\n<unk>\t0\n".utf8), "spiece.vocab")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains(
        "a checkpoint in this folder, which holds a config ('config.json') but no weights, is missing"
      ))
  }

  /// Damage is no other kind of file.
  @Test func aDamagedCheckpointStaysOne() throws {
    let scratch = try Scratch()
    try scratch.write([9, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\": 1".utf8), "model.safetensors")
    #expect(!failure { try ArchiveRegistry.open(scratch.folder) }.contains("this is"))
  }

  @Test(arguments: [
    ("folder.zip", "it holds 'albert_tiny/pytorch_model.bin'", "/albert_tiny"),
    ("google.zip", "it holds 'albert_tiny_zh/model.ckpt-best.index'", "/albert_tiny_zh"),
    ("flat.zip", "it holds 'model.safetensors'", ""), ("other.zip", "it holds 'photo.jpg'", ""),
  ]) func aZipArchiveSaysWhatItHolds(
    _ fixture: String, _ content: String, _ below: String
  ) throws {
    for (name, target) in [
      ("download.zip", "download"), ("pytorch_model.bin", "pytorch_model.bin-unpacked"),
      ("a b.zip", "a b"),
    ] {
      let scratch = try Scratch()
      let path = try scratch.write(Fixture.bytes("unusable/\(fixture)"), name)
      let direct = failure { try ArchiveRegistry.open(path) }
      let folder = scratch.folder.string
      func quoted(_ path: String) -> String { name.contains(" ") ? "\"\(path)\"" : path }
      #expect(
        direct.hasSuffix(
          "\(name): this is a zip archive; \(content); unpack it with 'unzip "
            + "\(quoted("\(folder)/\(name)")) -d \(quoted("\(folder)/\(target)"))' first and name "
            + quoted("\(folder)/\(target)\(below)")), "\(direct)")
      #expect(failure { try ArchiveRegistry.open(scratch.folder) } == direct)
    }
    let cut = try Scratch()
    let path = try cut.write(Fixture.bytes("unusable/\(fixture)").dropLast(30), "cut.zip")
    #expect(
      failure { try ArchiveRegistry.open(path) }.contains(
        "this is a zip archive that is damaged or ends early; download it again"))
  }

  /// The members of an archive that PyTorch's AOTInductor wrote, without their content, and what PyTorch 2.13 left of
  /// a model with a function that cannot be pickled.
  @Test(arguments: [
    (
      "aotinductor.zip", "model.pt2",
      "this is a program that PyTorch compiled (AOTInductor), which is not read; name the "
        + "checkpoint that it was made from"
    ),
    (
      "failed-save.zip", "pytorch_model.bin",
      "this is what torch.save leaves where pickling the model failed: it holds no "
        + "model; save the model's state_dict() instead, and name that"
    ),
  ])
  func whatHoldsNoModelIsNotToBeUnpacked(fixture: String, name: String, message: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(Fixture.bytes("unusable/\(fixture)"), name)
    #expect(failure { try ArchiveRegistry.open(path) }.hasSuffix("\(name): \(message)"))
  }

  /// What a gzip file holds says how to unpack it, whatever its name says.
  @Test(arguments: [
    ("tar.gz", "pytorch_model.bin", "'mkdir -p D/pytorch_model.bin-unpacked && tar xzf"),
    (
      "single.gz", "pytorch_model.bin",
      "'gunzip -c D/pytorch_model.bin > D/pytorch_model.bin-unpacked'"
    ),
    ("single.gz", "model.tar.gz", "'gunzip -k D/model.tar.gz' first and name D/model.tar"),
    ("tar.gz", "model.gz", "'mkdir -p D/model && tar xzf D/model.gz -C D/model'"),
  ]) func gzipIsTakenByItsContent(_ fixture: String, _ name: String, _ words: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(Fixture.bytes("unusable/\(fixture)"), name)
    let message = failure { try ArchiveRegistry.open(path) }
    #expect(message.contains(words.replacing("D/", with: "\(scratch.folder)/")), "\(message)")
    #expect(failure { try ArchiveRegistry.open(scratch.folder) } == message)
  }

  /// The data of an ONNX model, and the graphs of other runtimes in JSON, named directly.
  @Test func partsOfOtherModelsAreNamed() throws {
    let scratch = try Scratch()
    for (name, text, words) in [
      ("model.onnx.data", "\u{1}\u{2}", "this is the data of an ONNX model"),
      (
        "model-symbol.json", "{\"nodes\": [{\"op\": \"null\"", "this is the graph of an MXNet model"
      ),
      ("net.param", "7767517\n75 83\n", "this is an ncnn model, which is not read"),
    ] {
      let path = try scratch.write(Array(text.utf8), name)
      let message = failure { try ArchiveRegistry.open(path) }
      #expect(message.contains(words), "\(message)")
    }
  }

  /// The folder is made beside the archive, under a name that is free.
  @Test func anArchiveOfOneFileIsUnpackedAsOne() throws {
    let scratch = try Scratch()
    let gzip: [UInt8] = [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3]
    try scratch.write([1], "taken")
    let f = scratch.folder.string
    for (name, words) in [
      ("model.bin.gz", "'gunzip -k \(f)/model.bin.gz' first and name \(f)/model.bin"),
      (
        "albert_base_v2.tar.gz",
        "'mkdir -p \(f)/albert_base_v2 && tar xzf \(f)/albert_base_v2.tar.gz -C \(f)/albert_base_v2' "
          + "first and name \(f)/albert_base_v2"
      ),
      (
        "albert.tgz",
        "'mkdir -p \(f)/albert && tar xzf \(f)/albert.tgz -C \(f)/albert' first and name \(f)/albert"
      ),
      (
        "taken.tgz",
        "'mkdir -p \(f)/taken-unpacked && tar xzf \(f)/taken.tgz -C \(f)/taken-unpacked' first and "
          + "name \(f)/taken-unpacked"
      ),
    ] {
      let path = try scratch.write(gzip, name)
      let message = failure { try ArchiveRegistry.open(path) }
      #expect(message.hasSuffix(words), "\(message)")
    }
  }

  /// Python's own ways to keep a dictionary, written by PyTorch 2.13 and NumPy 2.4.
  @Test(arguments: [
    (
      "bytes-keys.pt",
      "the pickle names none of its tensors by text, but by bytes; save it again in PyTorch: "
        + "torch.save({k.decode(): v for k, v in w.items()}, 'weights.pt'), where w is what torch.load gives"
    ),
    (
      "dictionary.npy",
      "the file holds no array, but an object that numpy.save pickled; load it with "
        + "numpy.load(allow_pickle=True).item(), if you trust it, and save the dictionary of its arrays "
        + "with numpy.savez('weights.npz', **arrays)"
    ),
  ]) func objectsOfPythonsAreNamed(_ fixture: String, _ message: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(Fixture.bytes("unusable/\(fixture)"), fixture)
    #expect(failure { try ArchiveRegistry.open(path) }.hasSuffix(message))
  }
}

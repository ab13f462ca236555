import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Checkpoints of distributed training, which keep a model in parts.
@Suite struct TrainingPartsTests {
  private static let two = Fixtures.folder.pushing("found/dcp-two-ranks")

  /// The parts of two ranks beside each other, and an optimizer's that stay behind.
  @Test(arguments: [".metadata", "__0_0.distcp", "__1_0.distcp"])
  func anyFileStandsForTheWhole(_ name: String) throws {
    let inspection = try Inspection.open(Self.two.appending(name), Fixtures.options())
    #expect(inspection.isUsable)
    #expect(inspection.format == "pytorch-distributed")
    #expect(inspection.archive.files.map(\.name).first == name)
    #expect(inspection.archive.files.count == 3)
    #expect(inspection.tensors { $0 == .training }.count == 1)
    try inspection.archive.finish()
  }

  /// A copy of the checkpoint, changed.
  private func copy(
    without: String? = nil, _ change: (String, inout [UInt8]) -> Void = { _, _ in }
  ) throws -> Scratch {
    let scratch = try Scratch()
    for name in [".metadata", "__0_0.distcp", "__1_0.distcp", "config.json"] where name != without {
      let file = try SourceFile(Self.two.appending(name))
      var bytes = try file.bytes(at: 0, count: file.size)
      change(name, &bytes)
      try scratch.write(name, bytes)
    }
    return scratch
  }

  @Test func aMissingPartIsNamed() throws {
    let parts = try copy(without: "__1_0.distcp")
    #expect(
      failure { try Inspection.open(parts.folder, Fixtures.options()) }.contains(
        "'__1_0.distcp', which holds a part of the tensors, is missing"))
    let metadata = try copy(without: ".metadata")
    #expect(
      failure {
        try Inspection.open(metadata.folder.appending("__0_0.distcp"), Fixtures.options())
      }.hasSuffix(
        "'.metadata', which says which tensors lie in this file, is missing; copy it into the same "
          + "folder; names that begin with a dot are easily left behind"))
  }

  /// One flipped bit anywhere in a part is found, whether or not somebody reads that part.
  @Test(arguments: [2_000, 20_000, 40_000]) func damageIsFound(_ offset: Int) throws {
    let scratch = try copy { name, bytes in
      if name == "__0_0.distcp", offset < bytes.count { bytes[offset] ^= 1 }
    }
    #expect(throws: FileError.self) {
      let inspection = try Inspection.open(scratch.folder, Fixtures.options())
      for tensor in inspection.archive.tensors { _ = try inspection.archive.bytes(of: tensor) }
      try inspection.archive.finish()
    }
  }

  /// Whatever the metadata says, reading ends, in an error or with the tensors.
  @Test func damagedMetadataEnds() throws {
    let file = try SourceFile(Self.two.appending(".metadata"))
    let whole = try file.bytes(at: 0, count: file.size)
    for offset in stride(from: 0, to: whole.count, by: 97) {
      let scratch = try copy { name, bytes in
        if name == ".metadata" { bytes[offset] ^= 0x11 }
      }
      do throws(FileError) {
        let inspection = try Inspection.open(
          scratch.folder.appending(".metadata"), Fixtures.options())
        for tensor in inspection.archive.tensors where tensor.type != .opaque {
          _ = try inspection.archive.bytes(of: tensor)
        }
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }

  /// What a training loop or FARM leaves beside a model is none.
  @Test func companionsAreNoModels() throws {
    let scratch = try Scratch()
    let model = try SourceFile(
      Fixtures.folder.pushing("found/peft-unmerged-mlm/pytorch_model.bin"))
    let bytes = try model.bytes(at: 0, count: model.size)
    for name in ["best_model.pt", "optimizer.pt", "scheduler.pt", "prediction_head_0.bin"] {
      try scratch.write(name, bytes)
    }
    let inspection = try Inspection.open(scratch.folder, Fixtures.options())
    #expect(inspection.archive.files.map(\.name) == ["best_model.pt"])
    #expect(
      inspection.findings.first { $0.code == "passed-over" }?.message
        == "read best_model.pt; passed over optimizer.pt, prediction_head_0.bin, scheduler.pt")
  }

  /// transformers takes a whole file before parts, and safetensors before pickles.
  @Test func aFileThatTransformersLoadsInsteadIsNamed() throws {
    let scratch = try Scratch()
    let shards = Fixtures.folder.pushing("found/sharded-no-index")
    let names = try Folder.names(in: shards).filter { $0.string.hasSuffix(".safetensors") }
    var map: [String] = []
    for name in names {
      let file = try SourceFile(shards.appending(name))
      try scratch.write(name.string, file.bytes(at: 0, count: file.size))
      let tensors = try SafetensorsHeader(file).entries.map(\.tensor.name)
      map += tensors.map { "\"\($0)\": \"\(name.string)\"" }
    }
    try scratch.write(
      "model.safetensors.index.json",
      Array("{\"metadata\": {}, \"weight_map\": {\(map.joined(separator: ", "))}}".utf8))
    func doubts() throws -> [String] {
      try Inspection.open(scratch.folder, Fixtures.options()).findings
        .filter { $0.code == "other-file-loaded" }.map(\.sentence)
    }
    try scratch.write("pytorch_model.bin", [0])
    #expect(try doubts().isEmpty)
    try scratch.write("model.safetensors", [0])
    #expect(
      try doubts() == [
        "transformers loads model.safetensors from this folder, which was passed over; the two may differ; "
          + "name model.safetensors itself to read what transformers loads, and delete the file that is "
          + "stale"
      ])
  }

  /// A file that was renamed, or that its library gave another format's ending, is what it holds.
  @Test(arguments: [
    "model.keras", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "a.pt",
  ])
  func inAFolderTooTheContentSaysTheFormat(_ name: String) throws {
    let scratch = try Scratch()
    let path = Fixtures.folder.pushing("one/hf-safetensors/model.safetensors")
    let file = try SourceFile(path)
    try scratch.write(name, try file.bytes(at: 0, count: file.size))
    let located = try ArchiveRegistry.locate(scratch.folder)
    #expect(located.path.lastComponent?.string == name)
    #expect(located.format.name == "safetensors")
  }

  /// Repositories of the Hub hold the same model in shards of several formats, of which transformers loads
  /// safetensors.
  @Test func ofIndexesOfSeveralFormatsSafetensorsCounts() throws {
    let scratch = try Scratch()
    let indexes = [
      "model.weights.json", "flax_model.msgpack.index.json", "tf_model.h5.index.json",
      "pytorch_model.bin.index.json", "model.safetensors.index.json",
    ]
    for (place, name) in indexes.enumerated() {
      try scratch.write(name, Array("{\"weight_map\": {}}".utf8))
      let located = try ArchiveRegistry.locate(scratch.folder)
      #expect(located.path.lastComponent?.string == name)
      #expect(located.passedOver == indexes[..<place].reversed())
    }
  }

  /// AdapterHub saves a head beside its adapter, whose own error is then the folder's.
  @Test(arguments: [
    ("pytorch_adapter.bin", "pytorch_model_head.bin"),
    ("adapter.safetensors", "model_head.safetensors"),
  ]) func aHeadBesideAnAdapterIsNoModel(_ adapter: String, _ head: String) throws {
    let scratch = try Scratch()
    let names = [adapter: "albert.pooler.loras.x.lora_A", head: "heads.x.1.weight"]
    if adapter.hasSuffix("bin") {
      let model = try SourceFile(Fixtures.folder.pushing("adapters/torch-file/adapter_model.bin"))
      for name in names.keys { try scratch.write(name, try model.bytes(at: 0, count: model.size)) }
      let located = try ArchiveRegistry.locate(scratch.folder)
      #expect(located.path.lastComponent?.string == adapter)
      return
    }
    for (name, tensor) in names {
      try scratch.writeSafetensors(
        [TensorDescription(name: tensor, type: .float32, shape: Shape([2, 2]))], name: name)
    }
    let error = failure { try Inspection.open(scratch.folder, Fixtures.options()) }
    #expect(
      error.contains("this is an adapter of AdapterHub, whose scale and way of merging"), "\(error)"
    )
  }

  @Test func prunedHeadsAreNamed() throws {
    let scratch = try Scratch()
    try scratch.writeSafetensors(Synthetic.tensors())
    try scratch.write(
      "config.json",
      text: Synthetic.configText.replacing(
        #""model_type": "albert""#, with: #""model_type": "albert", "pruned_heads": {"1": [0]}"#))
    let inspection = try Inspection.open(scratch.folder, Fixtures.options())
    #expect(
      inspection.refusal?.description.contains(
        "the config says that heads were pruned (pruned_heads, in layers 1): the attention has fewer "
          + "of them than the sizes say, which is not read") == true)
    #expect(inspection.refusal?.remedy == "name the model as it was before prune_heads")
  }

  private static let remedy =
    "merge the parts with the script that DeepSpeed puts beside its checkpoint, python "
    + "zero_to_fp32.py FOLDER OUTPUT, and convert what it writes"

  @Test func emptyTensorsAreDeepSpeeds() throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors(
      ["weight", "bias"].map {
        TensorDescription(name: "albert.pooler.\($0)", type: .float32, shape: Shape([0]))
      })
    #expect(
      failure { try Inspection.open(path, Fixtures.options()) }.hasSuffix(
        "2 of 2 tensors are empty, such as 'albert.pooler.weight': DeepSpeed's ZeRO-3 keeps the "
          + "weights elsewhere, in parts; " + Self.remedy))
  }

  /// One list for a whole module, or pieces of its matrices: what FSDP's LOCAL_STATE_DICT leaves of a rank.
  @Test(arguments: [
    ([("_flat_param", [40])], "'_flat_param' [40]"),
    (
      [
        ("albert.pooler.weight", [9]), ("albert.pooler.bias", [4]),
        ("albert.embeddings.LayerNorm.weight", [0]),
      ], "'albert.pooler.weight' [9]"
    ),
    (
      [
        ("albert.pooler.weight", [9]), ("albert.pooler.bias", [0]),
        ("albert.LayerNorm.weight", [0]),
      ],
      "'albert.pooler.weight' [9]"
    ),
  ]) func piecesOfARankAreNamed(_ tensors: [(String, [Int])], _ words: String) throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors(
      tensors.map { TensorDescription(name: $0, type: .float32, shape: Shape($1)) })
    #expect(
      failure { try Inspection.open(path, Fixtures.options()) }.hasSuffix(
        "these are the pieces that PyTorch's FSDP cut a model into for its ranks, such as \(words); save "
          + "the model under StateDictType.FULL_STATE_DICT, or with torch.distributed.checkpoint under "
          + "SHARDED_STATE_DICT, and convert that"))
  }

  /// Biases and LayerNorms are whole where ZeRO-3 kept them.
  @Test func whatZeroKeptIsNoPiece() throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors(
      [
        ("albert.pooler.weight", [0]), ("albert.pooler.bias", [4]),
        ("albert.embeddings.word_embeddings.weight", [0]),
        ("albert.embeddings.LayerNorm.weight", [4]), ("albert.embeddings.LayerNorm.bias", [4]),
      ].map { TensorDescription(name: $0, type: .float32, shape: Shape($1)) })
    #expect(
      failure { try Inspection.open(path, Fixtures.options()) }.contains(
        "2 of 5 tensors are empty, such as 'albert.pooler.weight': DeepSpeed's ZeRO-3"))
  }

  /// Two files that torch.distributed.checkpoint wrote, one of each rank; what a rank alone wrote is whole.
  @Test func shardsOfRanksAreNamed() throws {
    let folder = PackageFiles.fixtures.appending("containers/safetensors/rank-shards")
    let name = "shard-00001-model-00001-of-00001.safetensors"
    let message =
      "\(name): this is what one of 2 ranks had of each tensor, written by torch.distributed.checkpoint "
      + "(HuggingFaceStorageWriter); save the checkpoint with enable_consolidation=True, or put its "
      + "parts together with PyTorch's consolidate_safetensors_files, and convert that"
    for path in [folder, folder.appending(name)] {
      #expect(failure { try Inspection.open(path, Fixtures.options()) }.hasSuffix(message))
    }
    let scratch = try Scratch()
    let file = try SourceFile(folder.appending(name))
    let alone = try scratch.write(name, file.bytes(at: 0, count: file.size))
    #expect(try ArchiveRegistry.open(alone).tensors.count == 2)
  }

  /// What PyTorch's older wrappers put into a weight's place.
  @Test(arguments: [("weight_g", "weight_norm"), ("weight_u", "spectral_norm")])
  func olderParametrizationsAreNamed(_ part: String, _ function: String) throws {
    let scratch = try Scratch()
    var tensors = Synthetic.tensors().filter { !$0.name.hasSuffix("attention.query.weight") }
    let stem = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query."
    tensors += ["weight_orig", part].map {
      TensorDescription(name: stem + $0, type: .float32, shape: Shape([4]))
    }
    try scratch.writeSafetensors(tensors)
    try scratch.write("config.json", text: Synthetic.configText)
    let error = failure { try LoadedModel(Inspection.open(scratch.folder, Fixtures.options())) }
    #expect(
      error.contains(
        "PyTorch computes a weight from these, by torch.nn.utils.\(function), each time"),
      "\(error)")
    #expect(error.contains("call torch.nn.utils.remove_\(function) on that layer"), "\(error)")
  }

  /// The script alone, or the parts of one rank, which PyTorch wrote.
  @Test(arguments: [
    ["zero_to_fp32.py"],
    [
      "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", "zero_pp_rank_0_mp_rank_00_model_states.pt",
    ],
    ["bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", "mp_rank_00_model_states.pt"],
  ]) func foldersOfDeepSpeedAreNamed(_ names: [String]) throws {
    let scratch = try Scratch()
    for name in names {
      try scratch.write(
        name,
        name.hasSuffix(".py")
          ? Array("#!/usr/bin/env python\n".utf8)
          : [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
    }
    let isWhole = names.contains("mp_rank_00_model_states.pt")
    let of = isWhole ? "of its optimizer " : ""
    let other =
      isWhole
      ? "; or name 'mp_rank_00_model_states.pt' itself, which holds the weights as they are "
        + "computed with" : ""
    #expect(
      failure { try Inspection.open(scratch.folder, Fixtures.options()) }.hasSuffix(
        "this is a checkpoint of DeepSpeed's ZeRO ('\(names[0])'), which keeps the weights \(of)in "
          + "parts without names; " + Self.remedy + other))
  }
}

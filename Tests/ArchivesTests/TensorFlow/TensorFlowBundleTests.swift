import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

@Suite struct TensorFlowBundleTests {
  /// Checkpoints that TensorFlow 1.15 and 2.15 wrote, against what TensorFlow reads back.
  @Test(arguments: [
    "tf1/model.ckpt-best", "tf1-partitioned-sharded/model.ckpt-7", "tf1-dtypes-all/model.ckpt-1",
    "tf215-dtypes-all/model.ckpt", "slices/model", "tf2-objects/ckpt-1",
    "saved-model/variables/variables", "v1/model.ckpt-3",
  ]) func readsWhatTensorFlowReads(_ name: String) throws {
    let truth = try #require(Truth.document("tensorflow/truth.json")[name]?.members)
    let archive = try ArchiveRegistry.open(Fixture.path("tensorflow/\(name)"))
    #expect(Set(archive.tensors.map(\.name)) == Set(truth.map(\.key)))
    #expect(archive.tensors.count == truth.count)
    for (name, expected) in truth.map({ ($0.key, $0.value) }) {
      let tensor = try #require(archive.tensors.first { $0.name == name })
      #expect(tensor.shape.dimensions == expected["shape"]?.elements?.compactMap(\.integer))
      if tensor.type == .opaque {
        #expect(Self.opaque.contains(expected["type"]?.string ?? ""), "\(name)")
        #expect(
          failure { try archive.sha256(of: name) }.contains(
            "reading a tensor that holds no numbers is not supported in tensor '\(name)'"))
      } else {
        #expect(tensor.type.name == expected["type"]?.string, "\(name)")
        #expect(try archive.sha256(of: name) == expected["sha256"]?.string, "\(name)")
      }
    }
    try archive.finish()
  }

  private static let opaque = [
    "string", "variant", "complex128", "int4", "uint4", "qint8", "quint8", "qint16", "quint16",
    "qint32",
  ]

  /// A partitioned variable is the same as the whole one, cut by rows or by columns.
  @Test func piecesGiveTheSameTensors() throws {
    let whole = try ArchiveRegistry.open(Fixture.path("tensorflow/tf1"))
    let cut = try ArchiveRegistry.open(Fixture.path("tensorflow/tf1-partitioned-sharded"))
    #expect(cut.files.count == 3)
    #expect(Set(whole.tensors) == Set(cut.tensors))
    for tensor in whole.tensors where tensor.name != "global_step" {
      #expect(try whole.sha256(of: tensor.name) == cut.sha256(of: tensor.name), "\(tensor.name)")
    }
    #expect(whole.format == "tensorflow-checkpoint")
    #expect(whole.aliases.isEmpty)
  }

  /// Shapes whose rows are longer than a window, so that runs are handed on in parts.
  @Test func widePiecesAreGatheredInWindows() throws {
    let columns = [300_000, 1, 200_000]
    let rows = 3
    let width = columns.reduce(0, +)
    let numbers = (0..<rows * width).map { UInt16(truncatingIfNeeded: $0 &* 40_503) }
    var data: [UInt8] = []
    var bundle = BundleBuilder()
    var slices: [UInt8] = []
    var start = 0
    for (index, count) in columns.enumerated() {
      let piece = (0..<rows).flatMap { row -> [UInt8] in
        let first = row * width + start
        return numbers[first..<first + count].flatMap(Wire.littleEndian)
      }
      let slice = TensorSlice(extents: [.init(), .init(start: start, length: count)])
      bundle.add(
        SliceKey.encode(Array("wide".utf8), slice),
        BundleBuilder.entry(
          type: 17, shape: [rows, count], offset: data.count, size: piece.count,
          crc: CRC32C.of(piece).masked))
      slices += Wire.bytes(7, BundleBuilder.slice([nil, (start, count)]))
      data += piece
      start += count
      #expect(index < 3)
    }
    bundle.add(
      "wide",
      Wire.number(1, 17) + Wire.bytes(2, BundleBuilder.shape([rows, width])) + slices)
    let scratch = try Scratch()
    try scratch.write(data, "m.data-00000-of-00001")
    let archive = try ArchiveRegistry.open(scratch.write(bundle.index(), "m.index"))
    var windows: [Int] = []
    var read: [UInt8] = []
    try archive.read("wide") { (window) throws(FileError) in
      windows.append(window.byteCount)
      unsafe window.withUnsafeBytes { unsafe read.append(contentsOf: $0) }
    }
    #expect(read == numbers.flatMap(Wire.littleEndian))
    #expect(windows.allSatisfy { $0 <= SourceFile.windowSize })
    #expect(windows.count == 3)
  }

  /// Tensors come in the order of their data, so that a file is read from front to back.
  @Test func tensorsComeInTheOrderOfTheirData() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("tensorflow/slices"))
    #expect(archive.tensors.map(\.name) == ["grid", "columns", "whole", "scalar"])
  }

  @Test func objectsAreKnownByTheirNames() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("tensorflow/tf2-objects"))
    let bundle = try #require(archive as? TensorFlowBundle)
    let kernel = "model/inner/kernel/.ATTRIBUTES/VARIABLE_VALUE"
    let slot = "model/inner/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE"
    let variables = try #require(bundle.objectGraph?.variables)
    #expect(variables[kernel]?.fullName == "kernel")
    #expect(variables[kernel]?.slot == nil)
    #expect(variables[slot]?.slot == "m")
    #expect(variables[slot]?.fullName == "Adam/kernel/m")
    #expect(variables["save_counter/.ATTRIBUTES/VARIABLE_VALUE"]?.slot == nil)
    #expect(variables.values.filter { $0.slot == "v" }.count == 2)
    #expect(archive.aliases[kernel] == "kernel")
    // The graph also names what is saved without a tensor of its own.
    #expect(variables["iterator/.ATTRIBUTES/ITERATOR"] != nil)
    #expect(Set(archive.aliases.keys).isSubset(of: archive.tensors.map(\.name)))

    let saved = try ArchiveRegistry.open(Fixture.path("tensorflow/saved-model"))
    #expect(saved.format == "saved-model")
    #expect(
      saved.aliases == [
        "variables/0/.ATTRIBUTES/VARIABLE_VALUE": "k/dense/kernel",
        "variables/1/.ATTRIBUTES/VARIABLE_VALUE": "k/dense/bias",
      ])
    let plain = try ArchiveRegistry.open(Fixture.path("tensorflow/slices"))
    #expect((plain as? TensorFlowBundle)?.objectGraph == nil)
  }

  @Test func anAbsentTensorIsNamed() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("tensorflow/slices"))
    #expect(failure { try archive.sha256(of: "x") }.contains("the tensor is missing in tensor 'x'"))
  }

  /// A source that changes while it is read is an error at the latest in `finish`.
  @Test func aChangeMeanwhileIsNoticed() throws {
    let scratch = try Scratch()
    for name in ["model.index", "model.data-00000-of-00001"] {
      try scratch.write(Fixture.bytes("tensorflow/slices/\(name)"), name)
    }
    let archive = try ArchiveRegistry.open(scratch.folder)
    for tensor in archive.tensors { _ = try archive.sha256(of: tensor.name) }
    try scratch.overwrite("model.index", [1])
    #expect(failure { try archive.finish() }.contains("changed while it was being read"))
  }
}

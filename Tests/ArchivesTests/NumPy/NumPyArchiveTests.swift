import AlbertArchives
import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct NumPyArchiveTests {
  /// A model's weights as `numpy.savez_compressed` writes them.
  @Test func readsAModel() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("numpy/weights-compressed.npz"))
    #expect(archive.format == "npz")
    let truth = try Truth.tinyA()
    #expect(Set(archive.tensors.map(\.name)) == Set(truth.keys))
    for tensor in archive.tensors {
      #expect(try archive.sha256(of: tensor.name) == truth[tensor.name], "\(tensor.name)")
    }
    try archive.finish()
  }

  /// Types, byte orders, axis orders: always the logical content comes out.
  @Test(arguments: ["every-type", "every-type-compressed"]) func readsEveryType(_ name: String)
    throws
  {
    let archive = try ArchiveRegistry.open(Fixture.path("numpy/\(name).npz"))
    let truth = try Truth.document("numpy/every-type.json")
    #expect(archive.tensors.map(\.name) == truth.members?.map(\.key))
    for tensor in archive.tensors {
      let expected = try #require(truth[tensor.name])
      #expect(tensor.type.name == expected["dtype"]?.string, "\(tensor.name)")
      #expect(tensor.shape.dimensions == expected["shape"]?.elements?.compactMap(\.integer))
      if tensor.type != .opaque {
        #expect(
          try archive.sha256(of: tensor.name) == expected["sha256"]?.string, "\(tensor.name)")
      }
    }
    #expect(
      archive.notes == [
        ArchiveNote(
          .warning, code: "unreadable-tensor",
          message:
            "cannot be read, being of the type '<V2', as NumPy stores bfloat16 without saying so: bf16",
          remedy: "save the array as float32, or all of them as safetensors, which names bfloat16 "
            + "(in MLX with mx.save_safetensors)", tensor: "bf16")
      ])
    try archive.finish()
  }

  @Test func saysWhyOthersCannotBeRead() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("numpy/every-type.npz"))
    func reason(_ name: String) -> String {
      let text = failure { try archive.sha256(of: name) }
      return String(text.drop { $0 != ":" }.dropFirst(2))
    }
    #expect(
      reason("objects")
        == "an array of Python objects, which only running code from the file could read, is not "
        + "supported in tensor 'objects'; save the array again with a numeric type")
    #expect(
      reason("bf16")
        == "the type '<V2', as NumPy stores bfloat16 without saying so, is not supported in tensor "
        + "'bf16'; save the array as float32, or all of them as safetensors, which names bfloat16 "
        + "(in MLX with mx.save_safetensors)")
    #expect(
      reason("structure")
        == "an array of structures is not supported in tensor 'structure'; "
        + "save the array again as float32")
    #expect(
      reason("text") == "the type '<U2' is not supported in tensor 'text'; "
        + "save the array again as float32")
    #expect(reason("absent").hasPrefix("the tensor is missing in tensor 'absent'"))
  }

  @Test(arguments: 1...3) func readsEveryVersion(_ version: Int) throws {
    let archive = try ArchiveRegistry.open(Fixture.path("numpy/version-\(version).npy"))
    let truth = try Truth.document("numpy/every-type.json")
    #expect(
      archive.tensors == [
        TensorDescription(name: "version-\(version)", type: .float32, shape: Shape([3, 5]))
      ])
    #expect(
      try archive.sha256(of: "version-\(version)") == truth["fortran"]?["sha256"]?.string)
  }

  /// A compressed array over several windows, whose header puts their ends inside elements.
  @Test func handsOnWholeElements() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("numpy/long-compressed.npz"))
    var windows: [Int] = []
    try archive.read("x") { (window) throws(FileError) in windows.append(window.byteCount) }
    #expect(windows.count > 3)
    #expect(windows.allSatisfy { $0 % 8 == 0 })
    #expect(windows.reduce(0, +) == 5_600_000)
    let truth = try Truth.document("numpy/long-compressed.json")
    #expect(try archive.sha256(of: "x") == truth["x"]?.string)
  }

  @Test func findsTheFileInItsFolder() throws {
    let scratch = try Scratch()
    let bytes = try Fixture.bytes("numpy/every-type.npz")
    try scratch.write(bytes, "first.npz")
    #expect(try ArchiveRegistry.open(scratch.folder).files[0].name == "first.npz")
    try scratch.write(bytes, "other.npz")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains(
        "more than one checkpoint in this folder fits: first.npz, other.npz"))
    // The usual name goes before all others.
    try scratch.write(bytes, "weights.npz")
    #expect(try ArchiveRegistry.open(scratch.folder).files[0].name == "weights.npz")
  }
}

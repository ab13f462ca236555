import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct TorchExportTests {
  /// What PyTorch 2.13's `torch.export.save` writes, and a state within a zip file as before 2.9.
  @Test(arguments: ["export.pt2", "export-old.pt2"]) func readsWeights(_ name: String) throws {
    let archive = try ArchiveRegistry.open(Fixture.path("pytorch/\(name)"))
    #expect(archive.format == "pytorch")
    let expected: [String: ([Int], [Float])] = [
      "inner.weight": ([2, 3], [0, 1, 2, 3, 4, 5]), "inner.bias": ([2], [0, 1]),
      // A view that is not contiguous.
      "t": ([3, 2], [0, 3, 1, 4, 2, 5]),
    ]
    for (name, (shape, values)) in expected {
      let tensor = try #require(archive.tensors.first { $0.name == name })
      #expect(tensor.shape.dimensions == shape)
      #expect(
        try archive.bytes(of: tensor) == values.flatMap { Wire.littleEndian($0.bitPattern) })
    }
    let low = try #require(archive.tensors.first { $0.name == "low" })
    #expect(low.type == .float16)
    #expect(archive.tensors.count == 4)
    #expect(
      archive.notes.map(\.message) == [
        "this is a program of torch.export: its weights are read, its graph is passed over"
      ])
    #expect(archive.files.map(\.name) == [name])
    try archive.finish()
  }

  @Test func frozenTorchScriptIsNamed() {
    #expect(
      failure { try ArchiveRegistry.open(Fixture.path("pytorch/frozen.pt")) }.hasSuffix(
        "this TorchScript was frozen, which turns parameters into constants without names; name the "
          + "model as it was before torch.jit.freeze, or its state_dict"))
  }

  @Test func quantisedTorchScriptIsNamed() {
    #expect(
      failure { try ArchiveRegistry.open(Fixture.path("pytorch/quantized-script.pt")) }.hasSuffix(
        "this TorchScript is of a model that PyTorch quantised, whose matrices it keeps packed; name the "
          + "model that was quantised, or the state_dict of the quantised one"))
  }

  /// Damage anywhere is found, within the inner file too.
  @Test(arguments: ["export.pt2", "export-old.pt2"]) func findsDamage(_ name: String) throws {
    let whole = try Fixture.bytes("pytorch/\(name)")
    let scratch = try Scratch()
    var silent = 0
    for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 60)) {
      var bytes = whole
      bytes[place] ^= 0x10
      let path = try scratch.write(bytes, name)
      let result = failure {
        let archive = try ArchiveRegistry.open(path)
        for tensor in archive.tensors { _ = try archive.bytes(of: tensor) }
        try archive.finish()
      }
      if result == "no error" { silent += 1 }
    }
    // Padding, times and flags have no checksum.
    #expect(silent < 30)
  }

  @Test func aListThatNamesNoMemberIsRefused() throws {
    var bytes = try Fixture.bytes("pytorch/export.pt2")
    let name = Array("\"path_name\": \"weight_0\"".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
    bytes[place + name.count - 2] = 0x39
    let scratch = try Scratch()
    let text = failure { try ArchiveRegistry.open(scratch.write(bytes, "model.pt2")) }
    // The member's checksum tells first.
    #expect(text.contains("the zip member"), "\(text)")
  }
}

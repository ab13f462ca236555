import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct FrozenGraphTests {
  private func text(_ field: Int, _ value: String) -> [UInt8] {
    Wire.bytes(field, Array(value.utf8))
  }

  /// A node that holds a tensor of `type`, and `numbers` in whatever field.
  private func constant(
    _ name: String, _ shape: [Int], type: Int = 1, _ numbers: [UInt8]
  ) -> [UInt8] {
    let axes = shape.flatMap { Wire.bytes(2, Wire.number(1, $0)) }
    let tensor = Wire.number(1, type) + Wire.bytes(2, axes) + numbers
    let attribute = text(1, "value") + Wire.bytes(2, Wire.bytes(8, tensor))
    return Wire.bytes(1, text(1, name) + text(2, "Const") + Wire.bytes(5, attribute))
  }

  private func identity(_ name: String, of input: String) -> [UInt8] {
    Wire.bytes(1, text(1, name) + text(2, "Identity") + text(3, input))
  }

  private func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { Wire.littleEndian($0.bitPattern) }
  }

  private func open(_ graph: [UInt8], _ name: String = "model.pb") throws -> any TensorArchive {
    let scratch = try Scratch()
    return try ArchiveRegistry.open(scratch.write(graph, name))
  }

  /// TensorFlow writes numbers as their bytes, as a list, or as a list whose last number is repeated.
  @Test func readsEveryEncoding() throws {
    let scratch = try Scratch()
    let graph =
      constant("content", [2], Wire.bytes(4, floats([1, 2])))
      + identity("content/read", of: "content")
      + constant("packed", [2], Wire.bytes(5, floats([3, 4])))
      + identity("packed/read", of: "packed")
      + constant("single", [1], Wire.fixed32(5, Float(5).bitPattern))
      + identity("single/read", of: "single")
      + constant("repeated", [2, 2], Wire.bytes(5, floats([6, 7])))
      + identity("repeated/read", of: "repeated")
      + constant("half", [2], type: 19, Wire.number(13, Int(Float16(8).bitPattern)))
      + identity("half/read", of: "half")
      + constant("mul/y", [3], Wire.bytes(5, floats([9])))
    let archive = try ArchiveRegistry.open(scratch.write(graph, "model.pb"))
    #expect(archive.format == "frozen-graph")
    let expected: [(String, [UInt8])] = [
      ("content", floats([1, 2])), ("packed", floats([3, 4])), ("single", floats([5])),
      ("repeated", floats([6, 7, 7, 7])),
      ("half", [0, 1].flatMap { _ in Wire.littleEndian(Float16(8).bitPattern) }),
    ]
    #expect(archive.tensors.map(\.name) == expected.map(\.0))
    for (tensor, (name, bytes)) in zip(archive.tensors, expected) {
      #expect(try archive.bytes(of: tensor) == bytes, "\(name)")
    }
    #expect(
      archive.notes.map(\.message) == [
        "this is a frozen graph: its weights are read, its operations and 1 other constants are passed "
          + "over"
      ])
  }

  /// An optimiser removes the identities.
  @Test func readsConstantsThatNothingMarks() throws {
    let scratch = try Scratch()
    let graph =
      constant("weight", [2], Wire.bytes(4, floats([1, 2])))
      + constant("axis", [], type: 3, Wire.number(7, 0))
    let archive = try ArchiveRegistry.open(scratch.write(graph, "model.pb"))
    #expect(archive.tensors.map(\.name) == ["weight"])
  }

  /// A SavedModel's graph whose variables were replaced has no folder of variables.
  @Test func readsASavedModelWithoutVariables() throws {
    let scratch = try Scratch()
    let graph =
      constant("weight", [2], Wire.bytes(4, floats([1, 2]))) + identity("read", of: "weight")
    let model = Wire.number(1, 1) + Wire.bytes(2, Wire.bytes(1, []) + Wire.bytes(2, graph))
    _ = try scratch.write(model, "saved_model.pb")
    let archive = try ArchiveRegistry.open(scratch.folder)
    #expect(archive.format == "saved-model")
    #expect(try archive.bytes(of: archive.tensors[0]) == floats([1, 2]))
  }

  @Test func aGraphWithoutWeightsIsTold() {
    #expect(
      failure { try open(identity("a", of: "b")) }.hasSuffix(
        "this graph holds no weights: its variables were not replaced by constants; name the "
          + "checkpoint that belongs to it, or freeze the graph"))
    let empty = Wire.number(1, 1) + Wire.bytes(2, Wire.bytes(2, identity("a", of: "b")))
    #expect(
      failure { try open(empty, "saved_model.pb") }.hasSuffix(
        "copy the whole SavedModel folder; a graph alone holds no weights to read"))
  }

  @Test(arguments: [
    ("twice", "two nodes have the name 'a'"), ("short", "the size of the content"),
    ("many", "the bytes of all weights together"), ("none", "no numbers are listed"),
    ("more", "more numbers are listed than the shape has"),
  ]) func refusesHostileGraphs(_ kind: String, _ message: String) throws {
    let one = constant("a", [2], Wire.bytes(4, floats([1, 2])))
    let graphs: [String: [UInt8]] = [
      "twice": one + one, "short": constant("a", [3], Wire.bytes(4, floats([1, 2]))),
      "many": constant("a", [1 << 40], Wire.bytes(5, floats([1]))), "none": constant("a", [2], []),
      "more": constant("a", [1], Wire.fixed32(5, 0) + Wire.fixed32(5, 0)),
    ]
    let scratch = try Scratch()
    let path = try scratch.write(graphs[kind] ?? [], "model.pb")
    let found = failure {
      let archive = try ArchiveRegistry.open(path)
      return try archive.bytes(of: archive.tensors[0])
    }
    #expect(found.contains(message), "\(found)")
  }

  @Test func damageIsAnError() throws {
    let graph =
      constant("a", [2], Wire.bytes(4, floats([1, 2]))) + identity("a/read", of: "a")
    let scratch = try Scratch()
    for length in 1..<graph.count {
      let path = try scratch.write(Array(graph[..<length]), "model.pb")
      _ = failure {
        let archive = try ArchiveRegistry.open(path)
        for tensor in archive.tensors { _ = try archive.bytes(of: tensor) }
      }
    }
  }
}

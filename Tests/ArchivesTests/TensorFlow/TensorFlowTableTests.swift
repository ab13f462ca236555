import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// The first checkpoint format, in which one table holds everything.
@Suite struct TensorFlowTableTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let fixture = "tensorflow/v1/model.ckpt-3"

  private static func entries() throws -> [(key: [UInt8], value: [UInt8])] {
    var entries: [(key: [UInt8], value: [UInt8])] = []
    try SortedTable(SourceFile(Fixture.path(fixture))).forEachEntry {
      (key, value) throws(FileError) in
      var value = value
      entries.append((key, try value.bytes(value.remaining)))
    }
    return entries
  }

  private func refusal(_ entries: [(key: [UInt8], value: [UInt8])], _ name: String = "m") throws
    -> String
  {
    let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let path = try scratch.write(TableBuilder().table(of: sorted), name)
    return failure { try ArchiveRegistry.open(path).readAll() }
  }

  @Test func everyNameOpensIt() throws {
    for name in ["tensorflow/v1", "tensorflow/v1/checkpoint", Self.fixture] {
      let archive = try ArchiveRegistry.open(Fixture.path(name))
      #expect(archive.format == "tensorflow-checkpoint")
      #expect(archive.tensors.count == 16)
      try archive.readAll()
      #expect(
        failure { try archive.sha256(of: "string") }.contains("holds no numbers is not supported"))
      #expect(failure { try archive.sha256(of: "x") }.contains("the tensor is missing"))
    }
    try scratch.write(Fixture.bytes(Self.fixture), "model.ckpt-3")
    let graph = try scratch.write([10, 0], "model.ckpt-3.meta")
    let archive = try ArchiveRegistry.open(graph)
    #expect(archive.files.map(\.name) == ["model.ckpt-3.meta", "model.ckpt-3"])
  }

  /// Every bit from a stride over the file: the values, the list of tensors, all blocks.
  @Test func everyBitCounts() throws {
    let bytes = try Fixture.bytes(Self.fixture)
    let path = try scratch.write(bytes, "model")
    var passed: [Int] = []
    try scratch.changing("model") { file in
      for bit in stride(from: 0, to: 8 * bytes.count, by: 809) {
        try Scratch.changing(
          file, at: bit / 8, from: bytes[bit / 8], by: 1 << UInt8(bit % 8)
        ) {
          do throws(FileError) {
            _ = try TensorFlowTable(SourceFile(path), named: [])
            passed.append(bit)
          } catch {}
        }
      }
    }
    #expect(passed.isEmpty)
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = try Fixture.bytes(Self.fixture)
    for length in stride(from: 0, to: bytes.count, by: 487) + [bytes.count - 1] {
      let file = try scratch.file(Array(bytes[..<length]), "model")
      #expect(throws: FileError.self) { try TensorFlowTable(file, named: []) }
    }
  }

  /// Any byte of the protocol buffers may be anything, under a right checksum.
  @Test func changedMessagesNeverTrap() throws {
    let entries = try Self.entries()
    var refused = 0
    var tried = 0
    for index in entries.indices {
      for offset in entries[index].value.indices.prefix(120) {
        var damaged = entries.filter { $0.value.count < 1000 }
        guard index < damaged.count, offset < damaged[index].value.count else { continue }
        damaged[index].value[offset] ^= [0x01, 0x08, 0x80, 0xFF][(index + offset) % 4]
        tried += 1
        let file = try scratch.file(TableBuilder().table(of: damaged), "model")
        do { try TensorFlowTable(file, named: []).readAll() } catch { refused += 1 }
      }
    }
    #expect(tried > 1000)
    #expect(refused > tried / 4)
  }

  /// A list of one tensor of four values, and its slices.
  private func table(
    type: Int = 4, shape: [Int] = [4], slices: [[(start: Int, length: Int)?]] = [[nil]],
    values: [UInt8] = Wire.bytes(7, [1, 2, 3, 4]), version: Int = 0,
    keys: [[(start: Int, length: Int)?]]? = nil
  ) throws -> String {
    let list =
      Wire.bytes(
        1,
        Wire.bytes(1, Array("x".utf8)) + Wire.bytes(2, BundleBuilder.shape(shape))
          + Wire.number(3, type) + slices.flatMap { Wire.bytes(4, BundleBuilder.slice($0)) })
      + Wire.bytes(2, Wire.number(2, version))
    let entries = (keys ?? slices).map { slice -> (key: [UInt8], value: [UInt8]) in
      let key = TensorSlice(extents: slice.map { .init(start: $0?.start ?? 0, length: $0?.length) })
      return (
        SliceKey.encode(Array("x".utf8), key),
        Wire.bytes(2, Wire.bytes(1, Array("x".utf8)) + Wire.bytes(3, values))
      )
    }
    return try refusal([([], Wire.bytes(1, list))] + entries)
  }

  @Test func messagesAreChecked() throws {
    #expect(try table() == "no error")
    #expect(try table(type: 99).contains("element type 99 is not supported in tensor 'x'"))
    #expect(try table(version: 2).contains("a checkpoint for readers of version 2"))
    #expect(
      try table(values: Wire.bytes(7, [1, 2, 3])).contains(
        "the size of the values: expected 4 bytes, found 3 bytes in tensor 'x'"))
    #expect(
      try table(values: Wire.bytes(7, [1, 2, 3, 4, 5])).contains("bytes follow the last value"))
    #expect(
      try table(values: Wire.bytes(7, [1, 2, 3, 0x84])).contains("the file ends inside a value"))
    #expect(
      try table(values: Wire.bytes(7, [1, 2, 0x83, 4, 5])).contains(
        "the value 515 is no uint8 in tensor 'x'"))
    #expect(
      try table(values: Wire.bytes(7, [1, 2]) + Wire.bytes(7, [3, 4])).contains(
        "the values come in more than one part"))
    #expect(try table(values: []).contains("expected 4 bytes, found 0 bytes"))
    #expect(
      try table(type: 1, values: Wire.bytes(5, [UInt8](repeating: 0, count: 16))) == "no error")
    #expect(
      try table(type: 1, values: Wire.bytes(5, [UInt8](repeating: 0, count: 20))).contains(
        "expected 16 bytes, found 20 bytes"))
    #expect(try table(slices: [[(1, 4)]]).contains("slice '1,4' does not lie within [4]"))
    #expect(
      try table(slices: [[(0, 3)]], values: Wire.bytes(7, [1, 2, 3])).contains("do not tile"))
    #expect(try table(keys: []).contains("the entry of slice '-' is missing in tensor 'x'"))
    #expect(
      try table(keys: [[nil], [(0, 1)]]).contains(
        "an entry belongs to no tensor of the list in tensor 'x'"))
    #expect(try refusal([([], [0x0A, 0])]) == "no error")
    #expect(try refusal([([1], [])]).contains("the first entry is not the list of tensors"))
  }

  @Test func otherTablesAreToldApart() throws {
    let index = try Fixture.bytes("tensorflow/slices/model.index")
    let path = try scratch.write(index, "renamed")
    #expect(
      failure { try ArchiveRegistry.open(path) }.hasSuffix(
        "renamed: this is the index of a checkpoint under another name at byte 3; "
          + "give it its own name back, which ends in .index"))
    let table = try Fixture.bytes(Self.fixture)
    let shard = try scratch.write(table, "model.ckpt-3-00000-of-00002")
    #expect(
      failure { try ArchiveRegistry.open(shard) }.contains(
        "one of 2 files of TensorFlow's first checkpoint format is not supported; restore all"))
    let only = try scratch.write(table, "model.ckpt-3-00000-of-00001")
    #expect(try ArchiveRegistry.open(only).tensors.count == 16)
  }
}

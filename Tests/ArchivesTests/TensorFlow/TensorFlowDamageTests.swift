import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// No flipped bit and no missing or added byte of a checkpoint passes.
@Suite struct TensorFlowDamageTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func copy(_ fixture: String, _ names: [String]) throws {
    for name in names {
      try scratch.write(Fixture.bytes("tensorflow/\(fixture)/\(name)"), name)
    }
  }

  /// Opens the bundle and checks its data as a conversion does that reads nothing.
  private func check(_ prefix: String) throws {
    let prefix = TensorFlowPrefix(scratch.folder.appending(prefix))
    try TensorFlowBundle.open(prefix, format: "tensorflow-checkpoint").finish()
  }

  /// Every single bit of an index that Google's code wrote.
  @Test func everyBitOfTheIndexCounts() throws {
    let bytes = try Fixture.bytes("tensorflow/tf1/model.ckpt-best.index")
    let path = try scratch.write(bytes, "model.index")
    _ = try BundleIndex(SourceFile(path))
    var passed: [String] = []
    try scratch.changing("model.index") { file in
      for bit in 0..<8 * bytes.count {
        let (offset, mask) = (bit / 8, 1 << UInt8(bit % 8) as UInt8)
        try Scratch.changing(file, at: offset, from: bytes[offset], by: mask) {
          do throws(FileError) {
            _ = try BundleIndex(SourceFile(path))
            passed.append("bit \(bit % 8) of byte \(offset)")
          } catch {}
        }
      }
    }
    #expect(passed.isEmpty)
    _ = try BundleIndex(SourceFile(path))
  }

  /// Bits all over a data shard, each reported with the tensor in which it lies.
  @Test func bitsOfAShardCount() throws {
    let data = "model.ckpt-best.data-00000-of-00001"
    try copy("tf1", ["model.ckpt-best.index", data])
    let bytes = try Fixture.bytes("tensorflow/tf1/\(data)")
    let index = try BundleIndex(SourceFile(scratch.folder.appending("model.ckpt-best.index")))
    try scratch.changing(data) { file in
      for offset in stride(from: 0, to: bytes.count, by: 9001) + [bytes.count - 1] {
        let owner = index.tensors.first { ($0.entry.offset..<$0.entry.end).contains(offset) }
        let name = try #require(owner?.name)
        try Scratch.changing(file, at: offset, from: bytes[offset], by: 1 << UInt8(offset % 8)) {
          let message = failure { try check("model.ckpt-best") }
          #expect(message.contains("\(data): the data does not match its checksum: expected 0x"))
          #expect(message.contains(" in tensor '\(name)' at byte "), "byte \(offset)")
        }
      }
    }
    try check("model.ckpt-best")
  }

  /// Every byte of a shard of strings, variants and an object graph, whose checksums cover the
  /// lengths as numbers and not as bytes; and of one of pieces and of odd types.
  @Test(arguments: [
    ("tf2-objects", "ckpt-1"), ("slices", "model"), ("tf1-dtypes-all", "model.ckpt-1"),
  ]) func everyByteOfSmallShardsCounts(_ folder: String, _ prefix: String) throws {
    let data = "\(prefix).data-00000-of-00001"
    try copy(folder, [data, "\(prefix).index"])
    let bytes = try Fixture.bytes("tensorflow/\(folder)/\(data)")
    let bundle = try TensorFlowBundle.open(
      TensorFlowPrefix(scratch.folder.appending(prefix)), format: "")
    var passed: [Int] = []
    try scratch.changing(data) { file in
      for offset in bytes.indices {
        let owner = bundle.contents.values.first { content in
          content.pieces.contains { $0.range.contains(offset) }
        }
        try Scratch.changing(file, at: offset, from: bytes[offset], by: 1 << UInt8(offset * 5 % 8))
        {
          do throws(FileError) {
            try owner?.verify()
            passed.append(offset)
          } catch {}
        }
      }
    }
    #expect(passed.isEmpty)
    try check(prefix)
  }

  /// A tensor that was read is right; reading finds damage as `finish` does.
  @Test func readingFindsDamage() throws {
    let data = "model.data-00000-of-00001"
    try copy("slices", ["model.index", data])
    // The first piece of 'columns' in the file's order, which is read in the midst of others.
    let bytes = try Fixture.bytes("tensorflow/slices/\(data)")
    try scratch.write(bytes[..<723] + [bytes[723] ^ 4] + bytes[724...], data)
    let archive = try ArchiveRegistry.open(scratch.folder)
    #expect(try archive.sha256(of: "grid").count == 64)
    let message = failure { try archive.sha256(of: "columns") }
    #expect(message.contains("the data does not match its checksum"))
    #expect(message.contains("in tensor 'columns' at byte 720"))
    #expect(failure { try archive.finish() }.contains("in tensor 'columns' at byte 720"))
  }

  @Test func everyTruncationIsAnError() throws {
    let data = "model.data-00000-of-00001"
    let shard = try Fixture.bytes("tensorflow/slices/\(data)")
    let index = try Fixture.bytes("tensorflow/slices/model.index")
    try copy("slices", [data])
    for length in 0..<index.count {
      let file = try scratch.file(Array(index[..<length]), "model.index")
      #expect(throws: FileError.self) { try BundleIndex(file) }
    }
    try copy("slices", ["model.index"])
    for length in stride(from: 0, to: shard.count, by: 61) {
      try scratch.write(Array(shard[..<length]), data)
      let message = failure { try check("model") }
      #expect(message.contains("ends inside the data") || message.contains("is empty"))
    }
    try scratch.write(shard + [0], data)
    #expect(
      failure { try check("model") }.contains(
        "1 bytes belong to no tensor of the index at byte 964; check that the index and the shards")
    )
  }

  /// Shards of another checkpoint that happen to have the right names.
  @Test func anotherCheckpointsShardIsNoticed() throws {
    try copy("slices", ["model.index"])
    let other = try Fixture.bytes("tensorflow/slices/model.data-00000-of-00001").reversed()
    try scratch.write(Array(other), "model.data-00000-of-00001")
    #expect(failure { try check("model") }.contains("in tensor 'grid'"))
  }
}

import AlbertBytes
import AlbertTestSupport
import Testing

@testable import AlbertArchives

@Suite struct SortedTableTests {
  private typealias Entries = [(key: [UInt8], value: [UInt8])]

  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func entries(_ bytes: [UInt8]) throws -> Entries {
    let table = try SortedTable(scratch.file(bytes, "model.index"))
    var result: Entries = []
    try table.forEachEntry { (key, value) throws(FileError) in
      var value = value
      result.append((key, try value.bytes(value.remaining)))
    }
    return result
  }

  private func some(_ count: Int) -> Entries {
    (0..<count).map { number in
      let name = "layer_\(1000 + number / 7)/part_\(number % 7)"
      return (Array(name.utf8), Array("value \(number)".utf8))
    }
  }

  /// Blocks that are nearly empty, of one entry each, and all in one; restart points everywhere or
  /// as upstream sets them.
  @Test(arguments: [1, 60, 500, 1 << 18], [1, 2, 16]) func readsWhatWasWritten(
    blockSize: Int, restartInterval: Int
  ) throws {
    let written = some(100)
    let builder = TableBuilder(blockSize: blockSize, restartInterval: restartInterval)
    let read = try entries(builder.table(of: written))
    #expect(read.map(\.key) == written.map(\.key))
    #expect(read.map(\.value) == written.map(\.value))
  }

  @Test func aTableMayBeEmpty() throws {
    #expect(try entries(TableBuilder().table([])).isEmpty)
  }

  /// A block that is too large to be read at once is read through a window.
  @Test func readsALargeBlock() throws {
    let large = [UInt8](repeating: 7, count: 3 << 20)
    let read = try entries(TableBuilder(blockSize: 1 << 30).table(of: [([1], large), ([2], [9])]))
    #expect(read.map(\.key) == [[1], [2]])
    #expect(read[0].value == large)
    #expect(read[1].value == [9])
  }

  @Test func everyBlockIsCheckedForOrder() throws {
    let a: Entries = [([1], []), ([3], [])]
    let b: Entries = [([5], []), ([6], [])]
    let builder = TableBuilder()
    func refusal(_ blocks: [(bound: [UInt8], content: [UInt8])]) -> String {
      failure { try entries(builder.table(blocks)) }
    }
    #expect(refusal([([3], builder.block(a)), ([6], builder.block(b))]) == "no error")
    #expect(
      refusal([([3], builder.block([a[1], a[0]]))]).contains("the keys are not in ascending order"))
    #expect(
      refusal([([3], builder.block([a[0], a[0]]))]).contains("the keys are not in ascending order"))
    #expect(
      refusal([([6], builder.block(a)), ([7], builder.block(b))]).contains(
        "the keys of two blocks are not in ascending order"))
    #expect(
      refusal([([2], builder.block(a))]).contains("a key exceeds the bound that the index block"))
  }

  @Test func restartPointsMustBeginFullKeys() throws {
    let builder = TableBuilder()
    let four: Entries = (0..<4).map { ([7, UInt8($0)], [1]) }
    let good = builder.block(four)
    func refusal(_ restarts: [UInt32], count: UInt32? = nil) -> String {
      let content =
        good.dropLast(8) + restarts.flatMap(Wire.littleEndian)
        + Wire.littleEndian(count ?? UInt32(restarts.count))
      return failure { try entries(builder.table([([8], Array(content))])) }
    }
    #expect(refusal([0]) == "no error")
    #expect(refusal([]).contains("has 0 restart points"))
    #expect(refusal([0], count: .max).contains("has 4294967295 restart points, which do not fit"))
    #expect(refusal([0, 1]).contains("a restart point lies where no entry begins"))
    #expect(refusal([0, 900]).contains("a restart point lies where no entry begins"))
    #expect(refusal([6]).contains("the first entry of a block is no restart point"))
    // The second entry begins at byte 6 and shares its first byte.
    #expect(refusal([0, 6]).contains("the key at a restart point is not written in full"))
    let empty = Wire.littleEndian(UInt32(4)) + Wire.littleEndian(UInt32(1))
    #expect(
      failure { try entries(builder.table([([8], empty)])) }.contains("where no entry begins"))
  }

  @Test func lengthsStayWithinTheBlock() throws {
    let builder = TableBuilder()
    func refusal(_ shared: Int, _ rest: Int, _ value: Int) -> String {
      let content =
        [0, 1, 0, 9] + Wire.varint(shared) + Wire.varint(rest) + Wire.varint(value) + [10, 11]
        + Wire.littleEndian(UInt32(0)) + Wire.littleEndian(UInt32(1))
      return failure { try entries(builder.table([([99], content)])) }
    }
    #expect(refusal(1, 1, 1) == "no error")
    #expect(refusal(2, 1, 1).contains("a key shares 2 bytes with one of 1"))
    #expect(refusal(1, .max, 1).contains("the file ends inside a key"))
    #expect(refusal(1, 1, .max).contains("the file ends inside a value"))
    #expect(refusal(-1, 1, 1).contains("the file ends inside the shared length of a key"))
  }

  /// Keys that share far more than a writer's restart points allow would make a small file ask for
  /// much memory.
  @Test func sharedKeysStayBounded() throws {
    let long = [UInt8](repeating: 1, count: 20_000)
    var content = Wire.varint(0) + Wire.varint(long.count) + Wire.varint(0) + long
    for _ in 0..<2_000 { content += Wire.varint(20_000) + Wire.varint(0) + Wire.varint(0) }
    // Strictly ascending keys must grow, so each adds a byte of its own.
    var growing = Wire.varint(0) + Wire.varint(long.count) + Wire.varint(0) + long
    for index in 0..<2_000 {
      growing += Wire.varint(20_000 + index) + Wire.varint(1) + Wire.varint(0) + [1]
    }
    let restarts = Wire.littleEndian(UInt32(0)) + Wire.littleEndian(UInt32(1))
    let builder = TableBuilder()
    #expect(
      failure { try entries(builder.table([([2], content + restarts)])) }.contains(
        "the keys are not in ascending order"))
    #expect(
      failure { try entries(builder.table([([2], growing + restarts)])) }.contains(
        "the keys share more of their bytes than any writer makes them share"))
  }

  @Test func compressionIsRefusedByName() throws {
    let one: Entries = [([1], [2])]
    #expect(
      failure { try entries(TableBuilder(compression: 1).table(of: one)) }.contains(
        "Snappy compression is not supported at byte 26; save the checkpoint again with TensorFlow")
    )
    #expect(
      failure { try entries(TableBuilder(compression: 9).table(of: one)) }.contains(
        "compression type 9 is not supported"))
  }

  /// What no checksum covers: handles in one spelling only, zero padding, blocks that tile the file.
  @Test func theFooterLeavesNothingUnchecked() throws {
    let builder = TableBuilder()
    let content = builder.block([([1], [2])])
    let data = builder.sealed(content)
    let none = builder.sealed(builder.block([]))
    func refusal(
      handle: [UInt8]? = nil, gap: [UInt8] = [], tail: [UInt8] = [],
      metaindexHandle: [UInt8]? = nil, metaindex: [UInt8]? = nil, indexHandle: [UInt8]? = nil
    ) -> String {
      var bytes = data + gap
      let meta = metaindexHandle ?? TableBuilder.handle(bytes.count, 8)
      bytes += metaindex ?? none
      let index = builder.block([([1], handle ?? TableBuilder.handle(0, content.count))])
      let place = indexHandle ?? TableBuilder.handle(bytes.count, index.count)
      bytes += builder.sealed(index) + tail
      return failure {
        try entries(bytes + TableBuilder.footer(metaindex: meta, index: place))
      }
    }
    #expect(refusal() == "no error")
    #expect(refusal(gap: [0]).contains("the metaindex block begins at byte 19 instead of 18"))
    #expect(refusal(tail: [0]).contains("the index block ends at byte 50 instead of 51"))
    #expect(
      refusal(handle: TableBuilder.handle(1, 11)).contains(
        "a data block begins at byte 1 instead of 0"))
    #expect(
      refusal(handle: TableBuilder.handle(0, 11)).contains(
        "the metaindex block begins at byte 18 instead of 16; download or copy"))
    #expect(
      refusal(handle: TableBuilder.handle(0, .max)).contains("the file ends inside a data block"))
    #expect(
      refusal(handle: TableBuilder.handle(0, 12) + [0]).contains(
        "bytes follow a data block's place"))
    #expect(
      refusal(indexHandle: Wire.varint(30) + [0x8F, 0x00]).contains(
        "the index block's place is a number with needless zero bytes"))
    #expect(
      refusal(metaindexHandle: TableBuilder.handle(-1, 8)).contains("the metaindex block's place"))
    #expect(
      refusal(metaindex: builder.sealed(builder.block([([1], [])]))).contains("checksum"))

    let good = builder.table([([1], content)])
    for index in good.count - 8 - 34..<good.count - 8 {
      var bytes = good
      bytes[index] = 1
      #expect(failure { try entries(bytes) }.contains("the footer's padding is not zero at byte"))
    }
    var other = good
    other[other.count - 1] ^= 1
    #expect(
      failure { try entries(other) }.contains(
        "the last bytes are not those of a TensorFlow checkpoint's index"))
    #expect(failure { try entries([]) }.contains("the file is empty"))
  }

  @Test func everyTruncationIsAnError() throws {
    let good = TableBuilder(blockSize: 100).table(of: some(20))
    for length in 0..<good.count {
      #expect(throws: FileError.self) { try entries(Array(good[..<length])) }
    }
  }
}

import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// Indexes with right checksums that say what no checkpoint says.
@Suite struct BundleHostileTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func refusal(_ bundle: BundleBuilder, data: [UInt8] = []) throws -> String {
    try scratch.write(bundle.index(), "m.index")
    try scratch.write(data, "m.data-00000-of-00001")
    return failure { try ArchiveRegistry.open(scratch.folder.appending("m")).readAll() }
  }

  private func refusal(entry: [UInt8], data: [UInt8] = []) throws -> String {
    var bundle = BundleBuilder()
    bundle.add("x", entry)
    return try refusal(bundle, data: data)
  }

  private func refusal(header: [UInt8]) throws -> String {
    try refusal(BundleBuilder(header: header))
  }

  @Test func headersAreChecked() throws {
    let shards = Wire.number(1, 1)
    #expect(try refusal(header: shards) == "no error")
    #expect(try refusal(header: shards + Wire.number(2, 0) + Wire.bytes(9, [1])) == "no error")
    #expect(try refusal(header: []).contains("the header states no data shard"))
    #expect(try refusal(header: Wire.number(1, -1)).contains("the number of shards is -1"))
    #expect(try refusal(header: shards + shards).contains("a field of the header is stated twice"))
    #expect(
      try refusal(header: shards + Wire.number(2, 1)).contains(
        "a checkpoint of a big-endian machine is not supported at byte 5; "
          + "restore and save it on a little-endian machine"))
    let version = { (fields: [UInt8]) in shards + Wire.bytes(3, fields) }
    #expect(try refusal(header: version(Wire.number(1, 2))) == "no error")
    #expect(
      try refusal(header: version(Wire.number(2, 2))).contains(
        "a checkpoint for readers of version 2 is not supported"))
    #expect(try refusal(header: version(Wire.number(3, 2))) == "no error")
    #expect(
      try refusal(header: version(Wire.bytes(3, [2, 1]))).contains(
        "a checkpoint that bars readers of version 1"))
    #expect(
      try refusal(header: Wire.number(1, 1 << 40)).contains(
        "'m.data-00000-of-1099511627776', which holds data shard 1 of 1099511627776, is missing"))
    #expect(try refusal(header: [0x0B]).contains("a protobuf group is not supported"))
    var none = BundleBuilder()
    none.table.blockSize = 1
    try scratch.write(TableBuilder().table(of: [([1], [])]), "m.index")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains(
        "the first entry is not the header"))
    try scratch.write(TableBuilder().table([]), "m.index")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.contains("the index has no entries"))
  }

  @Test func entriesAreChecked() throws {
    let four: [UInt8] = [1, 2, 3, 4]
    let crc = CRC32C.of(four).masked
    func entry(
      type: Int = 1, shape: [Int] = [1], shard: Int = 0, offset: Int = 0, size: Int = 4
    ) -> [UInt8] {
      BundleBuilder.entry(
        type: type, shape: shape, shard: shard, offset: offset, size: size, crc: crc)
    }
    #expect(try refusal(entry: entry(), data: four) == "no error")
    #expect(try refusal(entry: entry() + Wire.bytes(90, [1]), data: four) == "no error")
    #expect(
      try refusal(entry: entry() + Wire.number(5, 4), data: four).contains(
        "a field of a tensor's entry is stated twice in tensor 'x' at byte"))
    #expect(
      try refusal(entry: entry(type: 99), data: four).contains(
        "TensorFlow's element type 99 is not supported in tensor 'x'"))
    #expect(try refusal(entry: entry(type: 0), data: four).contains("element type 0"))
    #expect(try refusal(entry: entry(type: 101), data: four).contains("element type 101"))
    #expect(
      try refusal(entry: entry(shape: [2]), data: four).contains(
        "the size of [2] float32: expected 8 bytes, found 4 bytes in tensor 'x'"))
    #expect(
      try refusal(entry: entry(shape: [1 << 40, 1 << 40]), data: four).contains("out of range"))
    #expect(
      try refusal(entry: entry(shape: [-1]), data: four).contains("the size of an axis is -1"))
    #expect(
      try refusal(entry: entry(shape: [Int](repeating: 1, count: 65)), data: four).contains(
        "more than 64 axes"))
    #expect(
      try refusal(entry: entry(shape: [1 << 53], size: 1 << 55), data: four).contains(
        "the file ends inside the data: 36028797018963968 bytes expected, 4 found in tensor 'x'"))
    #expect(
      try refusal(entry: entry(offset: -1), data: four).contains("the offset in the shard is"))
    #expect(try refusal(entry: entry(offset: .max), data: four).contains("is out of range"))
    #expect(
      try refusal(entry: entry(offset: 4), data: four).contains(
        "4 bytes belong to no tensor of the index at byte 0"))
    #expect(
      try refusal(entry: entry(shard: 1), data: four).contains("its data is in shard 2 of 1"))
    #expect(
      try refusal(entry: entry(), data: four + four).contains("4 bytes belong to no tensor"))
    var overlapping = BundleBuilder()
    overlapping.add("a", entry())
    overlapping.add("b", entry(offset: 2))
    #expect(
      try refusal(overlapping, data: four + [5, 6]).contains(
        "its data overlaps that of 'a' in tensor 'b' at byte 2"))
    var badName = BundleBuilder()
    badName.add([0xFF, 0xFE], entry())
    #expect(try refusal(badName, data: four).contains("a tensor's name is not valid UTF-8"))
    let unknownRank = Wire.number(1, 1) + Wire.bytes(2, Wire.number(3, 1))
    #expect(try refusal(entry: unknownRank).contains("the shape is of unknown rank"))
  }

  @Test func slicesAreChecked() throws {
    let data: [UInt8] = [1, 2, 3, 4]
    func sliced(
      _ shape: [Int] = [4], slices: [[(start: Int, length: Int)?]] = [[(0, 2)], [(2, 2)]],
      type: Int = 4, pieces: [(slice: [(start: Int, length: Int)?], shape: [Int])]? = nil,
      extra: [UInt8] = []
    ) throws -> String {
      var bundle = BundleBuilder()
      var offset = 0
      for piece in pieces ?? slices.map({ ($0, $0.map { $0?.length ?? 4 }) }) {
        let size = piece.shape.reduce(1, *)
        let key = TensorSlice(
          extents: piece.slice.map { .init(start: $0?.start ?? 0, length: $0?.length) })
        let crc = CRC32C.of(Array(data[offset..<min(offset + size, 4)])).masked
        bundle.add(
          SliceKey.encode(Array("x".utf8), key),
          BundleBuilder.entry(type: type, shape: piece.shape, offset: offset, size: size, crc: crc))
        offset += size
      }
      bundle.add(
        "x",
        Wire.number(1, 4) + Wire.bytes(2, BundleBuilder.shape(shape))
          + slices.flatMap { Wire.bytes(7, BundleBuilder.slice($0)) } + extra)
      return try refusal(bundle, data: data)
    }
    #expect(try sliced() == "no error")
    #expect(
      try sliced(pieces: [([(0, 2)], [2])]).contains(
        "the entry of slice 2,2 is missing in tensor 'x'"))
    #expect(
      try sliced(pieces: [([(0, 2)], [2]), ([(2, 2)], [1]), ([(3, 1)], [1])]).contains(
        "the type and shape of slice 2,2: expected type 4 [2], found type 4 [1]"))
    #expect(try sliced(type: 6).contains("expected type 4 [2], found type 6 [2]"))
    #expect(try sliced(slices: [[(0, 2)], [(1, 3)]]).contains("overlap") == true)
    #expect(
      try sliced(slices: [[(0, 2)], [(3, 1)]]).contains(
        "the 2 slices do not tile the shape [4] without gap or overlap"))
    #expect(try sliced(slices: [[(2, 3)]]).contains("slice 2,3 does not lie within [4]"))
    #expect(
      try sliced(slices: [[(0, .max)]], pieces: [([(0, 2)], [2])]).contains(
        "slice 0,9223372036854775807 does not lie within [4]"))
    #expect(try sliced(slices: [[(0, 2), (0, 1)]]).contains("does not lie within [4]"))
    #expect(
      try sliced(slices: [[(0, 2)], [(0, 2)]], pieces: [([(0, 2)], [2]), ([(2, 2)], [2])]).contains(
        "the entry of slice 0,2 is missing in tensor 'x'"))
    #expect(try sliced(slices: [[nil]]) == "no error")
    #expect(
      try sliced(extra: Wire.number(5, 4)).contains(
        "the entry of a partitioned variable has data of its own"))
    var orphan = BundleBuilder()
    orphan.add(
      SliceKey.encode(Array("gone".utf8), TensorSlice(extents: [.init()])),
      BundleBuilder.entry(type: 4, shape: [4], size: 4))
    #expect(
      try refusal(orphan, data: data).contains(
        "belongs to no tensor of this index in tensor 'gone'"))
  }

  /// Axes of no extent or of one make many loops of nothing unless they are seen through.
  @Test func emptyTensorsAreNotWalked() throws {
    var bundle = BundleBuilder()
    let huge = 1 << 40
    for start in [0, 1] {
      bundle.add(
        SliceKey.encode(
          Array("x".utf8),
          TensorSlice(extents: [.init(), .init(start: start, length: 1), .init()])),
        BundleBuilder.entry(shape: [huge, 1, 0], size: 0, crc: CRC32C().masked))
    }
    bundle.add(
      "x",
      Wire.number(1, 1) + Wire.bytes(2, BundleBuilder.shape([huge, 2, 0]))
        + Wire.bytes(7, BundleBuilder.slice([nil, (0, 1), nil]))
        + Wire.bytes(7, BundleBuilder.slice([nil, (1, 1), nil])))
    #expect(try refusal(bundle) == "no error")
  }

  @Test func stringsAreChecked() throws {
    func strings(
      _ lengths: [UInt8], count: Int, content: [UInt8] = [], sealed: [Int]? = nil
    ) throws -> String {
      var crc = CRC32C()
      for length in sealed ?? lengths.map(Int.init) {
        unsafe crc.update(Wire.littleEndian(UInt32(length)).span.bytes)
      }
      let check = Wire.littleEndian(crc.masked)
      unsafe crc.update((check + content).span.bytes)
      let data = lengths + check + content
      return try refusal(
        entry: BundleBuilder.entry(type: 7, shape: [count], size: data.count, crc: crc.masked),
        data: data)
    }
    #expect(try strings([2, 0, 1], count: 3, content: [1, 2, 3]) == "no error")
    #expect(try strings([], count: 0) == "no error")
    #expect(
      try strings([2, 1], count: 2, content: [1, 2]).contains(
        "the length of all strings: expected 2, found 3 in tensor 'x'"))
    #expect(
      try strings([1], count: 1, content: [1, 2]).contains(
        "the length of all strings: expected 2, found 1"))
    #expect(
      try strings([0x81, 0x00], count: 1, content: [1], sealed: [1]).contains(
        "the length of a string is a number with needless zero bytes"))
    #expect(
      try strings([1], count: 1, content: [1], sealed: [2]).contains(
        "the lengths of the strings does not match its checksum"))
    #expect(
      try strings([1], count: 1 << 40, content: [1]).contains(
        "the file ends inside the lengths of 1099511627776 strings"))
    let most = [UInt8](repeating: 0xFF, count: 8) + [0x7F]
    #expect(
      try strings(most + most, count: 2, sealed: []).contains("add up to more than any file holds"))
  }

  @Test func objectGraphsAreChecked() throws {
    func graph(_ nodes: [UInt8]) throws -> String {
      let path = try scratch.write(nodes, "graph")
      return failure { try TensorFlowObjectGraph(ByteCursor(SourceFile(path))) }
    }
    let variable = Wire.bytes(2, Wire.bytes(2, [0x6E]) + Wire.bytes(3, [0x6B]))
    let slot = Wire.bytes(3, Wire.bytes(2, [0x6D]) + Wire.number(3, 0))
    #expect(try graph(Wire.bytes(1, variable) + Wire.bytes(1, slot)) == "no error")
    #expect(
      try graph(Wire.bytes(1, slot + Wire.bytes(3, Wire.number(3, 7)))).contains(
        "a slot names object 7, which does not exist"))
    #expect(try graph(Wire.bytes(1, Wire.bytes(3, Wire.number(3, -1)))).contains("is -1"))
    #expect(try graph(Wire.bytes(1, Wire.bytes(2, Wire.bytes(3, [0xFF])))).contains("UTF-8"))
    #expect(try graph([0x0A, 5]).contains("the file ends inside a field"))
    // Many slots of one object with many names must not multiply.
    let many = (0..<30_000).flatMap { Wire.bytes(2, Wire.bytes(3, Array("\($0)".utf8))) }
    let slots = (0..<30_000).flatMap { _ in slot }
    #expect(try graph(Wire.bytes(1, many) + Wire.bytes(1, slots)) == "no error")
  }

  /// Any byte of the protocol buffers may be anything, under a right checksum.
  @Test func changedEntriesNeverTrap() throws {
    let keys = try BundleKeys.read("tensorflow/slices/model.index")
    var entries: [(key: [UInt8], value: [UInt8])] = []
    try SortedTable(SourceFile(Fixture.path("tensorflow/slices/model.index"))).forEachEntry {
      (key, value) throws(FileError) in
      var value = value
      entries.append((key, try value.bytes(value.remaining)))
    }
    #expect(entries.map(\.key) == keys)
    try scratch.write(
      Fixture.bytes("tensorflow/slices/model.data-00000-of-00001"), "m.data-00000-of-00001")
    var refused = 0
    var tried = 0
    for index in entries.indices {
      for offset in entries[index].value.indices {
        var damaged = entries
        damaged[index].value[offset] ^= [0x01, 0x08, 0x80, 0xFF][(index + offset) % 4]
        let file = try scratch.file(TableBuilder().table(of: damaged), "m.index")
        tried += 1
        do throws(FileError) {
          var index = try BundleIndex(file)
          for (name, entry) in index.tensors where !entry.slices.isEmpty {
            _ = try index.takePieces(of: name, entry)
          }
          try index.checkAllTaken()
        } catch {
          refused += 1
        }
      }
    }
    // What passes here is another checksum, place or shard, which the data shows.
    #expect(refused > tried / 3)
  }
}

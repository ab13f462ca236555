import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// HDF5 files that are laid out here, read back through the worker.
@Suite struct HDF5LayoutTests {
  private let tensors = [
    TensorDescription(name: "a/deep/group/half:0", type: .float16, shape: Shape([3, 5])),
    TensorDescription(name: "a/b", type: .float32, shape: Shape([2, 3])),
    TensorDescription(name: "a/brain", type: .bfloat16, shape: Shape([7])),
    TensorDescription(name: "scalar", type: .int64, shape: Shape([])),
    TensorDescription(name: "none", type: .float32, shape: Shape([0, 4])),
    TensorDescription(name: "double", type: .float64, shape: Shape([1, 2, 1, 3])),
    TensorDescription(name: "byte", type: .uint8, shape: Shape([9])),
    TensorDescription(name: "signed", type: .int16, shape: Shape([4])),
  ]

  /// Bytes that differ from tensor to tensor.
  private func content(_ index: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + index * 31 + 1) }
  }

  private func bytes(_ layout: HDF5Layout) throws -> [UInt8] {
    let sink = try MemorySink(count: layout.byteCount)
    for (index, range) in layout.ranges.enumerated() where !range.isEmpty {
      try unsafe sink.write(content(index, range.count).span.bytes, at: range.lowerBound)
    }
    try layout.finish(WrittenTensors([]), to: sink)
    return sink.bytes.withBytes(0..<layout.byteCount) {
      unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) }
    }
  }

  private func open(_ bytes: [UInt8], _ scratch: Scratch) throws -> any TensorArchive {
    try ArchiveRegistry.open(scratch.write(bytes, "file.h5"), HDF5Fixture.options)
  }

  @Test func tensorsComeBackAsTheyWere() throws {
    let layout = try HDF5Layout(tensors, path: "out")
    #expect(layout.ranges.map(\.count) == tensors.map(\.byteCount))
    let scratch = try Scratch()
    let archive = try open(try bytes(layout), scratch)
    #expect(Set(archive.tensors) == Set(tensors))
    #expect(archive.notes.isEmpty)
    for (index, tensor) in tensors.enumerated() {
      var found: [UInt8] = []
      try archive.read(tensor.name) { (window) throws(FileError) in
        unsafe window.withUnsafeBytes { unsafe found.append(contentsOf: $0) }
      }
      #expect(found == content(index, tensor.byteCount), "\(tensor.name)")
    }
    try archive.finish()
  }

  @Test func attributesComeBackAsTheyWere() throws {
    let layout = try HDF5Layout(
      tensors,
      attributes: [
        HDF5Attribute("", "text", .text("über")),
        HDF5Attribute("", "list", .list(["a", "", "long one"])),
        HDF5Attribute("a", "weights", .list([])),
        HDF5Attribute("a/b", "name", .text("")),
        HDF5Attribute("empty/group", "names", .list(["ü", "vw"])),
      ], path: "out")
    let archive = try open(try bytes(layout), try Scratch())
    #expect(
      archive.attributes == [
        "": ["text": ["über"], "list": ["a", "", "long one"]], "a": ["weights": []],
        "a/b": ["name": [""]], "empty/group": ["names": ["ü", "vw"]],
        "a/brain": ["dtype": ["bfloat16"]],
        // A group is listed also where it says nothing.
        "a/deep": [:], "a/deep/group": [:], "empty": [:],
      ])
  }

  @Test func aDatasetOfTwoPathsIsStoredOnce() throws {
    let tensor = TensorDescription(name: "a/b", type: .float32, shape: Shape([1000]))
    let layout = try HDF5Layout([tensor], links: [HDF5Link("c/d", to: "a/b")], path: "out")
    #expect(layout.byteCount < 2 * tensor.byteCount)
    let archive = try open(try bytes(layout), try Scratch())
    #expect(archive.tensors.map(\.name).sorted() == ["a/b", "c/d"])
    #expect(archive.notes.isEmpty)
    #expect(try archive.sha256(of: "a/b") == archive.sha256(of: "c/d"))
  }

  @Test func numbersThatAreKnownStandInTheFile() throws {
    let layout = try HDF5Layout(
      tensors, values: [HDF5Value("v/0", .int64(-3)), HDF5Value("v/1", .float32(0.5))], path: "out")
    #expect(layout.ranges.count == tensors.count)
    let archive = try open(try bytes(layout), try Scratch())
    var found: [UInt8] = []
    for name in ["v/0", "v/1"] {
      try archive.read(name) { (window) throws(FileError) in
        unsafe window.withUnsafeBytes { unsafe found.append(contentsOf: $0) }
      }
    }
    #expect(found == [0xFD] + [UInt8](repeating: 0xFF, count: 7) + [0, 0, 0, 0x3F])
    #expect(archive.tensors.contains(.init(name: "v/0", type: .int64, shape: Shape([]))))
  }

  /// The structure that HDF5 1.8 and h5py 2 read: the first version of the superblock.
  @Test func filesAreOfTheEarliestVersion() throws {
    let written = try bytes(try HDF5Layout(tensors, path: "out"))
    #expect(Array(written.prefix(8)) == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(written[8] == 0)
  }

  @Test func theSameTensorsGiveTheSameBytes() throws {
    let attributes = [HDF5Attribute("a", "x", .text("t")), HDF5Attribute("", "y", .list(["u"]))]
    let first = try bytes(try HDF5Layout(tensors, attributes: attributes, path: "out"))
    for _ in 0..<3 {
      #expect(try bytes(try HDF5Layout(tensors, attributes: attributes, path: "other")) == first)
    }
  }

  @Test func manyThreadsMayLayOutAtOnce() async throws {
    let expected = try bytes(try HDF5Layout(tensors, path: "out"))
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<8 { group.addTask { try bytes(try HDF5Layout(tensors, path: "out")) } }
      for try await written in group { #expect(written == expected) }
    }
  }

  /// Beyond 4 GiB, of which nothing but the structure is ever held.
  @Test func datasetsMayBeLargerThan32BitsCount() throws {
    let large = [
      TensorDescription(name: "a", type: .float32, shape: Shape([1 << 20, 1 << 10])),
      TensorDescription(name: "b", type: .float16, shape: Shape([1 << 31])),
      TensorDescription(name: "c", type: .float32, shape: Shape([3])),
    ]
    let layout = try HDF5Layout(large, path: "out")
    #expect(layout.ranges.map(\.count) == large.map(\.byteCount))
    #expect(layout.byteCount > 1 << 33 && layout.byteCount < (1 << 33) + 10_000)
    let scratch = try Scratch()
    let path = scratch.folder.appending("large.h5")
    let file = try AtomicFile(path, replacing: false)
    try file.reserve(layout.byteCount)
    try layout.finish(WrittenTensors([]), to: file)
    try unsafe file.write(content(2, 12).span.bytes, at: layout.ranges[2].lowerBound)
    try file.commit()
    let archive = try ArchiveRegistry.open(path, HDF5Fixture.options)
    #expect(Set(archive.tensors) == Set(large))
    var found: [UInt8] = []
    try archive.read("c") { (window) throws(FileError) in
      unsafe window.withUnsafeBytes { unsafe found.append(contentsOf: $0) }
    }
    #expect(found == content(2, 12))
  }

  @Test func whatNoFileHoldsIsRefused() {
    func refusal(_ names: [String], _ attributes: [HDF5Attribute] = []) -> String {
      let tensors = names.map { TensorDescription(name: $0, type: .float32, shape: Shape([1])) }
      return failure { try HDF5Layout(tensors, attributes: attributes, path: "out") }
    }
    for name in ["", "/a", "a/", "a//b", "a/./b", ".", "a\0b"] {
      #expect(
        refusal([name]).hasPrefix("out: HDF5 cannot hold a dataset of that name"), "\(name)")
    }
    #expect(refusal(["a", "a"]).hasPrefix("out: two tensors of one name do not fit one file"))
    #expect(
      refusal(["a/b", "a/b/c/d"]).hasPrefix(
        "out: HDF5 cannot hold 'a/b/c/d' within a dataset in tensor 'a/b'"))
    let tensor = TensorDescription(name: "a", type: .float32, shape: Shape([1]))
    #expect(
      failure { try HDF5Layout([tensor], links: [HDF5Link("b", to: "c")], path: "out") }.hasPrefix(
        "out: the further name 'b' leads to no dataset in tensor 'c'"))
    #expect(
      failure { try HDF5Layout([tensor], links: [HDF5Link("a", to: "a")], path: "out") }.hasPrefix(
        "out: two tensors of one name"))
    #expect(
      refusal(["a"], [HDF5Attribute("a/b", "x", .text("t"))]).hasPrefix(
        "out: HDF5 cannot hold 'a/b' within a dataset"))
    for value in [
      HDF5Attribute.Value.list(["a\0"]), .text("t\0u"),
      .list([String(repeating: "x", count: 70_000)]),
    ] {
      #expect(
        refusal(["a"], [HDF5Attribute("a", "x", value)]).hasPrefix(
          "out: HDF5 cannot hold the attribute 'x' of 'a'"))
    }
    #expect(
      refusal(["a"], [HDF5Attribute("a", "x", .text("t")), HDF5Attribute("a", "x", .text("t"))])
        .hasPrefix("out: libhdf5 cannot lay the file out: the attribute 'x'"))
    let strange = [TensorDescription(name: "a", type: .bool, shape: Shape([1]))]
    #expect(
      failure { try HDF5Layout(strange, path: "out") }.hasPrefix(
        "out: libhdf5 cannot lay the file out: the type of the dataset 'a'"))
    let deep = [
      TensorDescription(name: "a", type: .int8, shape: Shape([Int](repeating: 1, count: 40)))
    ]
    #expect(failure { try HDF5Layout(deep, path: "out") }.contains("cannot lay the file out"))
  }

  @Test func longListsAreSplitAsKerasSplitsThem() throws {
    #expect(
      HDF5Attribute.kerasList("g", "weight_names", ["a"]) == [
        HDF5Attribute("g", "weight_names", .list(["a"]))
      ])
    #expect(
      HDF5Attribute.kerasList("g", "weight_names", []) == [
        HDF5Attribute("g", "weight_names", .list([]))
      ])
    // 48 bytes each: 1344 fill 64,512 bytes exactly.
    let names = (0..<3000).map { index in
      String("0000\(index)".suffix(4)) + String(repeating: "n", count: 44)
    }
    #expect(HDF5Attribute.kerasList("g", "weight_names", Array(names.prefix(1344))).count == 1)
    #expect(
      HDF5Attribute.kerasList("g", "weight_names", Array(names.prefix(1345))).map(\.name) == [
        "weight_names0", "weight_names1",
      ])
    let parts = HDF5Attribute.kerasList("g", "weight_names", names)
    let areEqual =
      parts == [
        HDF5Attribute("g", "weight_names0", .list(Array(names[0..<1000]))),
        HDF5Attribute("g", "weight_names1", .list(Array(names[1000..<2000]))),
        HDF5Attribute("g", "weight_names2", .list(Array(names[2000..<3000]))),
      ]
    #expect(areEqual)
    let layout = try HDF5Layout([], attributes: parts, path: "out")
    let archive = try open(try bytes(layout), try Scratch())
    // Not compared in the expectation, which would print all of them.
    let isWhole = archive.attributes["g"] == ["weight_names": names]
    #expect(isWhole)
  }
}

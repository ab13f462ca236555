import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct NumPyLayoutTests {
  private static let types = ElementType.allCases.filter { $0 != .opaque && $0 != .bfloat16 }

  @Test func `what is written comes back`() throws {
    let tensors = Assortment.tensors(Self.types)
    let contents = Assortment.contents(of: tensors)
    let layout = try NumPyLayout(tensors, path: "out.npz")
    let bytes = try layout.file(contents)
    #expect(bytes.count == layout.byteCount)
    #expect(layout.ranges.allSatisfy { $0.lowerBound % 64 == 0 })
    let scratch = try Scratch()
    let archive = try NumPyArchive(scratch.write(bytes, "out.npz"))
    #expect(archive.tensors == tensors)
    #expect(try archive.allBytes() == contents)
    try archive.finish()
    #expect(try NumPyLayout(tensors, path: "other.npz").file(contents) == bytes)
  }

  @Test func `sizes beyond 32 bits are stated as zip64`() throws {
    let tensors = ["first", "second", "third"].map {
      TensorDescription(name: $0, type: .float32, shape: Shape([5 << 28]))
    }
    let layout = try NumPyLayout(tensors, path: "out.npz")
    let scratch = try Scratch()
    let file = try AtomicFile(scratch.folder.appending("out.npz"), replacing: false)
    try file.reserve(layout.byteCount)
    try layout.finish(WrittenTensors([1, 2, 3].map(TensorDigest.crc)), to: file)
    let archive = try NumPyArchive(file.readablePath)
    #expect(archive.tensors == tensors)
    let zip = try ZipFile(try SourceFile(file.readablePath))
    #expect(zip.members.map(\.range.upperBound) == layout.ranges.map(\.upperBound))
    #expect(layout.ranges.allSatisfy { $0.lowerBound % 64 == 0 && $0.count == 5 << 30 })
  }

  @Test func `more members than 16 bits count are stated as zip64`() throws {
    let tensors = (0..<65_600).map {
      TensorDescription(name: "\($0)", type: .uint8, shape: Shape([]))
    }
    let layout = try NumPyLayout(tensors, path: "out.npz")
    let sink = try MemorySink(count: layout.byteCount)
    try layout.finish(WrittenTensors(tensors.map { _ in .none }), to: sink)
    let bytes = sink.bytes.withBytes(0..<layout.byteCount) { all in
      unsafe all.withUnsafeBytes { unsafe [UInt8]($0) }
    }
    let scratch = try Scratch()
    #expect(try ZipFile(scratch.file(bytes)).members.count == tensors.count)
  }

  @Test func `what cannot be written is refused`() throws {
    let half = TensorDescription(name: "w", type: .bfloat16, shape: Shape([2]))
    #expect(
      failure { try NumPyLayout([half], path: "out.npz") }
        == "out.npz: NumPy has no word for bfloat16 elements in tensor 'w'; "
        + "choose another element type, or leave the tensor out")
    let twice = [TensorDescription](
      repeating: TensorDescription(name: "w", type: .float32, shape: Shape([2])), count: 2)
    #expect(
      failure { try NumPyLayout(twice, path: "out.npz") }
        == "out.npz: the name stands for two tensors in tensor 'w'; "
        + "give each tensor a name of its own")
    #expect(
      failure { try NumPyLayout(Assortment.huge, path: "out.npz") }.hasPrefix(
        "out.npz: the size of the file is"))
    let long = TensorDescription(
      name: String(repeating: "n", count: 70_000), type: .float32, shape: Shape([2]))
    #expect(
      failure { try NumPyLayout([long], path: "out.npz") }.hasPrefix(
        "out.npz: the length of a zip member's name is 70004, more than the 65535 accepted"))
  }
}

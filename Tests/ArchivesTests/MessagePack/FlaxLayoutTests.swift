import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

@Suite struct FlaxLayoutTests {
  private static let types = ElementType.allCases.filter { $0 != .opaque }

  @Test func `what is written comes back`() throws {
    let tensors = Assortment.tensors(Self.types, separator: "/")
    let contents = Assortment.contents(of: tensors)
    let layout = try FlaxLayout(tensors, path: "out.msgpack")
    let bytes = try layout.file(contents)
    #expect(bytes.count == layout.byteCount)
    let scratch = try Scratch()
    let archive = try MessagePackArchive(scratch.write(bytes, "out.msgpack"))
    #expect(archive.tensors == tensors)
    #expect(try archive.allBytes() == contents)
  }

  /// A model of transformers' Flax classes, byte for byte.
  @Test func `a file is Flax's own`() throws {
    let original = try MessagePackArchive(Fixture.path("msgpack/flax_model.msgpack"))
    let layout = try FlaxLayout(original.tensors, path: "out.msgpack")
    let bytes = try layout.file(original.allBytes())
    #expect(try bytes == Fixture.bytes("msgpack/flax_model.msgpack"))
  }

  /// What Flax wrote with pieces of 40 bytes, byte for byte.
  @Test func `large arrays are written in Flax's pieces`() throws {
    let original = try MessagePackArchive(Fixture.path("msgpack/chunked.msgpack"))
    let layout = try FlaxLayout(original.tensors, maxInOnePiece: 40, path: "out.msgpack")
    let bytes = try layout.file(original.allBytes())
    #expect(try bytes == Fixture.bytes("msgpack/chunked.msgpack"))
    #expect(layout.pieces(of: 0).map(\.count) == [40, 40, 40, 20])
  }

  @Test func `an array over 1 GiB is written in pieces`() throws {
    let tensors = [
      TensorDescription(name: "a/b", type: .float32, shape: Shape([3, 1 << 27])),
      TensorDescription(name: "a/c", type: .float32, shape: Shape([1 << 28])),
    ]
    let layout = try FlaxLayout(tensors, path: "out.msgpack")
    #expect(layout.pieces(of: 0).map(\.count) == [1 << 30, 1 << 29])
    #expect(layout.pieces(of: 1) == [layout.ranges[1]])
    let scratch = try Scratch()
    let file = try AtomicFile(scratch.folder.appending("out.msgpack"), replacing: false)
    try file.reserve(layout.byteCount)
    try layout.finish(WrittenTensors([]), to: file)
    #expect(try MessagePackArchive(file.readablePath).tensors == tensors)
  }

  @Test func `wide maps and long keys take longer headers`() throws {
    let tensors =
      [15, 16, 31, 32, 255, 256, 70_000].flatMap { count in
        [
          TensorDescription(
            name: String(repeating: "k", count: count), type: .uint8, shape: Shape([count])),
          TensorDescription(name: "m\(count)/\(count)", type: .uint8, shape: Shape([1, count])),
        ]
      }
      + (0..<66_000).map {
        TensorDescription(name: "wide/\($0)", type: .uint8, shape: Shape([$0 % 20]))
      }
    let contents = Assortment.contents(of: tensors)
    let layout = try FlaxLayout(tensors, path: "out.msgpack")
    let scratch = try Scratch()
    let archive = try MessagePackArchive(scratch.write(layout.file(contents), "out.msgpack"))
    #expect(archive.tensors == tensors)
    #expect(try archive.allBytes() == contents)
  }

  @Test func `what cannot be written is refused`() throws {
    func tensors(_ names: String...) -> [TensorDescription] {
      names.map { TensorDescription(name: $0, type: .float32, shape: Shape([2])) }
    }
    for names in [tensors("a/b", "a"), tensors("a", "a/b")] {
      #expect(
        failure { try FlaxLayout(names, path: "out.msgpack") }
          == "out.msgpack: the name is a map's, which holds other tensors, or is too deep in tensor "
          + "'a'; give the tensor another name")
    }
    let deep = String(repeating: "a/", count: 100)
    #expect(
      failure { try FlaxLayout(tensors(deep), path: "out.msgpack") }.contains("or is too deep"))
    #expect(
      failure { try FlaxLayout(Assortment.huge, path: "out.msgpack") }.contains(
        "the number of an array's pieces is 134217728"))
  }
}

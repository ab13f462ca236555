import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct TensorFlowBundleLayoutTests {
  private static let types = ElementType.allCases.filter { $0 != .opaque }

  private func open(
    _ layout: TensorFlowBundleLayout, _ contents: [[UInt8]], in scratch: Scratch
  ) throws -> any TensorArchive {
    let (shard, checksums) = try layout.written(contents)
    #expect(shard.count == layout.byteCount)
    try scratch.write(shard, TensorFlowCheckpointFiles.shard("model"))
    try scratch.write(layout.index(checksums), TensorFlowCheckpointFiles.index("model"))
    return try ArchiveRegistry.open(scratch.folder.appending("model"))
  }

  @Test func `what is written comes back`() throws {
    let tensors = Assortment.tensors(Self.types, separator: "/")
    let contents = Assortment.contents(of: tensors)
    let scratch = try Scratch()
    let archive = try open(TensorFlowBundleLayout(tensors, path: "model"), contents, in: scratch)
    #expect(Set(archive.tensors) == Set(tensors))
    for (tensor, content) in zip(tensors, contents) {
      #expect(try archive.bytes(of: tensor) == content, "\(tensor.name)")
    }
    try archive.finish()
  }

  /// Google's own checkpoint: index and shard are TensorFlow's, byte for byte, in whatever order the
  /// tensors are given.
  @Test func `files are TensorFlow's own`() throws {
    let original = try ArchiveRegistry.open(Fixture.path("tensorflow/tf1"))
    let tensors = Array(original.tensors.reversed())
    let layout = try TensorFlowBundleLayout(tensors, path: "model")
    let (shard, checksums) = try layout.written(tensors.map { try original.bytes(of: $0) })
    let prefix = "tensorflow/tf1/model.ckpt-best"
    #expect(try shard == Fixture.bytes(TensorFlowCheckpointFiles.shard(prefix)))
    #expect(try layout.index(checksums) == Fixture.bytes(TensorFlowCheckpointFiles.index(prefix)))
  }

  /// 3,000 scalars, as `Fixtures/tensorflow/make.py` gives them to TensorFlow: three blocks, whose
  /// bounds are shortened and whose keys hold bytes at the end of their range.
  @Test func `an index of several blocks is TensorFlow's own`() throws {
    let tensors = (0..<3_000).map { number in
      let digits = String(37 * number)
      let padded = String(repeating: "0", count: 6 - digits.count) + digits
      let path = String(repeating: "a_long_scope_\(padded)/", count: 12)
      return TensorDescription(
        name: path + "\u{7F}\u{FF}", type: .float32, shape: Shape(number % 3 == 0 ? [] : [1]))
    }
    let contents = (0..<3_000).map { number in
      let bits = Float(number).bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    let layout = try TensorFlowBundleLayout(tensors, path: "model")
    let index = layout.index(try layout.written(contents).checksums)
    var hasher = SHAHasher(.sha256)
    unsafe hasher.update(index.span.bytes)
    #expect(index.count == 745_264)
    #expect(
      hasher.digest() == "9f800945231f8badf99350cba7b6417f44cbfcaf6ec67c8479233c4cc6be8e9c")
    let scratch = try Scratch()
    let archive = try open(layout, contents, in: scratch)
    #expect(archive.tensors == tensors)
    #expect(try archive.allBytes() == contents)
  }

  @Test func `the state file names the checkpoint beside it`() throws {
    #expect(
      String(decoding: TensorFlowCheckpointFiles.state("a \"b\" \\c"), as: UTF8.self) == """
        model_checkpoint_path: "a \\"b\\" \\\\c"
        all_model_checkpoint_paths: "a \\"b\\" \\\\c"

        """)
    let scratch = try Scratch()
    let tensors = Assortment.tensors([.float32], separator: "/")
    let layout = try TensorFlowBundleLayout(tensors, path: "model")
    _ = try open(layout, Assortment.contents(of: tensors), in: scratch)
    try scratch.write(TensorFlowCheckpointFiles.state("model"), "checkpoint")
    #expect(try ArchiveRegistry.open(scratch.folder).tensors.count == tensors.count)
  }

  @Test func `what cannot be written is refused`() throws {
    let nameless = TensorDescription(name: "", type: .float32, shape: Shape([2]))
    #expect(
      failure { try TensorFlowBundleLayout([nameless], path: "model") }.hasPrefix(
        "model: a tensor without a name, which is the header's in TensorFlow's index"))
    let opaque = TensorDescription(name: "w", type: .opaque, shape: Shape([2]))
    #expect(
      failure { try TensorFlowBundleLayout([opaque], path: "model") }.hasPrefix(
        "model: TensorFlow has no word for opaque elements in tensor 'w'"))
    #expect(
      failure { try TensorFlowBundleLayout(Assortment.huge, path: "model") }.hasPrefix(
        "model: the size of the file is"))
  }
}

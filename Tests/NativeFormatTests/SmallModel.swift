import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import SystemPackage
import AlbertTensors

@testable import AlbertNativeFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model of a few hundred numbers, written as a native file.
enum SmallModel {
  static let config = AlbertConfig(
    vocabSize: 7, embeddingSize: 4, hiddenSize: 6, intermediateSize: 8, maxPositionEmbeddings: 5,
    typeVocabSize: 2, numHiddenLayers: 3, numHiddenGroups: 1, numAttentionHeads: 2,
    hiddenAct: .geluTanh)

  static let source = SourceProvenance(
    format: "npz", upstream: "test",
    files: [.init(name: "weights.npz", size: 12, sha256: String(repeating: "a", count: 64))])

  static func tensors(_ contents: ModelContents, type: ElementType = .float32)
    -> [TensorDescription]
  {
    ParameterSpec.all(config, contents).map {
      TensorDescription(name: $0.name, type: type, shape: $0.shape)
    }
  }

  /// The bytes of tensor number `index`: no two tensors alike.
  static func content(_ tensor: TensorDescription, index: Int) -> [UInt8] {
    (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index &* 7 &+ 1) }
  }

  /// Writes the model to `path`.
  static func write(
    to path: FilePath, contents: ModelContents = .preTraining, type: ElementType = .float32
  ) throws(FileError) {
    let layout = NativeFileLayout(
      config: config, contents: contents, tensors: tensors(contents, type: type), source: source,
      tool: "test 1")
    let file = try AtomicFile(path, replacing: true)
    var digests: [TensorDigest] = []
    for (index, tensor) in layout.tensors.enumerated() {
      let bytes = content(tensor, index: index)
      digests.append(
        try layout.write(index, tensor.name, to: file, path: path.string) {
          (body) throws(FileError) in
          try unsafe body(bytes.span.bytes)
        })
    }
    try layout.finish(WrittenTensors(digests), to: file)
    try file.commit()
  }
}

/// A path that nothing else uses, removed when the value goes.
final class ScratchFile {
  let path = FilePath("/tmp/albertkit-\(UInt64.random(in: 0 ... .max)).albert")

  deinit {
    unsafe _ = path.withPlatformString { unsafe unlink($0) }
  }

  var bytes: [UInt8] {
    get throws {
      let file = try SourceFile(path)
      return try file.bytes(at: 0, count: file.size)
    }
  }

  func write(_ bytes: [UInt8]) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(bytes) }
  }
}

import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertPlatform
import AlbertTensors
import AlbertTestSupport
import SystemPackage

@testable import AlbertNativeFormat

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

/// A file of a test's own, which is not there yet.
struct ScratchFile {
  private static let name = "model.albert"
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  var path: FilePath { scratch.path(Self.name) }

  var bytes: [UInt8] {
    get throws { try scratch.bytes(Self.name) }
  }

  func write(_ bytes: [UInt8]) throws { try scratch.write(Self.name, bytes) }
}

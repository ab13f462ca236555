import Albert
import Archives
import Bytes
import SystemPackage
import Tensors

/// A bare model that a test fills as it likes.
enum SmallModel {
  static let config = AlbertConfig(
    vocabSize: 16, embeddingSize: 4, hiddenSize: 8, intermediateSize: 12,
    maxPositionEmbeddings: 6, typeVocabSize: 2, numHiddenLayers: 2, numAttentionHeads: 2,
    hiddenAct: .geluTanh)
}

extension Scratch {
  /// Writes `model.safetensors`, every number small but one of the pooler's biases.
  func writeModel(largest: Float) throws -> FilePath {
    let specs = ParameterSpec.all(SmallModel.config, .backbone)
    let layout = try SafetensorsLayout(
      specs.map { TensorDescription(name: $0.name, type: .float32, shape: $0.shape) },
      path: "model.safetensors")
    let file = try AtomicFile(path("model.safetensors"), replacing: false)
    for (spec, range) in zip(specs, layout.ranges) {
      var values = (0..<spec.shape.count).map { Float(($0 * 7 + 3) % 11) / 16 - 0.3 }
      if spec.parameter.role == .poolerBias { values[3] = largest }
      let bits = values.map(\.bitPattern)
      try unsafe file.write(bits.span.bytes, at: range.lowerBound)
    }
    try layout.finish(specs.map { _ in 0 }, to: file)
    try file.commit()
    return path("model.safetensors")
  }
}

import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage

/// A bare model that a test fills as it likes.
enum SmallModel {
  static let config = AlbertConfig(
    vocabSize: 16, embeddingSize: 4, hiddenSize: 8, intermediateSize: 12,
    maxPositionEmbeddings: 6, typeVocabSize: 2, numHiddenLayers: 2, numAttentionHeads: 2,
    hiddenAct: .geluTanh)
}

extension Scratch {
  /// Writes a model, every number small but one of the pooler's biases; one of the feed-forward
  /// layer's weights is larger by `shift`.
  func writeModel(
    largest: Float, shifting shift: Float = 0, name: String = "model.safetensors"
  ) throws -> FilePath {
    let specs = ParameterSpec.all(SmallModel.config, .backbone)
    let layout = try SafetensorsLayout(
      specs.map { TensorDescription(name: $0.name, type: .float32, shape: $0.shape) },
      path: name)
    let file = try AtomicFile(path(name), replacing: false)
    for (spec, range) in zip(specs, layout.ranges) {
      var values = (0..<spec.shape.count).map { index -> Float in
        Float((index * 7 + 3) % 11) / 16 - 0.3
      }
      if spec.parameter.role == .poolerBias { values[3] = largest }
      if spec.parameter.role == .ffnWeight { values[5] += shift }
      let bits = values.map(\.bitPattern)
      try unsafe file.write(bits.span.bytes, at: range.lowerBound)
    }
    try layout.finish(WrittenTensors(specs.map { _ in .none }), to: file)
    try file.commit()
    return path(name)
  }
}

extension Scratch {
  /// Writes a folder with a config and weights that all differ a little.
  func writeModel(_ config: AlbertConfig, _ contents: ModelContents, _ name: String) throws {
    try make(path(name))
    let document = ConfigWriting.huggingFace(config, contents, type: .float32)
    try write(name + "/config.json", text: document.text())
    let specs = ParameterSpec.all(config, contents)
    let weights = name + "/model.safetensors"
    let layout = try SafetensorsLayout(
      specs.map { TensorDescription(name: $0.name, type: .float32, shape: $0.shape) },
      path: weights)
    let file = try AtomicFile(path(weights), replacing: false)
    for (index, (spec, range)) in zip(specs, layout.ranges).enumerated() {
      // The numbers repeat, so that millions of them are copied.
      var bits = (0..<23).map { (Float(($0 * 7 + index * 5) % 23) / 32 - 0.3).bitPattern }
      while bits.count < spec.shape.count { bits += bits }
      bits.removeLast(bits.count - spec.shape.count)
      try unsafe file.write(bits.span.bytes, at: range.lowerBound)
    }
    try layout.finish(WrittenTensors(specs.map { _ in .none }), to: file)
    try file.commit()
  }
}

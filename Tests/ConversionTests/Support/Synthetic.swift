import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage

extension Scratch {
  /// Writes `model.safetensors` with zeros in each tensor but `filled`, which has other numbers.
  @discardableResult func writeSafetensors(
    _ tensors: [TensorDescription], name: String = "model.safetensors", filling filled: String = ""
  ) throws -> FilePath {
    var header = "{"
    var offset = 0
    var data: [UInt8] = []
    for (index, tensor) in tensors.enumerated() {
      let end = offset + tensor.byteCount
      data += [UInt8](repeating: tensor.name == filled ? 0x3C : 0, count: tensor.byteCount)
      header +=
        (index > 0 ? "," : "") + "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type.rawValue)\","
        + "\"shape\":\(tensor.shape.dimensions),\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    let count = UInt64(header.utf8.count)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return try write(name, length + Array(header.utf8) + data)
  }
}

/// Small models made up of names and shapes alone.
enum Synthetic {
  static let config = AlbertConfig(
    vocabSize: 20, embeddingSize: 4, hiddenSize: 8, intermediateSize: 12,
    maxPositionEmbeddings: 6, typeVocabSize: 2, numHiddenLayers: 2, numAttentionHeads: 2,
    hiddenAct: .geluTanh)

  static let configText = """
    {"model_type": "albert", "vocab_size": 20, "embedding_size": 4, "hidden_size": 8,
     "intermediate_size": 12, "max_position_embeddings": 6, "type_vocab_size": 2,
     "num_hidden_layers": 2, "num_hidden_groups": 1, "inner_group_num": 1,
     "num_attention_heads": 2, "hidden_act": "gelu_new", "layer_norm_eps": 1e-12}
    """

  /// The tensors of `AlbertForPreTraining`, or of another class.
  static func tensors(_ contents: ModelContents = .preTraining) -> [TensorDescription] {
    ParameterSpec.all(config, contents).map {
      TensorDescription(name: $0.name, type: .float32, shape: $0.shape)
    }
  }

  static func float(_ name: String, _ shape: [Int]) -> TensorDescription {
    TensorDescription(name: name, type: .float32, shape: Shape(shape))
  }

  /// What `tensors` beside the config is found to be.
  static func inspect(
    _ tensors: [TensorDescription], config: String? = configText, prefix: String? = nil
  ) throws -> Inspection {
    let scratch = try Scratch()
    try scratch.writeSafetensors(tensors)
    if let config { try scratch.write("config.json", text: config) }
    return try Inspection.open(scratch.folder, Fixtures.options(prefix: prefix))
  }
}

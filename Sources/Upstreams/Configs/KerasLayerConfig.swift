internal import AlbertJSON

/// Hugging Face's config within Keras' description of a model around one of transformers' TensorFlow
/// classes: in a `.keras` archive, a whole model's H5 file, or a SavedModel's `keras_metadata.pb`.
enum KerasLayerConfig: ConfigDialect {
  static let title = "Hugging Face in Keras"

  static func recognises(_ config: JSONValue) -> Bool { own(in: config) != nil }

  static func read(_ config: JSONValue) -> PartialConfig {
    own(in: config).map(HuggingFaceConfig.read) ?? PartialConfig()
  }

  /// The config with the class as its architecture; nil also where there are several.
  private static func own(in model: JSONValue) -> JSONValue? {
    let found = KerasObjects.all(in: model) { $0.hasPrefix("TFAlbert") }.compactMap(stated)
    // A SavedModel describes a layer by itself and within the model.
    guard let first = found.first, found.allSatisfy({ sizes($0) == sizes(first) }) else {
      return nil
    }
    return found.first { $0["architectures"] != nil } ?? first
  }

  /// A model has its config as it is, a layer beside its name.
  private static func stated(_ name: Substring, _ written: JSONValue) -> JSONValue? {
    let config = written["config"] ?? written
    guard let members = config.members, config["hidden_size"] != nil else { return nil }
    // The class of the checkpoint that the training began with may be another one.
    let isHead = name.hasPrefix("TFAlbertFor")
    let architectures =
      isHead ? [JSONMember("architectures", .array([.string(String(name.dropFirst(2)))]))] : []
    return .object(members.filter { $0.key != "architectures" } + architectures)
  }

  private static func sizes(_ config: JSONValue) -> [JSONMember]? {
    config.members?.filter { $0.key != "architectures" }
  }
}

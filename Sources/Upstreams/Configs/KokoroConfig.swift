internal import AlbertArchitecture
internal import AlbertJSON

/// The config of Kokoro and of other speech models around a PL-BERT: what is not a default of Hugging
/// Face's `AlbertConfig` under `plbert`, and the number of phonemes beside it.
enum KokoroConfig: ConfigDialect {
  static let title = "Kokoro"

  static func recognises(_ config: JSONValue) -> Bool {
    config["plbert"]?["hidden_size"] != nil
  }

  static func read(_ config: JSONValue) -> PartialConfig {
    var members = config["plbert"]?.members ?? []
    if let tokens = config["n_token"] { members.append(JSONMember("vocab_size", tokens)) }
    // The model's own dropout is not the encoder's.
    members.removeAll { $0.key == "dropout" }
    return HuggingFaceConfig.read(.object(members))
  }
}

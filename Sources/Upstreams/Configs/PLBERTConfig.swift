internal import AlbertArchitecture
internal import AlbertJSON

/// The `config.yml` of PL-BERT and of StyleTTS2's copy of it: the arguments of Hugging Face's
/// `AlbertConfig` under `model_params`.
enum PLBERTConfig: ConfigDialect {
  static let title = "PL-BERT"

  static func recognises(_ config: JSONValue) -> Bool {
    config["model_params"]?["hidden_size"] != nil
      && config["model_params"]?["num_attention_heads"] != nil
  }

  static func read(_ config: JSONValue) -> PartialConfig {
    // The class takes any argument; this one it never reads.
    let members = (config["model_params"]?.members ?? []).filter { $0.key != "dropout" }
    return HuggingFaceConfig.read(.object(members))
  }
}

internal import AlbertArchitecture
internal import AlbertJSON

/// PaddleNLP's `model_config.json`: the arguments of a class, which for a class with a head are those
/// of the model that it was made around.
enum PaddleNLPConfig: ConfigDialect {
  static let title = "PaddleNLP"

  static func recognises(_ config: JSONValue) -> Bool {
    config["init_class"]?.string?.contains("Albert") ?? false
  }

  static func read(_ config: JSONValue) -> PartialConfig {
    let own = ["init_args", "init_class", "num_classes", "num_choices", "dropout"]
    var members = config["init_args"]?.elements?.first?.members ?? []
    members += (config.members ?? [])
    members.removeAll { own.contains($0.key) }
    if let name = config["init_class"] {
      members.append(JSONMember("architectures", .array([name])))
    }
    if let classes = config["num_classes"] { members.append(JSONMember("num_labels", classes)) }
    return HuggingFaceConfig.read(.object(members))
  }
}

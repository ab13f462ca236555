internal import AlbertBytes
internal import AlbertJSON

/// Adapters of the `adapters` library (AdapterHub), which are layers between the model's own.
enum AdapterHub {
  /// Whether a tensor's name is one of them.
  static func owns(_ name: String) -> Bool {
    name.split(separator: ".").contains {
      ["output_adapters", "attention_adapters", "invertible_adapters", "prefix_tuning", "loras"]
        .contains($0)
    }
  }

  /// The error for a config of theirs; nil for any other.
  static func error(_ config: JSONValue?, path: String) -> FileError? {
    guard let config, let method = config["config"], method.members != nil,
      let model = config["model_class"]?.string ?? config["model_type"]?.string
    else { return nil }
    let name = config["name"]?.string.map { " '\($0)'" } ?? ""
    let base = config["model_name"]?.string.map { ", made for '\($0)'" } ?? ""
    return error(path: path, "the adapter\(name) of AdapterHub for \(model)\(base)")
  }

  /// The error for tensors of theirs, with what a config beside them says.
  static func error(path: String, _ what: String = "an adapter of AdapterHub") -> FileError {
    FileError(
      path,
      .rejected(
        code: "adapter-kind",
        message:
          "this is \(what), which adds layers that no ALBERT has; it is no part of any matrix "
          + "and cannot be merged"),
      remedy:
        "use it with the adapters library, model.load_adapter(), or convert the base model alone")
  }
}

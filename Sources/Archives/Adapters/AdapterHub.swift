internal import AlbertBytes
internal import AlbertJSON

/// Adapters of the `adapters` library (AdapterHub), which are layers between the model's own.
enum AdapterHub {
  /// Those that are factors of a matrix's change, which that library can add to the matrix itself.
  private static let factors: Substring = "loras"

  /// Whether a tensor's name is one of them.
  static func owns(_ name: String) -> Bool {
    name.split(separator: ".").contains {
      ["output_adapters", "attention_adapters", "invertible_adapters", "prefix_tuning", factors]
        .contains($0)
    }
  }

  /// The error for a config of theirs; nil for any other.
  static func error(_ config: JSONValue?, path: String) -> FileError? {
    guard let config, let method = config["config"], method.members != nil,
      let model = config["model_class"]?.string ?? config["model_type"]?.string
    else { return nil }
    let name = config["name"]?.string.map { " '\($0)'" } ?? ""
    let base =
      config["model_name"]?.string.flatMap { $0.isEmpty ? nil : ", made for '\($0)'" } ?? ""
    return error(
      path: path, "the adapter\(name) of AdapterHub for \(model)\(base)",
      isMergeable: method["architecture"]?.string == "lora")
  }

  /// The error for the tensors `names`, some of them theirs, with what a config beside them says.
  static func error(_ config: JSONValue?, names: [String], path: String) -> FileError {
    error(config, path: path)
      ?? error(
        path: path, "an adapter of AdapterHub",
        isMergeable: names.filter(owns).allSatisfy {
          $0.split(separator: ".").contains { $0 == factors }
        })
  }

  private static func error(path: String, _ what: String, isMergeable: Bool) -> FileError {
    let reason =
      isMergeable
      ? ", whose scale and way of merging only its own library knows"
      : ", which adds layers that no ALBERT has; it is no part of any matrix and cannot be merged"
    let remedy: Remedy =
      isMergeable
      ? "merge it there, model.merge_adapter(), and save the state dictionary without the tensors "
        + "of '\(factors)', or convert the base model alone"
      : "use it with the adapters library, model.load_adapter(), or convert the base model alone"
    return FileError(
      path, .rejected(code: "adapter-kind", message: "this is \(what)\(reason)"), remedy: remedy)
  }
}

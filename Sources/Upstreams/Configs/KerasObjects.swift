internal import AlbertJSON

/// The objects of a model's architecture as Keras writes it: each with the name of its class and its config.
enum KerasObjects {
  /// The classes and configs of the outermost objects of which the class's own name fits, wherever in the
  /// model they are.
  static func all(
    in model: JSONValue, _ fits: (Substring) -> Bool
  ) -> [(name: Substring, config: JSONValue)] {
    // Registered classes have their package before the name: `Custom>TFAlbertMainLayer`.
    if let written = model["class_name"]?.string, let config = model["config"],
      let name = written.split(separator: ">").last, fits(name)
    {
      return [(name, config)]
    }
    let inner = model.members?.map(\.value) ?? model.elements ?? []
    return inner.flatMap { all(in: $0, fits) }
  }
}

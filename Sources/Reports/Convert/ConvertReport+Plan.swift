internal import AlbertArchitecture
internal import AlbertConversion
internal import AlbertExporters
internal import AlbertJSON
internal import AlbertTensors

extension ConvertReport {
  /// The plan as JSON, tensor by tensor.
  var planned: JSONValue {
    .array(of: plan.tensors) { tensor in
      var source: JSONValue = .null
      let layout: String
      switch tensor.origin {
      case .stored(let stored, let how):
        source = .string(stored.name)
        layout = how.rawValue
      case .identity: layout = "identity"
      case .initialized: layout = "initialized"
      }
      return [
        "parameter": .string(tensor.spec.name), "source": source,
        "layout": .string(layout), "dtype": .string(tensor.type.rawValue),
        "shape": .array(tensor.spec.shape.dimensions.map { .count($0) }),
      ]
    }
  }

  /// The plan as a table, for a dry run.
  package func planLines(terminal: Terminal) -> [String] {
    var table = TextTable([.name, .left, .name], titles: ["parameter", "shape", "from"])
    for tensor in plan.tensors {
      let source =
        switch tensor.origin {
        case .stored(let stored, let layout):
          Terminal.shown(stored.name) + (layout == .canonical ? "" : " (\(layout.rawValue))")
        case .identity: "the identity"
        case .initialized: "a new model"
        }
      table.add([tensor.spec.name, tensor.spec.shape.description, source])
    }
    return table.lines(terminal: terminal)
  }
}

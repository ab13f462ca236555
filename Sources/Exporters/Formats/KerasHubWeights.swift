internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors
internal import AlbertUpstreams

/// One weights file of KerasHub's: its variables by their layers' classes, and the layers' own names.
struct KerasHubWeights {
  private let tensors: [OutputTensor]
  private let attributes: [HDF5Attribute]
  private let values: [HDF5Value]

  /// The file of a backbone, of a whole task or of a task's head, with the parameters that it holds.
  init(
    _ file: KerasHubFile, _ task: ConfigWriting.KerasHubTask?, _ model: ExportModel,
    of planned: [PlannedTensor]
  ) {
    let innerLayers = model.config.innerGroupNum
    let byClass = OutputNames.kerasHub(file, innerLayers: innerLayers)
    let own = OutputNames.kerasHubLayers(file, innerLayers: innerLayers)
    var attributes = [
      HDF5Attribute("vars", "name", .text(task?.name ?? "albert_backbone"))
    ]
    var named: Set<String> = []
    tensors = planned.compactMap { planned in
      let parameter = planned.spec.parameter
      guard let name = byClass.name(of: parameter), let layers = own.name(of: parameter) else {
        return nil
      }
      for (holder, layer) in Self.layers(name.name, layers.name)
      where named.insert(holder).inserted {
        attributes.append(HDF5Attribute(holder, "name", .text(layer)))
      }
      return planned.output(
        named: name.name, name.layout, heads: model.config.numAttentionHeads)
    }
    // A task is compiled when it is made: without its optimizer's two first variables, loading one
    // would warn. These are those of a model that was never trained.
    if let task {
      attributes.append(HDF5Attribute("optimizer/vars", "name", .text("adam")))
      values = [
        HDF5Value("optimizer/vars/0", .int64(0)),
        HDF5Value("optimizer/vars/1", .float32(task.learningRate)),
      ]
    } else {
      values = []
    }
    self.attributes = attributes
  }

  /// The file, laid out.
  func file(_ path: String) throws(FileError) -> WeightsFile {
    let layout = try HDF5Layout(
      tensors.map(\.tensor), values: values, attributes: attributes, path: path)
    return WeightsFile(tensors, layout)
  }

  /// For each layer on the way to a variable the group that holds its name, and the name.
  private static func layers(_ path: String, _ own: String) -> [(holder: String, name: String)] {
    let own = own.split(separator: "/")
    var holder = ""
    var result: [(holder: String, name: String)] = []
    for (component, name) in zip(path.split(separator: "/").dropLast(2), own) {
      holder += component + "/"
      if component != "layers" { result.append((holder + "vars", String(name))) }
    }
    return result
  }
}

extension ConfigWriting.KerasHubTask {
  /// That of the optimizer that the task's own `compile` makes.
  fileprivate var learningRate: Float {
    switch self {
    case .maskedLM: 5e-5
    case .textClassifier: 1e-5
    }
  }
}

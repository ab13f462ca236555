internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors
internal import AlbertUpstreams

extension ExportFormat {
  /// HDF5 for transformers' TensorFlow classes: a folder with its config, or one file (`.h5`).
  public static let kerasH5 = ExportFormat(KerasH5Export.self)
}

/// `tf_model.h5` as transformers' TensorFlow classes save and load it, and the config beside it.
enum KerasH5Export: OutputFormat {
  static let name = "keras-h5"
  static let title = "an HDF5 file for Hugging Face's TensorFlow classes"
  static let endings = [".h5"]
  static let writesFolder = true
  static let elementTypes: Set<ElementType> = [.float32, .float16]

  private static let weightsName = "tf_model.h5"

  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel {
    var result = HuggingFaceTarget.adapt(model, initializing: initializing)
    result.drop(
      \.untiedDecoder, code: "decoder",
      "the TensorFlow classes decode with the word embeddings: the decoder of its own is left out")
    // `TFAlbertModel` always has one, where the other classes that lack it know so.
    if result.contents.heads.isEmpty { result.contents.pooler = true }
    return result
  }

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    HuggingFaceExport.files(model, weightsName, try weights(model), .tensorFlow)
  }

  /// Every variable under its top layer's group, which lists its own.
  private static func weights(_ model: ExportModel) throws(FileError) -> WeightsFile {
    let names = OutputNames.huggingFaceTF(
      model.contents, innerLayers: model.config.innerGroupNum)
    let planned = Dictionary(
      firstOfEach: model.tensors.map { ($0.spec.parameter, $0) })
    var tensors: [OutputTensor] = []
    var links: [HDF5Link] = []
    var layers: [(name: String, weights: [String])] = []
    for (parameter, name) in names.inOrder(model.tensors.map(\.spec.parameter)) {
      let layer = String(name.name.prefix { $0 != "/" })
      if name.isCopy {
        // The masked-LM head repeats what it shares with the embeddings; a link costs nothing.
        guard model.contents.mlm, let first = names.name(of: parameter) else { continue }
        links.append(HDF5Link(name.name, to: first.name))
      } else if let planned = planned[parameter] {
        tensors.append(planned.output(named: name.name, name.layout))
      }
      let weight = String(name.name.dropFirst(layer.count + 1))
      if let index = layers.firstIndex(where: { $0.name == layer }) {
        layers[index].weights.append(weight)
      } else {
        layers.append((layer, [weight]))
      }
    }
    let layout = try HDF5Layout(
      tensors.map(\.tensor), links: links, attributes: attributes(layers), path: model.path)
    return WeightsFile(tensors, layout)
  }

  /// What Keras 2 says of a file, of its layers and of their weights.
  private static func attributes(
    _ layers: [(name: String, weights: [String])]
  ) -> [HDF5Attribute] {
    [
      HDF5Attribute("", "backend", .text("tensorflow")),
      HDF5Attribute("", "keras_version", .text("2.15.0")),
    ] + HDF5Attribute.kerasList("", "layer_names", layers.map(\.name))
      + layers.flatMap { HDF5Attribute.kerasList($0.name, "weight_names", $0.weights) }
      + HDF5Attribute.kerasList("top_level_model_weights", "weight_names", [])
  }
}

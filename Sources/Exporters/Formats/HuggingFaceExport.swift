internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertJSON
internal import AlbertTensors
internal import AlbertUpstreams

extension ExportFormat {
  /// A folder that transformers' `from_pretrained` loads: `config.json`, `model.safetensors`, the tokenizer.
  public static let huggingFace = ExportFormat(HuggingFaceExport.self)
}

/// A folder that transformers' `from_pretrained` loads: `config.json`, `model.safetensors`, and the
/// tokenizer's files where the source had them.
enum HuggingFaceExport: HuggingFaceFormat {
  static let name = "huggingface"
  static let title = "a folder for Hugging Face's PyTorch classes"
  static let endings = [".safetensors"]
  static let claimsEndings = false

  static let weightsName = "model.safetensors"

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    files(model, weightsName, try SafetensorsExport.weights(model), .torch)
  }

  /// The weights, as the single file or under `name` in a folder that one of the libraries that
  /// transformers has classes for loads: with its config, and the tokenizer's files.
  static func files(
    _ model: ExportModel, _ name: String, _ weights: WeightsFile,
    _ framework: ConfigWriting.Framework
  ) -> [ExportFile] {
    let file = ExportFile(model.fileName ?? name, .weights(weights))
    guard model.isFolder else { return [file] }
    let config = ConfigWriting.huggingFace(
      model.config, model.contents, framework, type: model.elementType)
    return [.json("config.json", config), file]
      + model.passthrough.map { ExportFile($0.name, $0.content) }
  }
}

/// A format of Hugging Face's classes: a folder, or a file alone, of what their config can say.
protocol HuggingFaceFormat: OutputFormat {}

extension HuggingFaceFormat {
  static var writesFolder: Bool { true }
  static var elementTypes: Set<ElementType> { [.float32, .float16, .bfloat16] }

  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel {
    HuggingFaceTarget.adapt(model, initializing: initializing)
  }
}

/// What a Hugging Face config can say, whichever library reads it.
enum HuggingFaceTarget {
  static func adapt(_ model: TargetModel, initializing: Bool) -> TargetModel {
    var result = model
    // The identity that stands in for no projection is a projection like any other there.
    result.config.embeddingProjectionIsIdentity = false
    complete(&result.contents, initializing: initializing)
    let config = result.config
    if result.contents.mlm {
      result.change(
        \.mlmLayerNormEps, to: config.layerNormEps, code: "layer-norm-epsilon",
        "a Hugging Face config has one epsilon: the masked-LM head's LayerNorm would compute with "
          + "\(config.layerNormEps) instead of \(config.mlmLayerNormEps)")
    } else {
      result.config.mlmLayerNormEps = config.layerNormEps
    }
    let rule = LayerMap.huggingFace(
      layers: config.numHiddenLayers, groups: config.numHiddenGroups)
    result.change(
      \.layerMap, to: rule, code: "group-map",
      "Hugging Face's code gives layer i the group int(i / (layers / groups)): the layers would use "
        + "the groups \(rule.groups) instead of \(config.layerMap.groups)")
    return result
  }

  /// Adds parts without which no class fits: those that code always computes, and on demand those
  /// that `AlbertForPreTraining` has beside what is there.
  private static func complete(_ contents: inout ModelContents, initializing: Bool) {
    if contents.sop || contents.taskHead?.usesPooler == true { contents.pooler = true }
    guard initializing, contents.taskHead == nil else { return }
    if contents.sop { contents.mlm = true }
    if contents.mlm && contents.pooler { contents.sop = true }
  }
}

/// The names of Hugging Face's PyTorch classes for one model.
struct HuggingFaceNames {
  private let names: OutputNames

  init(_ model: ExportModel) {
    names = .huggingFace(
      bare: model.contents.heads.isEmpty, innerLayers: model.config.innerGroupNum)
  }

  /// Every tensor that a safetensors file of those classes holds, tied ones once.
  func tensors(_ model: ExportModel) -> [OutputTensor] {
    model.tensors.flatMap { planned -> [OutputTensor] in
      let all = names.names(of: planned.spec.parameter)
      guard planned.spec.parameter.role == .mlmBias else {
        return all.prefix(1).map { planned.output(named: $0.name, $0.layout) }
      }
      // The head's own name; without a tied decoder the classes look for the decoder's bias too.
      let stored = model.contents.untiedDecoder ? all : all.filter(\.isCopy)
      return stored.map { planned.output(named: $0.name, $0.layout) }
    }
  }

  /// Further names of tensors, each with the one that it is tied to.
  func ties(_ model: ExportModel) -> [(name: String, tensor: String)] {
    guard model.contents.mlm else { return [] }
    let bias = names.names(of: Parameter(.mlmBias))
    let decoder = names.names(of: Parameter(.mlmDecoderWeight))
    let words = names.names(of: Parameter(.wordEmbeddings))
    let pairs =
      Array(zip(model.contents.untiedDecoder ? [] : decoder, words))
      + Array(zip(bias.filter { !$0.isCopy }, bias.filter(\.isCopy)))
    return pairs.map { (name: $0.name, tensor: $1.name) }
  }
}

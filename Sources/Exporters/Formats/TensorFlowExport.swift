internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors
internal import AlbertUpstreams

extension ExportFormat {
  /// A checkpoint that Google's TensorFlow 1 code restores: a folder, or index and shard alone.
  public static let tensorFlow = ExportFormat(TensorFlowExport.self)
}

/// A TensorFlow checkpoint that Google's own code restores: one data shard, its index, the state
/// file and `albert_config.json`.
///
/// A path that ends in `.index` names the checkpoint itself, which then lies without state and config
/// in a folder of the user's.
enum TensorFlowExport: OutputFormat {
  static let name = "tf-checkpoint"
  static let title = "a checkpoint for Google's TensorFlow code"
  static let endings = [".index"]
  static let writesFolder = true
  static let configBesideFile: String? = configName
  // Google's graph has float32 variables, and TensorFlow restores no other type into them.
  static let elementTypes: Set<ElementType> = [.float32]

  private static let configName = "albert_config.json"

  /// The name under which Google published its checkpoints.
  private static let prefix = "model.ckpt-best"

  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel {
    try GoogleTarget.adapt(model, initializing: initializing, path: path)
  }

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let prefix =
      model.fileName.map { $0.hasSuffix(".index") ? String($0.dropLast(6)) : $0 } ?? prefix
    let weights = ExportFile(
      TensorFlowCheckpointFiles.shard(prefix), .weights(try weights(model, prefix)))
    guard model.isFolder else { return [weights] }
    return [
      .json(configName, ConfigWriting.google(model.config)), weights,
      ExportFile("checkpoint", .bytes(TensorFlowCheckpointFiles.state(prefix))),
    ] + tokenizer(model)
  }

  private static func weights(
    _ model: ExportModel, _ prefix: String
  ) throws(FileError) -> WeightsFile {
    let names = OutputNames.googleTF1(innerLayers: model.config.innerGroupNum)
    let tensors = model.tensors.compactMap { planned -> OutputTensor? in
      // Google's code makes no projection where the two sizes are equal.
      let isOmitted =
        planned.spec.parameter.role.component == .projection
        && model.config.embeddingProjectionIsIdentity
      guard !isOmitted, let name = names.name(of: planned.spec.parameter) else { return nil }
      return planned.output(named: name.name, name.layout)
    }
    let layout = try TensorFlowBundleLayout(tensors.map(\.tensor), path: model.path)
    let companions: WeightsFile.Companions = { (written) throws(FileError) in
      [
        (
          name: TensorFlowCheckpointFiles.index(prefix),
          bytes: layout.index(written.tensors.checksums)
        )
      ]
    }
    return WeightsFile(tensors, layout, companions: companions)
  }

  /// The tokenizer's files, by the names of Google's releases.
  private static func tokenizer(_ model: ExportModel) -> [ExportFile] {
    let names = ["spiece.model": "30k-clean.model", "vocab.txt": "vocab.txt"]
    return model.passthrough.compactMap { passthrough in
      names[passthrough.name].map { ExportFile($0, passthrough.content) }
    }
  }
}

/// What Google's code can compute (google-research/albert, modeling.py, run_*.py).
enum GoogleTarget {
  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel {
    var result = model
    try checkProjection(model.config, path)
    changeConfig(&result)
    result.drop(
      \.untiedDecoder, code: "decoder",
      "Google's code has no vocabulary projection of its own: the logits would be computed with the "
        + "word embeddings")
    switch result.contents.taskHead {
    case .tokenClassification: result.dropTaskHead("Google's code has no head for tokens")
    case .multipleChoice: result.dropTaskHead("Google's code has no head for multiple choice")
    case .sequenceClassification, .questionAnswering, nil: break
    }
    // Every graph of Google's has a pooler.
    result.contents.pooler = true
    if initializing, result.contents.mlm || result.contents.sop {
      result.contents.mlm = true
      result.contents.sop = true
    }
    return result
  }

  /// Throws for weights that have no place at all: without a change of width Google's code makes no
  /// projection, and its config has no key to say otherwise.
  private static func checkProjection(
    _ config: AlbertConfig, _ path: String
  ) throws(FileError) {
    guard config.embeddingSize == config.hiddenSize, !config.embeddingProjectionIsIdentity else {
      return
    }
    throw FileError(
      path,
      .inexpressible(
        "Google's code makes no projection where embedding and hidden size are equal "
          + "(\(config.hiddenSize)), and the source has one"),
      remedy: "choose another format")
  }

  private static func changeConfig(_ result: inout TargetModel) {
    let config = result.config
    switch config.hiddenAct {
    case .geluErf:
      result.change(
        \.hiddenAct, to: .geluTanh, code: "activation",
        "Google's code knows no gelu_erf: its gelu would compute gelu_tanh")
    case .silu:
      result.change(
        \.hiddenAct, to: .geluTanh, code: "activation",
        "Google's code knows no silu: it would compute gelu_tanh")
    case .geluTanh, .relu, .tanh: break
    }
    let epsilon = 1e-12
    result.change(
      \.layerNormEps, to: epsilon, code: "layer-norm-epsilon",
      "every LayerNorm of Google's code has the epsilon \(epsilon), not \(config.layerNormEps)")
    if result.contents.mlm {
      result.change(
        \.mlmLayerNormEps, to: epsilon, code: "mlm-layer-norm-epsilon",
        "the masked-LM head's LayerNorm in Google's code has the epsilon \(epsilon), not "
          + "\(config.mlmLayerNormEps)")
    } else {
      result.config.mlmLayerNormEps = epsilon
    }
    let rule = LayerMap.google(layers: config.numHiddenLayers, groups: config.numHiddenGroups)
    result.change(
      \.layerMap, to: rule, code: "group-map",
      "Google's code gives layer i the group int(i / layers * groups): the layers would use the "
        + "groups \(rule.groups) instead of \(config.layerMap.groups)")
  }
}

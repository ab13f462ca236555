internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors
internal import AlbertUpstreams

extension ExportFormat {
  /// A KerasHub preset, or one file (`.weights.h5`).
  public static let keras3H5 = ExportFormat(Keras3H5Export.self)
}

/// `.weights.h5` of Keras 3 for KerasHub's classes: one file, or the preset that `from_preset` loads.
enum Keras3H5Export: OutputFormat {
  static let name = "keras3-h5"
  static let title = "a file or preset for KerasHub's classes"
  static let endings = [".weights.h5"]
  static let writesFolder = true
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16]

  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel {
    try KerasHubTarget.adapt(model, path: path)
  }

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let task = ConfigWriting.KerasHubTask(model.contents)
    guard let name = model.fileName else { return try preset(model, task) }
    let weights = KerasHubWeights(
      task == nil ? .backbone : .task, task, model, of: model.tensors)
    return [ExportFile(name, .weights(try weights.file(model.path)))]
  }

  /// The backbone's files, and those of its task and of its tokenizer where there are such.
  private static func preset(
    _ model: ExportModel, _ task: ConfigWriting.KerasHubTask?
  ) throws(FileError) -> [ExportFile] {
    let backbone = model.tensors.filter { !$0.spec.parameter.role.isOfHead }
    let vocabulary = KerasHubVocabulary.file(of: model)
    let hasTokenizer = vocabulary != nil
    let metadata = ConfigWriting.kerasHubMetadata(
      task, parameterCount: backbone.reduce(0) { $0 + $1.spec.shape.count },
      hasTokenizer: hasTokenizer)
    var files = [
      .json("config.json", ConfigWriting.kerasHub(model.config, type: model.elementType)),
      .json("metadata.json", metadata),
      ExportFile(
        "model.weights.h5",
        .weights(try KerasHubWeights(.backbone, nil, model, of: backbone).file(model.path))),
    ]
    if let task {
      let config = ConfigWriting.kerasHub(
        task, model.config, type: model.elementType, hasTokenizer: hasTokenizer)
      let head = model.tensors.filter { $0.spec.parameter.role.isOfHead }
      files += [
        .json("task.json", config),
        ExportFile(
          "task.weights.h5",
          .weights(try KerasHubWeights(.head, task, model, of: head).file(model.path))),
      ]
    }
    guard let vocabulary else { return files }
    files.append(.json("tokenizer.json", ConfigWriting.tokenizer))
    if let task {
      files.append(.json("preprocessor.json", ConfigWriting.preprocessor(task, model.config)))
    }
    return files + [vocabulary]
  }
}

extension ParameterRole {
  /// Whether it belongs to a task and not to its backbone.
  fileprivate var isOfHead: Bool {
    switch component {
    case .mlmHead, .sopHead, .taskHead: true
    case .embeddings, .projection, .encoder, .pooler: false
    }
  }
}

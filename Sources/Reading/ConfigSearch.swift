internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertJSON
internal import AlbertNativeFormat
internal import SystemPackage
internal import AlbertTensors
internal import AlbertUpstreams

/// The way to a source's config: the one that the user named, the one that the container holds, or
/// one that lies beside the weights.
struct ConfigSearch {
  /// A config and where it was.
  struct Found {
    fileprivate(set) var config: PartialConfig
    let source: ConfigSource
    let file: SourceFile?
  }

  private let archive: any TensorArchive
  private let options: InspectionOptions
  /// Whose weights they are, where that is known already.
  private let upstream: (any Upstream.Type)?

  init(
    _ archive: any TensorArchive, _ options: InspectionOptions,
    for upstream: (any Upstream.Type)? = nil
  ) {
    self.archive = archive
    self.options = options
    self.upstream = upstream
  }

  /// The config, nil where there is none.
  func run() throws(FileError) -> Found? {
    if let stated = options.stated {
      return Found(config: stated, source: .embedded, file: nil)
    }
    if let named = options.config { return Found(try ConfigFile.named(named, for: upstream)) }
    guard let file = archive.files.first else { return nil }
    if let embedded = try embedded(Self.embeddedKeys, of: archive, in: file.path) {
      return Found(config: embedded, source: .embedded, file: nil)
    }
    let carried = try carried(by: archive, in: file.path)
    let folder = file.path.removingLastComponent().orCurrentFolder
    var beside = try ConfigFile.beside(folder, for: upstream)
    if beside == nil { beside = try aboveSavedModel(folder) }
    if let beside {
      return Found(carried.map { beside.compared(withCarried: $0.config) } ?? beside)
    }
    if let carried { return carried }
    if let above = ModelFolder.above(folder),
      let found = try ConfigFile.usual(in: above, for: upstream)
    {
      return Found(found)
    }
    return try inKerasArchive(beside: file.path)
  }

  /// Where containers keep a config: `.keras` archives as a member, Keras' H5 files as an attribute;
  /// ONNX models and safetensors files that this package wrote have the native file's.
  private static let embeddedKeys = ["config.json", "model_config"]
  /// Where what was saved with the program around the model has one: a whole model's pickle, or the
  /// settings of a training loop; Keras' description of its layers.
  private static let carriedKeys = ["pickled_config"] + embeddedKeys

  private func embedded(
    _ keys: [String], of archive: any TensorArchive, in path: FilePath
  ) throws(FileError) -> PartialConfig? {
    for key in keys {
      guard let text = archive.metadata[key] else { continue }
      let json = try JSONValue.parse(Array(text.utf8), path: path.string)
      guard let found = ConfigDialects.read(json, for: upstream) else { continue }
      if isCarried(key, found.dialect) == (keys == Self.carriedKeys) { return found.config }
    }
    // A safetensors file may come to lie beside a config, which is what its own libraries read.
    let nativeKeys =
      archive.format == SafetensorsFormat.name ? Self.carriedKeys : Self.embeddedKeys
    guard keys == nativeKeys, let text = archive.metadata[NativeProfile.Key.config.rawValue]
    else { return nil }
    let stated = try NativeConfig.read(text, path: path.string)
    var config = PartialConfig(stated.config)
    config.taskHead = stated.contents.taskHead
    return config
  }

  private func isCarried(_ key: String, _ dialect: any ConfigDialect.Type) -> Bool {
    !Self.embeddedKeys.contains(key) || ConfigDialects.isOfAProgram(dialect)
  }

  /// The config that the program around the model had, which the user may have stated anew beside it.
  private func carried(by archive: any TensorArchive, in path: FilePath) throws(FileError) -> Found?
  {
    var found = try embedded(Self.carriedKeys, of: archive, in: path).map {
      Found(config: $0, source: .embedded, file: nil)
    }
    if found == nil, archive.format == SavedModelFormat.name {
      found = try inKerasMetadata(of: path.removingLastComponent().orCurrentFolder)
    }
    // What else a program keeps with them is not a config's.
    found?.config.findings.removeAll { $0.code == "config-unknown-key" }
    return found
  }

  /// What Keras says of a SavedModel's layers, beside the graph and above the variables.
  private func inKerasMetadata(of folder: FilePath) throws(FileError) -> Found? {
    for place in [folder, folder.appending("..")] {
      let path = place.appending(KerasMetadata.name)
      guard try path.found() != nil else { continue }
      let read = try FileError.ifReadable { () throws(FileError) in
        let file = try SourceFile(path)
        return (file, try KerasMetadata.layers(file))
      }
      guard let (file, layers) = read, let found = ConfigDialects.read(layers, for: upstream)
      else { continue }
      return Found(config: found.config, source: .file(file.name), file: file)
    }
    return nil
  }

  /// A SavedModel's config lies beside the whole folder, which has up to three levels, or, in TensorFlow
  /// Hub's modules, in its `assets`.
  private func aboveSavedModel(_ folder: FilePath) throws(FileError) -> ConfigFile? {
    guard archive.format == SavedModelFormat.name else { return nil }
    var place = folder
    for level in 0...3 {
      if level > 0, let found = try ConfigFile.usual(in: place, for: upstream) { return found }
      // The folder with the graph, or that of the variables in it.
      if level < 2,
        let found = try ConfigFile.usual(in: place.appending("assets"), for: upstream)
      {
        return found
      }
      place = place.appending("..")
    }
    return nil
  }

  /// The whole model of which `name.weights.h5` holds the weights: `name.keras`.
  private func inKerasArchive(beside weights: FilePath) throws(FileError) -> Found? {
    guard let name = weights.lastComponent?.dropping(".weights.h5") else { return nil }
    let path = weights.replacingLastComponent(with: name.adding(".keras"))
    let opened = try FileError.ifReadable { () throws(FileError) in
      try ArchiveRegistry.open(path, options.archive)
    }
    guard let keras = opened, let file = keras.files.first else { return nil }
    var config = try embedded(Self.embeddedKeys, of: keras, in: path)
    if config == nil { config = try carried(by: keras, in: path)?.config }
    guard let config else { return nil }
    return Found(config: config, source: .file(file.name), file: file)
  }
}

extension ConfigSearch.Found {
  /// The same as the tensors want it: their sizes count before mere defaults, and where the word table is
  /// a product, embeddings are as wide as the layers.
  func fitted(to shown: PartialConfig, narrowWords: TensorDescription?) -> Self {
    var config = config.yielding(to: shown)
    if let width = narrowWords?.shape.dimensions.last {
      if let stated = config.embeddingSize, stated != width,
        config.defaults["embedding_size"] == nil
      {
        config.findings.add(
          .error, code: "config-mismatch",
          "embedding_size: expected \(stated) by the config, found \(width) in "
            + "'\(narrowWords?.name ?? "")'",
          remedy: "name the config that belongs to the weights with \(.config)",
          tensor: narrowWords?.name)
      }
      config.embeddingSize = nil
    }
    return Self(config: config, source: source, file: file)
  }

  /// A config in a file of its own.
  init(_ file: ConfigFile) {
    self.init(config: file.config, source: .file(file.file.name), file: file.file)
  }
}

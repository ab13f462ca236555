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
    let config: PartialConfig
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
    var pickled = try embedded([Self.pickledKey], of: archive, in: file.path)
    // What else a training loop keeps with them is not a config's.
    pickled?.findings.removeAll { $0.code == "config-unknown-key" }
    let folder = file.path.removingLastComponent().orCurrentFolder
    if let beside = try ConfigFile.beside(folder, for: upstream) {
      return Found(pickled.map(beside.compared(withPickled:)) ?? beside)
    }
    if let pickled { return Found(config: pickled, source: .embedded, file: nil) }
    if let above = ModelFolder.above(folder),
      let found = try ConfigFile.usual(in: above, for: upstream)
    {
      return Found(found)
    }
    if archive.format == Self.savedModel, let above = try above(folder) { return Found(above) }
    return try inKerasArchive(beside: file.path)
  }

  /// Where containers keep a config: `.keras` archives as a member, Keras' H5 files as an attribute;
  /// ONNX models that this package wrote have the native file's.
  private static let embeddedKeys = ["config.json", "model_config"]
  /// Where PyTorch's pickles have one: a whole model's, or the settings of a training loop.
  private static let pickledKey = "pickled_config"
  private static let savedModel = "saved-model"

  private func embedded(
    _ keys: [String], of archive: any TensorArchive, in path: FilePath
  ) throws(FileError) -> PartialConfig? {
    for key in keys {
      guard let text = archive.metadata[key] else { continue }
      let json = try JSONValue.parse(Array(text.utf8), path: path.string)
      if let found = ConfigDialects.read(json, for: upstream) { return found.config }
    }
    guard keys == Self.embeddedKeys else { return nil }
    return try archive.metadata[NativeProfile.Key.config.rawValue].map { (text) throws(FileError) in
      PartialConfig(try NativeConfig.config(text, path: path.string))
    }
  }

  /// A SavedModel's config lies beside the whole folder, which has up to three levels, or, in TensorFlow
  /// Hub's modules, in its `assets`.
  private func above(_ folder: FilePath) throws(FileError) -> ConfigFile? {
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
    guard let keras = opened,
      let config = try embedded(Self.embeddedKeys, of: keras, in: path),
      let file = keras.files.first
    else { return nil }
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

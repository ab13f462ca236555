package import AlbertBytes
internal import AlbertJSON
package import SystemPackage
package import AlbertTensors

/// Adapters of peft: the way from a model and an adapter, or from a model that still holds one, to the
/// model with the adapter merged into it.
package enum Adapters {
  /// What came out.
  package struct Merged {
    /// The model.
    package let archive: any TensorArchive
    /// What the adapter is for, such as `SEQ_CLS`, where its config says so.
    package let task: String?
  }

  /// The names under which peft saves an adapter's weights.
  private static let weights: [FilePath.Component] = [
    "adapter_model.safetensors", "adapter_model.bin",
  ]

  /// The model with an adapter merged into it: the one that it holds itself, or the one at `path`, a
  /// folder or one of its files.
  ///
  /// Throws for an adapter alone, and for one that cannot be merged.
  package static func merged(
    _ archive: any TensorArchive, adapter path: FilePath?, _ options: ArchiveOptions
  ) throws(FileError) -> Merged {
    let own = archive.files.first?.path ?? ""
    let folder = own.removingLastComponent()
    let parts = archive.tensors.map { AdapterPart.parse($0.name).part }
    if archive.tensors.contains(where: { AdapterHub.owns($0.name) }) {
      let config = try? JSONValue.parse(SourceFile(folder.appending(AdapterConfig.name)))
      throw AdapterHub.error(config, names: archive.tensors.map(\.name), path: own.string)
    }
    for case .foreign(let method) in parts {
      // What its config says comes first, so that both ways to name it end alike.
      _ = try config(nil, beside: folder)
      throw unmergeable(method, own.string)
    }
    let isAdapted = parts.contains {
      if case .plain = $0 { false } else { true }
    }
    guard isAdapted else {
      guard let path else { return Merged(archive: noting(archive, folder), task: nil) }
      let adapter = try open(path, options)
      let joined = JoinedArchive(archive, adapter.archive, config: adapter.config.file)
      return Merged(
        archive: try AdapterMerge(joined, adapter.config, isJoined: true).run(),
        task: adapter.config.task)
    }
    guard isWhole(parts) else { throw alone(own, archive) }
    // A model that holds its adapter: only what is in no tensor is wanted.
    let config = try config(path, beside: folder)
    return Merged(
      archive: try AdapterMerge(archive, config ?? .usual, isJoined: false).run(),
      task: config?.task)
  }

  /// Whether a model's own tensors are there beside an adapter's.
  private static func isWhole(_ parts: [AdapterPart]) -> Bool {
    parts.contains {
      switch $0 {
      case .base(_, let name): name == "weight"
      case .plain(let name): name.hasSuffix("LayerNorm.weight")
      default: false
      }
    }
  }

  private static func config(
    _ path: FilePath?, beside folder: FilePath
  ) throws(FileError) -> AdapterConfig? {
    guard let path else { return try AdapterConfig(in: folder) }
    return try AdapterConfig(path.extension == "json" ? path : path.appending(AdapterConfig.name))
  }

  /// The adapter at `path`, a folder or the file of its weights.
  private static func open(
    _ path: FilePath, _ options: ArchiveOptions
  ) throws(FileError) -> (archive: any TensorArchive, config: AdapterConfig) {
    var file = path
    if try path.found()?.type == .directory {
      // What a config says of another kind of adapter comes before what its weights are called.
      _ = try AdapterConfig(in: path)
      var first: FilePath?
      for name in weights where first == nil {
        if try path.appending(name).found() != nil { first = path.appending(name) }
      }
      guard let found = first else {
        throw FileError(
          path.string, .missing("'adapter_model.safetensors', an adapter's weights,"),
          remedy: "name the folder that peft saved the adapter to")
      }
      file = found
    }
    guard file.extension != "json" else {
      throw FileError(
        path.string, .wrongKind(expected: "an adapter's weights", found: "a config"),
        remedy: "name the adapter's folder: the model holds no adapter of its own")
    }
    let archive = try ArchiveRegistry.open(file, options)
    guard let config = try AdapterConfig(in: file.removingLastComponent()) else {
      throw FileError(
        path.string, .missing("'adapter_config.json', which says how much the adapter adds,"),
        remedy: "put the config that peft saved beside the adapter's weights")
    }
    return (archive, config)
  }

  /// The archive with a warning where an adapter lies beside it, of which nothing was merged.
  private static func noting(_ archive: any TensorArchive, _ folder: FilePath) -> any TensorArchive
  {
    guard archive.files.first.map({ !weights.contains($0.path.lastComponent ?? "") }) == true,
      folder.appending(AdapterConfig.name).exists,
      weights.contains(where: { folder.appending($0).exists })
    else { return archive }
    let shown = folder.orCurrentFolder.string
    let note = ArchiveNote(
      .warning, code: "adapter-beside",
      message: "an adapter lies beside this model and was not merged into it",
      remedy: "state \(.adapter(shown)) to merge it")
    return (try? DerivedArchive(archive, [], notes: [note])) ?? archive
  }

  // MARK: Errors

  private static func unmergeable(_ method: String, _ path: String) -> FileError {
    FileError(
      path,
      .rejected(
        code: "adapter-kind",
        message:
          "these are an adapter's tensors, of the method \(method); LoRA alone is merged here"),
      remedy: method == AdapterPart.prompts ? AdapterConfig.promptRemedy : AdapterConfig.remedy)
  }

  /// The error for an adapter that is named as a model.
  private static func alone(_ path: FilePath, _ archive: any TensorArchive) -> FileError {
    let folder = path.removingLastComponent()
    let config: AdapterConfig?
    do throws(FileError) { config = try AdapterConfig(in: folder) } catch { return error }
    let count = archive.tensors.filter {
      if case .factor(_, let factor, false) = AdapterPart.parse($0.name).part {
        factor == .a || factor == .embeddingA
      } else {
        false
      }
    }.count
    let base = config?.base.map { "'\($0)'" } ?? "a model that nothing names"
    let shown = folder.orCurrentFolder.string
    return FileError(
      path.string,
      .rejected(
        code: "adapter-alone",
        message:
          "this is a LoRA adapter for \(base), which changes \(count) matrices of it, and no "
          + "model by itself"),
      remedy: "name its base as the source: \(.conversion(config?.base ?? "BASE", adapter: shown))")
  }
}

internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertGraphRecognition
internal import AlbertNativeFormat
internal import SystemPackage
internal import AlbertTensors
internal import AlbertUpstreams

extension Inspection {
  /// A model that was recognised, and the names by which it was.
  struct Recognition {
    let candidate: Candidate
    /// One name per tensor, in the archive's order.
    let names: [String]
  }

  /// Finds the one model in a file, or the one at `prefix`.
  ///
  /// Throws where there is none, or several.
  static func recognise(
    _ archive: any TensorArchive, path: FilePath, prefix: String?, hint: PartialConfig?
  ) throws(FileError) -> Recognition {
    let isNative = archive.metadata[NativeProfile.Key.profile.rawValue] != nil
    let format = isNative ? UpstreamRegistry.native : archive.format
    if let graph = archive.graph {
      return try recognise(graph, archive, path: path, prefix: prefix, hint: hint)
    }
    func candidates(_ names: [String]) -> [Candidate] {
      UpstreamRegistry.candidates(
        for: FileNames(
          names, shapes: archive.tensors.map(\.shape), groups: Set(archive.attributes.keys)),
        format: format, prefix: prefix)
    }
    let known = TensorNames(archive)
    var partly: Recognition?
    for names in known.choices {
      guard let only = try only(candidates(names), path: path) else { continue }
      if let name = only.widePositions, let kind = ForeignNames.widePositions,
        let tensor = zip(names, archive.tensors).first(where: { $0.0 == name })?.1
      {
        throw refusal(kind, tensor, archive, path: path)
      }
      if only.hasBlocks {
        // A head that lies outside of what is wrapped is the model's own too.
        if let bare = known.unwrapped, let fuller = candidates(bare).first,
          fuller.explained > only.explained
        {
          return Recognition(candidate: fuller, names: bare)
        }
        return Recognition(candidate: only, names: names)
      }
      partly = partly ?? Recognition(candidate: only, names: names)
    }
    // What has an ALBERT's embeddings and no layer of it may be another model.
    if let kind = foreign(archive, path: path) { throw kind }
    if let partly { return partly }
    if prefix == nil, let missing = missingWordTable(archive, path: path) { throw missing }
    throw notAlbert(archive, path: path, prefix: prefix)
  }

  /// Finds the one model in a graph, whose tensors' names tell little.
  private static func recognise(
    _ graph: OperatorGraph, _ archive: any TensorArchive, path: FilePath, prefix: String?,
    hint: PartialConfig?
  ) throws(FileError) -> Recognition {
    let found = try ExportedGraph.candidates(
      in: graph, prefix: prefix, hint: hint, content: archive.read)
    if let only = try only(found, path: path) {
      return Recognition(candidate: only, names: archive.tensors.map(\.name))
    }
    if let kind = foreign(archive, path: path) { throw kind }
    guard prefix == nil else { throw notAlbert(archive, path: path, prefix: prefix) }
    throw FileError(
      path.string,
      .rejected(
        code: "not-albert",
        message: "no ALBERT is found in the graph: \(GraphReader.obstacle(in: graph))"),
      remedy:
        "check that this is the file you meant, or export the model again without optimisation")
  }

  private static func only(
    _ candidates: [Candidate], path: FilePath
  ) throws(FileError) -> Candidate? {
    guard candidates.count > 1 else { return candidates.first }
    throw FileError(
      path.string,
      .ambiguous(
        of: "ALBERT in this file", candidates: candidates.map { "'\($0.place.prefix)'" }),
      remedy: "say which one with \(.prefix())")
  }

  /// The error for a model of another architecture, by the first name that betrays it.
  private static func foreign(_ archive: any TensorArchive, path: FilePath) -> FileError? {
    for tensor in archive.tensors {
      guard let kind = ForeignNames.kind(of: tensor.name) else { continue }
      return refusal(kind, tensor, archive, path: path)
    }
    return nil
  }

  private static func refusal(
    _ kind: ForeignNames.Kind, _ tensor: TensorDescription, _ archive: any TensorArchive,
    path: FilePath
  ) -> FileError {
    FileError(
      path.string,
      .rejected(
        code: kind.code,
        message: "expected an ALBERT, found '\(tensor.name.short)' \(tensor.shape): \(kind.reason)"
          + (modelType(beside: archive).map { " (its config says '\($0)')" } ?? "")),
      remedy: kind.remedy)
  }

  /// What the config beside the weights calls another kind of model.
  private static func modelType(beside archive: any TensorArchive) -> String? {
    guard let file = archive.files.first else { return nil }
    let folder = file.path.removingLastComponent().orCurrentFolder
    let type = (try? ConfigFile.modelType(in: folder)) ?? nil
    return type == "albert" ? nil : type
  }

  private static func notAlbert(
    _ archive: any TensorArchive, path: FilePath, prefix: String?
  ) -> FileError {
    let names = archive.tensors.map(\.name)
    let shown = names.sorted().prefix(3).map(\.short).joined(separator: ", ")
    if !names.isEmpty, names.allSatisfy({ $0.hasPrefix("state.") || $0.contains(".state.") }) {
      return FileError(
        path.string,
        .rejected(
          code: "not-albert",
          message: "this is an optimizer's state, which holds no model's weights"),
        remedy: "name the model's weights beside it")
    }
    let place = prefix.map { " under '\($0)'" } ?? ""
    let note = archive.notes.first { $0.code == "shard-alone" }.map { "; \($0.message)" } ?? ""
    return FileError(
      path.string,
      .rejected(
        code: "not-albert",
        message: "expected an ALBERT's word embeddings and layers\(place), found none among "
          + "\(names.count) tensors" + (shown.isEmpty ? "" : " (\(shown), …)") + note),
      remedy: "check that this is the file you meant")
  }
}

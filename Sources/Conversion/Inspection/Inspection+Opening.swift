internal import Albert
internal import Archives
public import Bytes
internal import JSON
internal import NativeFormat
public import SystemPackage
internal import Tensors
internal import Upstreams

extension Inspection {
  /// Opens a source and finds out what it is.
  ///
  /// Reads headers only.
  ///
  /// Throws where nothing can be said of it: no file, a malformed one, no ALBERT in it, or several.
  public static func open(
    _ path: FilePath, _ options: InspectionOptions = InspectionOptions()
  ) throws(FileError) -> Inspection {
    let located = try ArchiveRegistry.locate(path)
    let archive = try located.format.open(located.path, options.archive)
    let names = Set(archive.tensors.map(\.name))
    let candidate = try candidate(in: names, archive, path: path, prefix: options.prefix)
    if archive.metadata[NativeProfile.Key.profile.rawValue] != nil, let file = archive.files.first {
      return try native(path, archive, candidate, header: NativeHeader(reading: file))
    }
    let file = try configFile(path, archive, options)
    let tensors = Dictionary(
      archive.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let inferred = ShapeInference.config(of: candidate, tensors)
    let partial = (file?.config ?? PartialConfig()).filled(from: inferred)
    var builder = InspectionBuilder(archive: archive, candidate: candidate, partial: partial)
    builder.findings += passedOver(located, archive) + archive.notes.map(Finding.init)
    return builder.finish(
      path, file?.file, configSource: file.map { .file($0.file.name) } ?? .inferred)
  }

  /// A note of the other checkpoints in the folder; shards of this one are none.
  private static func passedOver(
    _ located: ArchiveRegistry.Located, _ archive: any TensorArchive
  ) -> [Finding] {
    let own = Set(archive.files.map(\.name))
    let others = located.passedOver.filter { !own.contains($0) }
    guard !others.isEmpty else { return [] }
    let read = located.path.lastComponent?.string ?? ""
    return [
      Finding(
        .note, code: "passed-over", "read \(read); passed over \(others.joined(separator: ", "))")
    ]
  }

  private static func native(
    _ path: FilePath, _ archive: any TensorArchive, _ candidate: UpstreamRegistry.Candidate,
    header: NativeHeader
  ) -> Inspection {
    let meanings = candidate.meanings(
      groups: header.config.numHiddenGroups, innerLayers: header.config.innerGroupNum)
    return Inspection(
      path: path, archive: archive, format: UpstreamRegistry.native, candidate: candidate,
      partialConfig: PartialConfig(header.config), config: header.config, configSource: .embedded,
      configFile: nil, contents: header.contents,
      assignments: archive.tensors.map {
        TensorAssignment(tensor: $0, purpose: .init(meanings[$0.name]) ?? .unexpected)
      }, findings: [])
  }

  /// The place in the file where the model is, as the names tell, or as the user said.
  private static func candidate(
    in names: Set<String>, _ archive: any TensorArchive, path: FilePath, prefix: String?
  ) throws(FileError) -> UpstreamRegistry.Candidate {
    let isNative = archive.metadata[NativeProfile.Key.profile.rawValue] != nil
    var candidates = UpstreamRegistry.candidates(for: names, native: isNative)
    if let prefix {
      candidates = candidates.filter { candidate in
        let place = candidate.place.prefix
        return place == prefix || place.dropLast() == prefix
      }
    }
    guard let best = candidates.first else {
      let kind = names.sorted().lazy.compactMap(ForeignNames.kind).first
      if let kind {
        throw FileError(
          path.string, .rejected(code: kind.code, message: kind.reason),
          remedy: "use a tool for that kind of model")
      }
      let shown = names.sorted().prefix(3).joined(separator: ", ")
      throw FileError(
        path.string,
        .rejected(
          code: "not-albert",
          message:
            "no ALBERT is among its \(names.count) tensors"
            + (prefix.map { " under '\($0)'" } ?? "") + (shown.isEmpty ? "" : " (\(shown), …)")),
        remedy: "check that this is the file you meant")
    }
    guard candidates.count == 1 else {
      throw FileError(
        path.string,
        .ambiguous(
          of: "ALBERT in this file", candidates: candidates.map { "'\($0.place.prefix)'" }),
        remedy: "say which one with --prefix")
    }
    return best
  }

  private static func configFile(
    _ path: FilePath, _ archive: any TensorArchive, _ options: InspectionOptions
  ) throws(FileError) -> ConfigFile? {
    if let config = options.config { return try .named(config) }
    guard let first = archive.files.first else { return nil }
    return try .beside(first.path.removingLastComponent().orCurrentFolder)
  }
}

extension FilePath {
  /// The path, or `.` where it is empty.
  var orCurrentFolder: FilePath { isEmpty ? FilePath(".") : self }
}

extension Finding {
  /// A container's note as a finding.
  init(_ note: ArchiveNote) {
    self.init(
      note.severity == .warning ? .warning : .note, code: note.code, note.message,
      tensor: note.tensor)
  }
}

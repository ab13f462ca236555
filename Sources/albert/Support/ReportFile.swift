import AlbertArchives
import AlbertBytes
import AlbertReports
import SystemPackage

/// A file that a report goes to: whole or not at all, over an older report of its kind if need be.
struct ReportFile {
  /// What the report is.
  let kind: ReportKind
  private let place: OutputPlace

  /// Throws where the report would take the place of one of the files that are read, or, unless
  /// `replacing`, of anything but another report of its kind.
  init(
    _ path: OutputPath, _ kind: ReportKind, replacing: Bool, besides inputs: [SourceFile]
  ) throws(FileError) {
    self.kind = kind
    place = try OutputArgument.place(path.file(for: "a \(kind.title)"))
    try inputs.refuseOverwriting(place.path)
    if place.kind == .folder {
      throw FileError(
        place.path.string, .wrongKind(expected: "a file", found: "a folder"),
        remedy: "name a file for the \(kind.title)")
    }
    guard place.kind == .file, !replacing else { return }
    // Whatever cannot be read is not a report.
    let file = try? SourceFile(place.target)
    let head = try? file?.bytes(at: 0, count: min(ReportKind.headSize, file?.size ?? 0))
    if let head, kind.isOwn(head) { return }
    throw FileError(
      place.path.string,
      .rejected(
        code: "exists",
        message: "\(Self.what(place.target)) is there, and no \(kind.title) of albert's"),
      remedy: "name another file for the \(kind.title), or pass --force to replace what is there")
  }

  /// What a file is that is not a report.
  private static func what(_ path: FilePath) -> String {
    guard let format = try? ArchiveRegistry.locate(path).format else { return "another file" }
    return "a model (\(format.name))"
  }

  /// Writes the report.
  func write(_ text: String) throws(FileError) {
    let file = try AtomicFile(at: place, replacing: true)
    try file.write(Array(text.utf8))
    try file.commit()
  }
}

extension ReportFile {
  /// The reports of one command, each at a place of its own.
  ///
  /// Throws as `init` does; nothing is written before all places are known to be good.
  static func all(
    _ reports: [(path: OutputPath, kind: ReportKind)], replacing: Bool, besides inputs: [SourceFile]
  ) throws(FileError) -> [ReportFile] {
    var files: [ReportFile] = []
    for (path, kind) in reports {
      files.append(try ReportFile(path, kind, replacing: replacing, besides: inputs))
    }
    return files
  }
}

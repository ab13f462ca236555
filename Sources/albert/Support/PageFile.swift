import AlbertArchives
import AlbertBytes
import AlbertReports
import SystemPackage

/// The page that `--html` writes: whole or not at all, over an older page if need be.
struct PageFile {
  private let place: OutputPlace?

  /// Throws where the page would take the place of one of the files that are read, or, unless
  /// `replacing`, of anything but another page.
  init(_ path: OutputPath?, replacing: Bool, besides inputs: [SourceFile]) throws(FileError) {
    place = try path.map { (path) throws(FileError) in
      try OutputArgument.place(path.file(for: "a page"))
    }
    guard let place else { return }
    try inputs.refuseOverwriting(place.path)
    if place.kind == .folder {
      throw FileError(
        place.path.string, .wrongKind(expected: "a file", found: "a folder"),
        remedy: "name a file for the page")
    }
    guard place.kind == .file, !replacing else { return }
    // Whatever cannot be read is not a page.
    let file = try? SourceFile(place.target)
    let head = try? file?.bytes(at: 0, count: min(HTMLPage.headSize, file?.size ?? 0))
    if let head, HTMLPage.isPage(head) { return }
    throw FileError(
      place.path.string,
      .rejected(
        code: "exists", message: "\(Self.what(place.target)) is there, and no page of albert's"),
      remedy: "name another file for the page, or pass --force to replace what is there")
  }

  /// What a file is that is not a page.
  private static func what(_ path: FilePath) -> String {
    guard let format = try? ArchiveRegistry.locate(path).format else { return "another file" }
    return "a model (\(format.name))"
  }

  /// Whether a page is wanted.
  var isWanted: Bool { place != nil }

  /// Writes the page, where one is wanted.
  func write(_ page: @autoclosure () -> String) throws(FileError) {
    guard let place else { return }
    let file = try AtomicFile(at: place, replacing: true)
    try file.write(Array(page().utf8))
    try file.commit()
  }
}

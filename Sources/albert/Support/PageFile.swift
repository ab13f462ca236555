import Bytes
import SystemPackage

/// The page that `--html` writes: whole or not at all, over an older one if need be.
struct PageFile {
  private let path: FilePath?

  /// Throws where the page would take the place of one of the files that are read.
  init(_ path: String?, besides inputs: [SourceFile]) throws(FileError) {
    self.path = path.map { FilePath($0) }
    if let path = self.path { try inputs.refuseOverwriting(path) }
  }

  /// Whether a page is wanted.
  var isWanted: Bool { path != nil }

  /// Writes the page, where one is wanted.
  func write(_ page: @autoclosure () -> String) throws(FileError) {
    guard let path else { return }
    let file = try AtomicFile(path, replacing: true)
    try file.write(Array(page().utf8))
    try file.commit()
  }
}

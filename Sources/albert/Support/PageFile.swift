import AlbertBytes
import AlbertReports

/// The page that `--html` writes, where one is wanted.
struct PageFile {
  private let file: ReportFile?

  /// Throws as a report's file does.
  init(_ path: OutputPath?, replacing: Bool, besides inputs: [SourceFile]) throws(FileError) {
    file = try path.map { (path) throws(FileError) in
      try ReportFile(path, .page, replacing: replacing, besides: inputs)
    }
  }

  /// Whether a page is wanted.
  var isWanted: Bool { file != nil }

  /// Writes the page, where one is wanted.
  func write(_ page: @autoclosure () -> String) throws(FileError) {
    try file?.write(page())
  }
}

import Conversion
import SystemPackage
import Verification

/// Files that the upstream libraries wrote, and what they computed.
enum Fixtures {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures")

  static func model(_ name: String) throws -> LoadedModel {
    try LoadedModel(folder.appending(name))
  }

  static func recorded(_ name: String) throws -> RecordedFile {
    try RecordedFile(folder.appending(name))
  }
}

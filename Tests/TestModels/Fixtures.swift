internal import AlbertArchives
package import AlbertConversion
internal import AlbertReading
internal import AlbertTestSupport
package import AlbertVerification
package import SystemPackage

/// Files that the upstream libraries wrote, and what they computed.
package enum Fixtures {
  package static let folder = PackageFiles.fixtures

  /// The tool's executable, in whose workers HDF5 files are parsed.
  package static let worker = PackageFiles.tool

  /// A small model of each upstream.
  package static func upstream(_ name: String) throws -> LoadedModel {
    try LoadedModel(
      folder.appending("publishers").pushing(FilePath(name)),
      InspectionOptions(archive: ArchiveOptions(worker: worker)))
  }

  package static func model(_ name: String) throws -> LoadedModel {
    try LoadedModel(folder.pushing(FilePath(name)))
  }

  package static func recorded(_ name: String) throws -> GoldenFile {
    try GoldenFile(folder.pushing(FilePath(name)))
  }
}

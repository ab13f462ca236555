internal import AlbertArchives
internal import AlbertBytes
package import AlbertConversion
package import SystemPackage
package import AlbertVerification

/// Files that the upstream libraries wrote, and what they computed.
package enum Fixtures {
  package static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("VerificationTests").appending("Fixtures")

  /// The tool's executable, in whose workers HDF5 files are parsed; the package's build leaves it
  /// beside the test bundle.
  package static let worker: FilePath = {
    let beside = FilePath(CommandLine.arguments[0]).removingLastComponent().appending("albert")
    if (try? beside.stat()) != nil { return beside }
    // Some runners start the bundle from elsewhere; the build folder is then known by the sources.
    return folder.removingLastComponent().removingLastComponent().removingLastComponent()
      .appending(".build").appending("debug").appending("albert")
  }()

  /// A small model of each upstream, among the tests of conversions.
  package static func upstream(_ name: String) throws -> LoadedModel {
    let tests = folder.removingLastComponent().removingLastComponent()
    return try LoadedModel(
      tests.appending("ConversionTests").appending("Fixtures").appending(name),
      InspectionOptions(archive: ArchiveOptions(worker: worker)))
  }

  package static func model(_ name: String) throws -> LoadedModel {
    try LoadedModel(folder.appending(name))
  }

  package static func recorded(_ name: String) throws -> RecordedFile {
    try RecordedFile(folder.appending(name))
  }
}

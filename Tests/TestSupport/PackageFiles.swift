internal import AlbertBytes
package import SystemPackage

/// Files of the package itself.
///
/// Nothing else asks the compiler where a source file lies.
package enum PackageFiles {
  /// The package's folder.
  package static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  /// What tests read: a folder for each family, with how it is made.
  package static let fixtures = root.appending("Tests/Fixtures")

  /// The tool's executable, in whose workers HDF5 files are parsed; the package's build leaves it
  /// beside the test bundle.
  package static let tool: FilePath = {
    let beside = FilePath(CommandLine.arguments[0]).removingLastComponent().appending("albert")
    if (try? beside.stat()) != nil { return beside }
    // Some runners start the bundle from elsewhere; the build folder is then known by the sources.
    return root.appending(".build/debug/albert")
  }()
}

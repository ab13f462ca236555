import AlbertPlatform
import SystemPackage

/// What run.sh says by environment variables.
enum Environment {
  /// The folder of the input and its companions.
  static let folder = FilePath(variable("FUZZ_FOLDER") ?? "/tmp")

  /// The tool, whose worker parses HDF5.
  static let worker = variable("FUZZ_WORKER").map { FilePath($0) }

  /// The reader to feed.
  static let target = variable("FUZZ_TARGET")

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

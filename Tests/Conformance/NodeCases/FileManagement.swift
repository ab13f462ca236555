package import AlbertBytes
internal import AlbertPlatform
package import SystemPackage

/// Folders for a run and their end.
package enum FileManagement {
  /// A new, empty folder of the run's own.
  package static func folder() throws(FileError) -> FilePath {
    let root = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let path = FilePath(root).appending(
      "albertkit-nodes-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    guard unsafe path.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
      throw FileError(path.string, .system(operation: "create a folder", errno: errno))
    }
    return path
  }

  /// Removes a file, or a folder that is empty.
  package static func remove(_ path: FilePath) throws(FileError) {
    let status = unsafe path.withPlatformString { name in
      let status = unsafe unlink(name)
      return status == 0 ? 0 : unsafe rmdir(name)
    }
    guard status == 0 else {
      throw FileError(path.string, .system(operation: "remove", errno: errno))
    }
  }
}

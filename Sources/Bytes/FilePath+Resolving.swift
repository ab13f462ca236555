internal import AlbertPlatform
package import SystemPackage

extension FilePath {
  /// The path, or `.` where it is empty.
  package var orCurrentFolder: FilePath { isEmpty ? FilePath(".") : self }

  /// The absolute path without links and dots; nil, with `errno` set, where nothing is there.
  package var resolved: FilePath? {
    guard let resolved = unsafe withPlatformString({ unsafe realpath($0, nil) }) else {
      return nil
    }
    defer { unsafe free(resolved) }
    return unsafe FilePath(platformString: resolved)
  }
}

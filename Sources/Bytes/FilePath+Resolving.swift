internal import AlbertPlatform
package import SystemPackage

extension FilePath {
  /// The path, or `.` where it is empty.
  package var orCurrentFolder: FilePath { isEmpty ? FilePath(".") : self }

  /// Whether anything lies there that can be reached.
  package var exists: Bool { (try? stat()) != nil }

  /// Whether a folder lies there.
  package var isFolder: Bool { (try? stat())?.type == .directory }

  /// The absolute path without links and dots; nil, with `errno` set, where nothing is there.
  package var resolved: FilePath? {
    guard let resolved = unsafe withPlatformString({ unsafe realpath($0, nil) }) else {
      return nil
    }
    defer { unsafe free(resolved) }
    return unsafe FilePath(platformString: resolved)
  }
}

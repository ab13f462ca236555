internal import AlbertBytes
package import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A folder of a test's own, which disappears with it.
package final class Scratch {
  package let folder: FilePath

  package init() throws {
    let root = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    folder = FilePath(root).appending("albertkit-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    guard unsafe folder.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
      throw FileError(folder.string, .system(operation: "create a folder", errno: errno))
    }
  }

  deinit {
    unsafe folder.withPlatformString { name in
      let directory = unsafe opendir(name)
      guard let directory = unsafe directory else { return }
      while let entry = unsafe readdir(directory) {
        let file = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          let prefix = unsafe bytes.prefix { $0 != 0 }
          return unsafe String(decoding: prefix, as: UTF8.self)
        }
        let path = folder.appending(file)
        unsafe _ = path.withPlatformString { unsafe unlink($0) }
      }
      unsafe closedir(directory)
      unsafe rmdir(name)
    }
  }

  package func path(_ name: String) -> FilePath { folder.appending(name) }

  /// Writes a file.
  package func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
    let file = try AtomicFile(path(name), replacing: true)
    try file.write(bytes)
    try file.commit()
    return path(name)
  }
}

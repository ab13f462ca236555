import AlbertBytes
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of a test's own, which disappears with it.
final class Scratch {
  let folder: FilePath

  init() throws {
    let root = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    folder = FilePath(root).appending("albertkit-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    guard unsafe folder.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
      throw FileError(folder.string, .system(operation: "create a folder", errno: errno))
    }
  }

  deinit { Self.remove(folder) }

  /// Removes a file, or a folder with all in it.
  private static func remove(_ path: FilePath) {
    let isFolder = (try? path.stat(followTargetSymlink: false))?.type == .directory
    for name in (isFolder ? try? Folder.names(in: path) : nil) ?? [] {
      remove(path.appending(name))
    }
    unsafe _ = path.withPlatformString { unsafe isFolder ? rmdir($0) : unlink($0) }
  }

  func path(_ name: String) -> FilePath { folder.appending(name) }

  /// What a file holds.
  func text(_ name: String) throws -> String {
    let file = try SourceFile(path(name))
    return String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
  }

  /// Writes a file.
  func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
    let file = try AtomicFile(path(name), replacing: true)
    try file.write(bytes)
    try file.commit()
    return path(name)
  }
}

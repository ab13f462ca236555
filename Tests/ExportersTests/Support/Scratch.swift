import AlbertBytes
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of a test's own, which disappears with all in it.
final class Scratch {
  let folder: FilePath

  init() throws {
    let root = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    folder = FilePath(root).appending("albertkit-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    try make(folder)
  }

  deinit { Self.remove(folder) }

  func path(_ name: String) -> FilePath { folder.appending(name) }

  /// The names in a folder of it.
  func names(_ name: String = "") throws -> [String] {
    try Folder.names(in: name.isEmpty ? folder : path(name)).map(\.string)
  }

  /// Makes a folder.
  func make(_ path: FilePath) throws {
    guard unsafe path.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
      throw FileError(path.string, .system(operation: "create a folder", errno: errno))
    }
  }

  /// Makes a link.
  func link(_ name: String, to text: String) throws {
    let isMade = unsafe path(name).withPlatformString { unsafe symlink(text, $0) == 0 }
    guard isMade else {
      throw FileError(path(name).string, .system(operation: "create a link", errno: errno))
    }
  }

  /// Writes a file.
  @discardableResult func write(_ name: String, text: String) throws -> FilePath {
    try write(name, bytes: Array(text.utf8))
  }

  /// Writes a file.
  @discardableResult func write(_ name: String, bytes: [UInt8]) throws -> FilePath {
    let file = try AtomicFile(path(name), replacing: true)
    try file.write(bytes)
    try file.commit()
    return path(name)
  }

  /// Every file below a path, by its name there, with its bytes.
  func contents(_ name: String) throws -> [String: [UInt8]] {
    if let file = try? SourceFile(path(name)) {
      return ["": try file.bytes(at: 0, count: file.size)]
    }
    var found: [String: [UInt8]] = [:]
    for inner in try names(name) {
      for (rest, bytes) in try contents(name + "/" + inner) {
        found[rest.isEmpty ? inner : inner + "/" + rest] = bytes
      }
    }
    return found
  }

  private static func remove(_ path: FilePath) {
    for name in (try? Folder.names(in: path)) ?? [] { remove(path.appending(name)) }
    unsafe _ = path.withPlatformString { unsafe SystemRemoval.remove($0) }
  }
}

/// `remove`, under a name that the method of the class does not hide.
private enum SystemRemoval {
  static func remove(_ path: UnsafePointer<CChar>) -> Int32 {
    unsafe rmdir(path) == 0 ? 0 : unlink(path)
  }
}

internal import AlbertBytes
internal import AlbertPlatform
package import SystemPackage

/// A folder of a test's own, which disappears with all in it.
package final class Scratch: Sendable {
  package let folder: FilePath

  package init() throws {
    let root = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    folder = FilePath(root).appending("albertkit-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    try make(folder)
  }

  deinit { Self.remove(folder) }

  package func path(_ name: String) -> FilePath { folder.pushing(FilePath(name)) }

  /// The names in the folder, or in one of it.
  package func names(_ name: String = "") throws -> [String] {
    try Folder.names(in: path(name)).map(\.string).sorted()
  }

  /// What a file holds.
  package func bytes(_ name: String) throws -> [UInt8] {
    let file = try SourceFile(path(name))
    return try file.bytes(at: 0, count: file.size)
  }

  /// What a file of text holds.
  package func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// Every file below a path, by its name there, with its bytes; a file itself has no name there.
  package func contents(_ name: String) throws -> [String: [UInt8]] {
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

  /// Removes a file, a link, or a folder with all in it.
  private static func remove(_ path: FilePath) {
    let isFolder = (try? path.stat(followTargetSymlink: false))?.type == .directory
    for name in (isFolder ? try? Folder.names(in: path) : nil) ?? [] {
      remove(path.appending(name))
    }
    unsafe _ = path.withPlatformString { unsafe isFolder ? rmdir($0) : unlink($0) }
  }
}

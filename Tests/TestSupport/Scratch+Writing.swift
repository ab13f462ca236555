internal import AlbertPlatform
package import SystemPackage

extension Scratch {
  /// Makes a folder, and those above it.
  package func make(_ name: String) throws { try make(path(name)) }

  /// The same with a path from anywhere.
  package func make(_ path: FilePath) throws {
    var made = path.root.map { FilePath(root: $0) } ?? FilePath()
    for component in path.components {
      made.append(component)
      let isMade = unsafe made.withPlatformString { unsafe mkdir($0, 0o700) == 0 }
      guard isMade || errno == EEXIST else { throw Errno(rawValue: errno) }
    }
  }

  /// Makes a symbolic link.
  package func link(_ name: String, to target: FilePath) throws {
    let isMade = unsafe target.withPlatformString { target in
      unsafe path(name).withPlatformString { unsafe symlink(target, $0) == 0 }
    }
    guard isMade else { throw Errno(rawValue: errno) }
  }

  /// Writes a file, a new one where there was one before.
  @discardableResult package func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
    let path = path(name)
    unsafe _ = path.withPlatformString { unsafe unlink($0) }
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(bytes) }
    return path
  }

  /// Writes a file of text.
  @discardableResult package func write(_ name: String, text: String) throws -> FilePath {
    try write(name, Array(text.utf8))
  }
}

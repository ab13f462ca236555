import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Scratch {
  /// Makes the folder at a relative path and all above it.
  func folders(_ path: String) throws {
    var made = folder
    for component in FilePath(path).components {
      made.append(component)
      let result = unsafe made.withPlatformString { unsafe mkdir($0, 0o700) }
      guard result == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }
  }

  /// Makes a symbolic link.
  func link(_ name: String, to target: FilePath) throws {
    let path = folder.appending(name)
    let result = unsafe target.withPlatformString { target in
      unsafe path.withPlatformString { unsafe symlink(target, $0) }
    }
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  /// Runs `body` while the bits of one byte of an open file are turned over where they lie.
  static func changing(
    _ file: FileDescriptor, at offset: Int, from byte: UInt8, by bits: UInt8,
    _ body: () throws -> Void
  ) throws {
    func put(_ byte: UInt8) throws {
      _ = try unsafe withUnsafeBytes(of: byte) { bytes in
        try unsafe file.write(toAbsoluteOffset: Int64(offset), bytes)
      }
    }
    try put(byte ^ bits)
    try body()
    try put(byte)
  }

  /// Opens a file for changes.
  func changing(_ name: String, _ body: (FileDescriptor) throws -> Void) throws {
    let file = try FileDescriptor.open(folder.appending(name), .writeOnly)
    try file.closeAfter { try body(file) }
  }
}

import AlbertBytes
import AlbertTestSupport
import SystemPackage

/// Where the bytes are what matters, and hardly the name.
extension Scratch {
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String = "file") throws -> FilePath {
    try write(name, bytes)
  }

  /// Opens `bytes` as a file.
  func file(_ bytes: [UInt8], _ name: String = "file") throws -> SourceFile {
    try SourceFile(write(name, bytes))
  }

  /// Writes over a file where it lies, as one who changes a file does that another reads.
  func overwrite(_ name: String, _ bytes: [UInt8]) throws {
    let file = try FileDescriptor.open(folder.appending(name), .writeOnly, options: [.truncate])
    try file.closeAfter { _ = try file.writeAll(bytes) }
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

import AlbertBytes
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of its own for a test, which goes with the value.
final class Scratch {
  let folder: FilePath

  init() throws {
    let base = FilePath(unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp")
    folder = base.appending("albertkit-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    guard unsafe folder.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  deinit {
    remove(folder)
  }

  private func remove(_ folder: FilePath) {
    guard let handle = unsafe folder.withPlatformString({ unsafe opendir($0) }) else { return }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe names.append(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
      }
    }
    unsafe _ = closedir(handle)
    for name in names where name != "." && name != ".." {
      let path = folder.appending(name)
      if unsafe path.withPlatformString({ unsafe unlink($0) }) != 0 { remove(path) }
    }
    unsafe _ = folder.withPlatformString { unsafe rmdir($0) }
  }

  /// Writes `bytes` under `name` and gives the path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String = "file") throws -> FilePath {
    let path = folder.appending(name)
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate],
      permissions: FilePermissions(rawValue: 0o600))
    try file.closeAfter { _ = try file.writeAll(bytes) }
    return path
  }

  /// Opens `bytes` as a file.
  func file(_ bytes: [UInt8], _ name: String = "file") throws -> SourceFile {
    try SourceFile(write(bytes, name))
  }
}

/// The files that came with the tests.
enum Fixture {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures")

  static func path(_ name: String) -> FilePath { folder.pushing(FilePath(name)) }

  static func bytes(_ name: String) throws -> [UInt8] {
    let file = try SourceFile(path(name))
    return try file.bytes(at: 0, count: file.size)
  }
}

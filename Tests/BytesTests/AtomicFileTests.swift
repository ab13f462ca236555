import SystemPackage
import Testing

@testable import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder that is empty at first and gone afterwards.
final class ScratchFolder {
  let path = FilePath("/tmp/albertkit-\(UInt64.random(in: 0 ... .max))")

  init() {
    unsafe _ = path.withPlatformString { unsafe mkdir($0, 0o755) }
  }

  deinit {
    for name in names { unsafe _ = path.appending(name).withPlatformString { unsafe unlink($0) } }
    unsafe _ = path.withPlatformString { unsafe rmdir($0) }
  }

  var names: [String] {
    guard let handle = unsafe path.withPlatformString({ unsafe opendir($0) }) else { return [] }
    defer { unsafe _ = closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

@Suite struct AtomicFileTests {
  private func content(_ path: FilePath) throws -> [UInt8] {
    let file = try SourceFile(path)
    return try file.bytes(at: 0, count: file.size)
  }

  @Test func nothingIsThereBeforeTheCommit() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    let file = try AtomicFile(path, replacing: false)
    try file.write([1, 2, 3])
    #expect(!folder.names.contains("out"))
    try file.commit()
    #expect(folder.names == ["out"])
    #expect(try content(path) == [1, 2, 3])
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    let folder = ScratchFolder()
    do {
      let file = try AtomicFile(folder.path.appending("out"), replacing: false)
      try file.write([1])
    }
    #expect(folder.names.isEmpty)
  }

  @Test func anExistingFileIsKeptUnlessItMayBeReplaced() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    for (bytes, replacing) in [([UInt8(1)], false), ([2, 2], true)] {
      let file = try AtomicFile(path, replacing: replacing)
      try file.write(bytes)
      try file.commit()
      #expect(try content(path) == bytes)
    }
    let error = #expect(throws: FileError.self) { _ = try AtomicFile(path, replacing: false) }
    #expect(error?.problem == .exists)
    #expect(error?.remedy == "pass --force to replace it, or name another output")
    #expect(folder.names == ["out"])
  }

  @Test func aFileThatAppearsMeanwhileIsNotReplaced() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    let late = try AtomicFile(path, replacing: false)
    try late.write([1])
    let early = try AtomicFile(path, replacing: false)
    try early.write([2])
    try early.commit()
    let error = #expect(throws: FileError.self) { try late.commit() }
    #expect(error?.problem == .exists)
    #expect(try content(path) == [2])
  }

  @Test func writesAtOffsetsMeet() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    let file = try AtomicFile(path, replacing: false)
    try unsafe file.write([UInt8(3), 4].span.bytes, at: 2)
    try unsafe file.write([UInt8(1), 2].span.bytes, at: 0)
    try file.commit()
    #expect(try content(path) == [1, 2, 3, 4])
  }

  @Test func aFolderThatIsNotThereIsAnError() {
    let error = #expect(throws: FileError.self) {
      _ = try AtomicFile(FilePath("/tmp/albertkit-none/out"), replacing: false)
    }
    #expect(
      error?.description
        == "/tmp/albertkit-none/out: the folder '/tmp/albertkit-none' is missing; "
        + "make the folder first")
  }
}

import SystemPackage
import Testing

@testable import AlbertBytes

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

  private func write(_ path: FilePath, _ bytes: [UInt8], replacing: Bool = true) throws {
    let file = try AtomicFile(path, replacing: replacing)
    try file.write(bytes)
    try file.commit()
  }

  /// The old file or the new one, whichever call fails or is the last.
  @Test(arguments: Faults.fileSystems, [true, false]) func aFileIsNeverHalfReplaced(
    _ lacking: Set<FileSystemCalls.Call>, _ isDeadly: Bool
  ) throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    for step in 1... {
      try write(path, [1])
      let faults = Faults(at: step, isDeadly: isDeadly, lacking: lacking)
      let isDone = (try? faults.inject { try write(path, [2, 2]) }) != nil
      guard faults.wasReached else {
        #expect(isDone)
        break
      }
      let found = try content(path)
      #expect(found == [2, 2] || (!isDone && found == [1]), "step \(step)")
      // The next work on the same output.
      _ = try AtomicFile(path, replacing: true)
      #expect(folder.names == ["out"], "step \(step)")
    }
  }

  @Test(arguments: Faults.fileSystems) func aNewFileAppearsOnAnyFileSystem(
    _ lacking: Set<FileSystemCalls.Call>
  ) throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    try Faults(lacking: lacking).inject {
      try write(path, [1], replacing: false)
      #expect(throws: FileError.self) { try write(path, [2], replacing: false) }
      let late = try AtomicFile(folder.path.appending("other"), replacing: false)
      try write(folder.path.appending("other"), [3], replacing: false)
      let error = #expect(throws: FileError.self) { try late.commit() }
      #expect(error?.problem == .exists)
    }
    #expect(try content(path) == [1])
    #expect(folder.names == ["other", "out"])
  }

  @Test func aFolderThatDoesNotReachTheDiskIsAnError() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    let broken = FileSystemCalls { call, _ in call == .flushFolder ? .ioError : nil }
    let error = #expect(throws: FileError.self) {
      try FileSystemCalls.$current.withValue(broken) { try write(path, [1]) }
    }
    #expect(error?.message == "cannot bring the name of the output to the disk: Input/output error")
    #expect(try content(path) == [1])
  }

  @Test func namesMayBeAsLongAsTheyCan() throws {
    let folder = ScratchFolder()
    for name in [String(repeating: "x", count: 255), String(repeating: "ä", count: 127)] {
      for lacking in Faults.fileSystems {
        try Faults(lacking: lacking).inject { try write(folder.path.appending(name), [1]) }
      }
    }
    #expect(folder.names.map(\.utf8.count) == [255, 254])
  }

  @Test func ownerAndModeAreKept() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("out")
    try write(path, [1])
    unsafe _ = path.withPlatformString { unsafe chmod($0, 0o640) }
    try write(path, [2])
    #expect(try path.stat().permissions.rawValue == 0o640)
    #expect(try content(path) == [2])
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

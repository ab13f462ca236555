import AlbertPlatform
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertBytes

@Suite struct AtomicFileTests {
  private func content(_ path: FilePath) throws -> [UInt8] {
    let file = try SourceFile(path)
    return try file.bytes(at: 0, count: file.size)
  }

  @Test func nothingIsThereBeforeTheCommit() throws {
    let folder = try Scratch()
    let path = folder.path("out")
    let file = try AtomicFile(path, replacing: false)
    try file.write([1, 2, 3])
    #expect(try !folder.names().contains("out"))
    try file.commit()
    #expect(try folder.names() == ["out"])
    #expect(try content(path) == [1, 2, 3])
  }

  @Test func aReservedFileHasItsSizeAndReadsAsZerosWhereNothingWasWritten() throws {
    let folder = try Scratch()
    let path = folder.path("out")
    let file = try AtomicFile(path, replacing: false)
    try file.reserve(100_000)
    try unsafe file.write([UInt8(7), 8].span.bytes, at: 50_000)
    try file.commit()
    let bytes = try content(path)
    #expect(bytes.count == 100_000 && bytes[50_000...50_001] == [7, 8])
    #expect(bytes.indices.filter { bytes[$0] != 0 }.count == 2)
  }

  @Test func aDiskWithoutRoomForTheWholeFileSaysSoBeforeItIsWritten() throws {
    let folder = try Scratch()
    let path = folder.path("out")
    let calls = FileSystemCalls { call, _ in call == .reserve ? .noSpace : nil }
    let error = try FileSystemCalls.$current.withValue(calls) {
      let file = try AtomicFile(path, replacing: false)
      return #expect(throws: FileError.self) { try file.reserve(1 << 20) }
    }
    #expect(error?.problem == .system(operation: "reserve 1048576 bytes", errno: ENOSPC))
    #expect(error?.advice == "make room there, or write elsewhere")
    #expect(try folder.names().isEmpty)
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    let folder = try Scratch()
    do {
      let file = try AtomicFile(folder.path("out"), replacing: false)
      try file.write([1])
    }
    #expect(try folder.names().isEmpty)
  }

  @Test func anExistingFileIsKeptUnlessItMayBeReplaced() throws {
    let folder = try Scratch()
    let path = folder.path("out")
    for (bytes, replacing) in [([UInt8(1)], false), ([2, 2], true)] {
      let file = try AtomicFile(path, replacing: replacing)
      try file.write(bytes)
      try file.commit()
      #expect(try content(path) == bytes)
    }
    let error = #expect(throws: FileError.self) { _ = try AtomicFile(path, replacing: false) }
    #expect(error?.problem == .exists)
    #expect(error?.advice == "pass \(.replacing) to replace it, or name another output")
    #expect(try folder.names() == ["out"])
  }

  @Test func aFileThatAppearsMeanwhileIsNotReplaced() throws {
    let folder = try Scratch()
    let path = folder.path("out")
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
    let folder = try Scratch()
    let path = folder.path("out")
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
    let folder = try Scratch()
    let path = folder.path("out")
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
      #expect(try folder.names() == ["out"], "step \(step)")
    }
  }

  @Test(arguments: Faults.fileSystems) func aNewFileAppearsOnAnyFileSystem(
    _ lacking: Set<FileSystemCalls.Call>
  ) throws {
    let folder = try Scratch()
    let path = folder.path("out")
    try Faults(lacking: lacking).inject {
      try write(path, [1], replacing: false)
      #expect(throws: FileError.self) { try write(path, [2], replacing: false) }
      let late = try AtomicFile(folder.path("other"), replacing: false)
      try write(folder.path("other"), [3], replacing: false)
      let error = #expect(throws: FileError.self) { try late.commit() }
      #expect(error?.problem == .exists)
    }
    #expect(try content(path) == [1])
    #expect(try folder.names() == ["other", "out"])
  }

  @Test func aFolderThatDoesNotReachTheDiskIsAnError() throws {
    let folder = try Scratch()
    let path = folder.path("out")
    let broken = FileSystemCalls { call, _ in call == .flushFolder ? .ioError : nil }
    let error = #expect(throws: FileError.self) {
      try FileSystemCalls.$current.withValue(broken) { try write(path, [1]) }
    }
    #expect(error?.message == "cannot bring the name of the output to the disk: Input/output error")
    #expect(try content(path) == [1])
  }

  @Test func namesMayBeAsLongAsTheyCan() throws {
    let folder = try Scratch()
    for name in [String(repeating: "x", count: 255), String(repeating: "ä", count: 127)] {
      for lacking in Faults.fileSystems {
        try Faults(lacking: lacking).inject { try write(folder.path(name), [1]) }
      }
    }
    #expect(try folder.names().map(\.utf8.count) == [255, 254])
  }

  @Test func ownerAndModeAreKept() throws {
    let folder = try Scratch()
    let path = folder.path("out")
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

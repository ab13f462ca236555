import AlbertBytes
import SystemPackage
import Testing

@Suite struct FileErrorTests {
  /// Of an output without a name a user knows only the name that it will have.
  @Test(arguments: [
    ("/a/.out.1.tmp", "/a/.out.1.tmp", "/a/out", "/a/out"),
    ("/a/.out.1.tmp/model.bin", "/a/.out.1.tmp", "/a/out", "/a/out/model.bin"),
    (".out.1.tmp/model.bin", ".out.1.tmp", "", "model.bin"),
    ("/a/.out.1.tmpx", "/a/.out.1.tmp", "/a/out", "/a/.out.1.tmpx"),
    ("/proc/self/fd/5", "/proc/self/fd/5", "out.h5", "out.h5"),
    ("/proc/self/fd/51", "/proc/self/fd/5", "out.h5", "/proc/self/fd/51"),
  ])
  func hiddenNamesAreTold(_ path: String, _ hidden: String, _ shown: String, _ told: String) {
    let error = FileError(path, .truncated(what: "it", needed: 2, available: 1), offset: 7)
    let renamed = error.renamed(from: FilePath(hidden), to: FilePath(shown))
    #expect(renamed.path == told)
    #expect(renamed.problem == error.problem)
    #expect(renamed.offset == 7)
  }

  /// What helps depends on why the system refuses: nobody finds memory by looking at permissions.
  @Test(arguments: [
    (Errno.noMemory, "ulimit -v"), (.tooManyOpenFiles, "ulimit -n"), (.fileTooLarge, "ulimit -f"),
    (.resourceTemporarilyUnavailable, "ulimit -u"), (.noSpace, "make room"),
    (.readOnlyFileSystem, "write elsewhere"), (.permissionDenied, "permissions"),
    (.tooManySymbolicLinkLevels, "circle"), (.fileNameTooLong, "shorter name"),
  ])
  func aRemedyFitsItsReason(_ reason: Errno, _ advised: String) {
    let error = FileError("m.albert", .system(operation: "use it", errno: reason.rawValue))
    #expect(error.remedy.contains(advised))
  }

  @Test func namesOfBytesAreTakenApartAndPutTogether() throws {
    let name = try #require(FilePath.Component(bytes: [0x63, 0xE9] + Array(".index".utf8)))
    #expect(name.bytes == [0x63, 0xE9] + Array(".index".utf8))
    #expect(name.dropping(".index")?.bytes == [0x63, 0xE9])
    #expect(name.dropping(".meta") == nil)
    #expect(name.dropping(last: 8) == nil)
    #expect(name.dropping(".index")?.adding(".x").bytes == [0x63, 0xE9] + Array(".x".utf8))
    #expect(
      FilePath(bytes: [0x2F, 0xE9]).appending("b") != FilePath(bytes: [0x2F, 0xEA, 0x2F, 0x62]))
    #expect(FilePath.Component(bytes: []) == nil)
  }
}

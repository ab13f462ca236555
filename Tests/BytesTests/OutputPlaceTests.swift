import AlbertPlatform
import SystemPackage
import Testing

@testable import AlbertBytes

/// What stands at an output's path decides how it is written.
@Suite struct OutputPlaceTests {
  private func write(_ path: FilePath, _ text: String, replacing: Bool = false) throws {
    let file = try AtomicFile(path, replacing: replacing)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  private func link(_ path: FilePath, _ text: String) {
    unsafe _ = path.withPlatformString { unsafe symlink(text, $0) }
  }

  private func type(_ path: FilePath) -> FileType? { path.ownStatus?.type }

  @Test func aLinkKeepsPointing() throws {
    let tree = Tree()
    try tree.write("far", ["target": "old"])
    link(tree.path("first"), "second")
    link(tree.path("second"), "far/target")
    #expect(throws: FileError.self) { try write(tree.path("first"), "new") }
    #expect(try tree.text("far/target") == "old")
    try write(tree.path("first"), "new", replacing: true)
    #expect(type(tree.path("first")) == .symbolicLink && type(tree.path("second")) == .symbolicLink)
    #expect(try tree.text("far/target") == "new")
    #expect(try Folder.names(in: tree.path("far")) == ["target"])
  }

  @Test func whatALinkPromisesIsMade() throws {
    let tree = Tree()
    link(tree.path("link"), "made")
    try write(tree.path("link"), "new")
    #expect(type(tree.path("link")) == .symbolicLink)
    #expect(try tree.text("made") == "new")
    link(tree.path("astray"), "none/made")
    let error = #expect(throws: FileError.self) { try write(tree.path("astray"), "new") }
    #expect(error?.message == "the folder '\(tree.path("none"))' is missing")
    link(tree.path("ring"), "ring")
    #expect(throws: FileError.self) { try write(tree.path("ring"), "new") }
  }

  @Test func aDeviceIsWrittenThrough() throws {
    try write("/dev/null", "gone")
    #expect(type("/dev/null") == .characterSpecial)
    let error = #expect(throws: FileError.self) { try write("/dev/full", "text") }
    #expect(error?.message == "cannot write the output: No space left on device")
    #expect(type("/dev/full") == .characterSpecial)
  }

  @Test func aPipeIsWrittenThrough() throws {
    let tree = Tree()
    let path = tree.path("pipe")
    unsafe _ = path.withPlatformString { unsafe mkfifo($0, 0o600) }
    // Open for reading too, so that nobody waits.
    let reader = try FileDescriptor.open(path, .readWrite)
    let file = try AtomicFile(path, replacing: false)
    try unsafe file.write(Array("cd".utf8).span.bytes, at: 2)
    try unsafe file.write(Array("ab".utf8).span.bytes, at: 0)
    try file.commit()
    #expect(type(path) == .fifo)
    #expect(tree.names() == ["pipe"])
    var bytes = [UInt8](repeating: 0, count: 8)
    let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe reader.read(into: $0) }
    try reader.close()
    #expect(bytes[..<count] == [97, 98, 99, 100])
  }

  /// An open descriptor goes on where it stands, whatever it is open on.
  @Test(arguments: ["/dev/fd/", "/proc/self/fd/"]) func aDescriptorIsWrittenThrough(
    _ folder: String
  ) throws {
    let tree = Tree()
    try tree.write("", ["log": "first "])
    let log = try FileDescriptor.open(tree.path("log"), .writeOnly, options: .append)
    try write(FilePath(folder + "\(log.rawValue)"), "second")
    link(tree.path("link"), folder + "\(log.rawValue)")
    try write(tree.path("link"), " third")
    try log.close()
    #expect(try tree.text("log") == "first second third")
    #expect(type(tree.path("link")) == .symbolicLink)
    let error = #expect(throws: FileError.self) { try write(FilePath(folder + "987654"), "x") }
    #expect(error?.message == "cannot write to descriptor 987654: Bad file descriptor")
  }

  @Test func standardOutputIsKnownByAllItsNames() throws {
    let tree = Tree()
    link(tree.path("link"), "/dev/stdout")
    for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", tree.path("link")] as [FilePath] {
      #expect(try OutputPlace(path).isStandardOutput, "\(path)")
    }
    #expect(try !OutputPlace("/dev/stderr").isStandardOutput)
    #expect(try !OutputPlace(tree.path("1")).isStandardOutput)
  }

  @Test func aSocketThatIsNotOpenIsLeftAsItIs() throws {
    let tree = Tree()
    let path = tree.path("socket")
    let isMade = unsafe path.withPlatformString { unsafe mknod($0, S_IFSOCK | 0o600, 0) } == 0
    try #require(isMade)
    #expect(throws: FileError.self) { try write(path, "x", replacing: true) }
    #expect(type(path) == .socket)
  }

  @Test(.enabled(if: getuid() == 0)) func aDiskIsRefused() throws {
    let tree = Tree()
    let path = tree.path("disk")
    // A device that no driver answers for.
    let isMade = unsafe path.withPlatformString { unsafe mknod($0, S_IFBLK | 0o600, 0xfff0) } == 0
    guard isMade else { return }
    let error = #expect(throws: FileError.self) { try write(path, "x", replacing: true) }
    #expect(error?.message == "expected a file, found a disk (block device)")
    #expect(type(path) == .blockSpecial)
  }
}

import AlbertArchives
import AlbertBytes
import AlbertTestSupport
import SystemPackage

/// How often a container is refused of which one byte at one of `places` is changed, bit by bit; none of
/// the changes may trap.
func refusals(
  of bytes: [UInt8], _ name: String = "file", changing places: some Sequence<Int>
) throws -> Int {
  let scratch = try Scratch()
  var refused = 0
  for index in places {
    for change: UInt8 in [0x01, 0x10, 0x80] {
      var damaged = bytes
      damaged[index] ^= change
      let path = try scratch.write(damaged, name)
      do {
        try ArchiveRegistry.open(path).readAll()
      } catch is FileError {
        refused += 1
      }
    }
  }
  return refused
}

/// Files of each container, by the folder that it has in Sources/Archives.
enum Fixture {
  static let folder = PackageFiles.fixtures.appending("containers")

  static func path(_ name: String) -> FilePath { folder.pushing(FilePath(name)) }

  static func bytes(_ name: String) throws -> [UInt8] {
    let file = try SourceFile(path(name))
    return try file.bytes(at: 0, count: file.size)
  }
}

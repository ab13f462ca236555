import AlbertBytes
import AlbertTestSupport
import SystemPackage

/// Files of each container, by the folder that it has in Sources/Archives.
enum Fixture {
  static let folder = PackageFiles.fixtures.appending("containers")

  static func path(_ name: String) -> FilePath { folder.pushing(FilePath(name)) }

  static func bytes(_ name: String) throws -> [UInt8] {
    let file = try SourceFile(path(name))
    return try file.bytes(at: 0, count: file.size)
  }
}

internal import AlbertArchives
package import AlbertBytes
package import SystemPackage

extension ConfigFile {
  /// The config that a path names, or that a folder without weights holds; nil for anything else.
  package static func alone(at path: FilePath) throws(FileError) -> ConfigFile? {
    let kind = try path.found()?.type
    if kind == .directory {
      do throws(FileError) {
        _ = try ArchiveRegistry.locate(path)
        return nil
      } catch {
        return error.code == "missing" ? try beside(path) : nil
      }
    }
    guard endings.contains(where: path.string.hasSuffix), kind == .regular
    else { return nil }
    do throws(FileError) {
      return try named(path, isAlone: true)
    } catch {
      // The list of a checkpoint's parts is JSON as well.
      let located = try FileError.ifReadable { () throws(FileError) in
        try ArchiveRegistry.locate(path)
      }
      if located != nil { return nil }
      throw error
    }
  }
}

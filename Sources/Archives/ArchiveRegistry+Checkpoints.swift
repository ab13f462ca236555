internal import AlbertBytes
package import SystemPackage

extension ArchiveRegistry {
  /// The checkpoints that lie in a folder, its subfolders left alone: the folder itself where names say
  /// that it is a model, else each by its path.
  ///
  /// A folder in which something hinders finding them counts as one, so that opening it tells what.
  package static func checkpoints(in folder: FilePath) -> [FilePath] {
    do throws(FileError) {
      let search = try FolderSearch(folder)
      if try search.byName() != nil { return [folder] }
      return try search.byContent().map { [$0.path] } ?? []
    } catch {
      guard case .ambiguous(_, let candidates) = error.problem else { return [folder] }
      return candidates.map { folder.appending($0) }
    }
  }
}

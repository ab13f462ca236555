internal import AlbertArchives
package import AlbertBytes
package import SystemPackage

/// The way from a folder to every model below it.
package enum ModelSearch {
  /// The most folders within each other that are gone into.
  private static let maxDepth = 64

  /// The models below `root`, each by the path that opens it, sorted by folder; `root` itself where it is a
  /// file.
  ///
  /// Of a folder that holds one model in several forms the folder counts once. Links to folders are not
  /// followed; in the cache of the Hugging Face Hub every snapshot is gone into. Throws where `root` is not
  /// there.
  package static func models(below root: FilePath) throws(FileError) -> [FilePath] {
    guard let status = root.status else { throw FileError(absent: root) }
    guard status.type == .directory else { return [root] }
    _ = try Folder.names(in: root)
    var found: [FilePath] = []
    var waiting = [(folder: root, depth: 0)]
    while let (folder, depth) = waiting.popLast() {
      found += ArchiveRegistry.checkpoints(in: folder)
      guard depth < maxDepth, let names = try? Folder.names(in: folder) else { continue }
      let siblings = Set(names.map(\.string))
      let below = names.filter { isGoneInto($0.string, among: siblings) && isFolder(folder, $0) }
      waiting += below.reversed().map { (folder.appending($0), depth + 1) }
    }
    return found
  }

  /// Whether a folder may hold further models: what is hidden, the parts of a SavedModel and what the
  /// snapshots of the Hub's cache link to are none.
  private static func isGoneInto(_ name: String, among names: Set<String>) -> Bool {
    if name.hasPrefix(".") || name == "__pycache__" { return false }
    if names.contains("saved_model.pb") {
      return !["variables", "assets", "assets.extra"].contains(name)
    }
    return !(names.contains("snapshots") && ["blobs", "refs"].contains(name))
  }

  private static func isFolder(_ folder: FilePath, _ name: FilePath.Component) -> Bool {
    folder.appending(name).ownStatus?.type == .directory
  }
}

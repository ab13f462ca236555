package import SystemPackage

// What a name leads to is asked before reading, what itself has it before writing: a link that leads
// nowhere is nothing to read, and yet in the way.
extension FilePath {
  /// The status of what the path leads to, links followed; nil where nothing can be reached.
  package var status: Stat? { try? stat() }

  /// Whether anything lies there that can be reached.
  package var exists: Bool { status != nil }

  /// Whether the path leads to a folder.
  package var isFolder: Bool { status?.type == .directory }

  /// Whether the path leads to a file.
  package var isFile: Bool { status?.type == .regular }

  /// The status of what itself has the name, be it a link; nil where nothing has it.
  package var ownStatus: Stat? { try? stat(followTargetSymlink: false) }

  /// The status of what the path leads to, or of what itself has the name; nil where nothing is there.
  ///
  /// Throws where that cannot be told, as in a folder that may not be entered.
  package func found(followingLinks: Bool = true) throws(FileError) -> Stat? {
    do {
      return try stat(followTargetSymlink: followingLinks)
    } catch {
      // Nothing can have a name that is too long.
      let absent: [Errno] = [.noSuchFileOrDirectory, .notDirectory, .fileNameTooLong]
      if absent.contains(Errno(rawValue: error.code)) { return nil }
      throw FileError(opening: self, error)
    }
  }

  /// Whether something has the name, be it a link that leads nowhere.
  package var isTaken: Bool { ownStatus != nil }
}

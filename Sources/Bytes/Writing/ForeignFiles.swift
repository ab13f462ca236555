internal import CAlbertPlatform
internal import SystemPackage

/// What lies in a folder that a model is replaced in, and is not the model's.
///
/// Nothing here removes a file, or replaces one that the old folder does not have newer.
struct ForeignFiles {
  let calls: FileSystemCalls
  /// Whether a file, by its path in the folder, is the model's.
  let isOwn: @Sendable (String) -> Bool

  /// Brings all of it from `old` into `new` as well: files, links and pipes as second names of the
  /// same, or as copies where they cannot have two; folders as folders.
  ///
  /// Throws the first failure, with the path in the folder that it concerns.
  func bring(from old: FilePath, into new: FilePath, _ place: FilePath = "") throws(Failure) {
    for (path, status) in try entries(of: old, place) {
      let (from, to) = (old.pushing(path), new.pushing(path))
      if status.type == .directory {
        guard try holdsForeign(old, path) else { continue }
        try tried(path) { () throws(Errno) in try bringFolder(from, to) }
        try bring(from: old, into: new, path)
        try tried(path) { () throws(Errno) in
          // Last, since they may forbid to write.
          copyAttributes(from, to)
          try calls.flushFolder(to)
        }
      } else if !isOwn(path.string), !to.isTaken {
        try tried(path) { () throws(Errno) in try bringFile(from, to) }
      }
    }
  }

  private func bringFolder(_ from: FilePath, _ target: FilePath) throws(Errno) {
    do throws(Errno) {
      try calls.makeFolder(target, mode: 0o700)
    } catch {
      // The new model may have a folder of that name too; a file of that name leaves no room.
      guard error == .fileExists, target.ownStatus?.type == .directory else { throw error }
    }
  }

  private func bringFile(_ from: FilePath, _ target: FilePath) throws(Errno) {
    do throws(Errno) {
      try calls.hardLink(from, to: target)
    } catch {
      guard error.isMissingFeature || error == .tooManyLinks || error == .permissionDenied else {
        throw error
      }
      try calls.copy(from, to: target)
    }
  }

  private func copyAttributes(_ from: FilePath, _ target: FilePath) {
    unsafe from.withPlatformString { from in
      unsafe target.withPlatformString { target in
        unsafe _ = albertkit_copy_folder_attributes(from, target, true)
      }
    }
  }

  /// Moves into `new` what `old` has of it, and `new` has not: what somebody added or changed since it
  /// was brought there.
  ///
  /// A file that is in both and differs is the user's newest where `old` `isNewer`, and takes its name;
  /// where nobody knows, it comes to lie beside the other.
  func settle(
    from old: FilePath, into new: FilePath, isNewer: Bool, _ place: FilePath = ""
  ) throws(Failure) {
    for (path, status) in try entries(of: old, place) {
      let (from, to) = (old.pushing(path), new.pushing(path))
      if status.type == .directory {
        guard try holdsForeign(old, path) else { continue }
        if to.ownStatus?.type == .directory {
          try settle(from: old, into: new, isNewer: isNewer, path)
        } else {
          try move(path, from, to)
        }
      } else if !isOwn(path.string) {
        guard let other = to.ownStatus else {
          try move(path, from, to)
          continue
        }
        if isSame(status, other) { continue }
        if isNewer && other.type != .directory {
          try tried(path) { () throws(Errno) in try calls.rename(from, to: to) }
        } else {
          try move(path, from, kept(to))
        }
      }
    }
  }

  /// A second name for what lost its own, such as `notes.md.kept-5b2e77aa`.
  private func kept(_ path: FilePath) -> FilePath {
    let number = String(UInt32.random(in: 0 ... .max), radix: 16)
    return path.appending(suffix: ".kept-" + number)
  }

  private func move(_ path: FilePath, _ from: FilePath, _ to: FilePath) throws(Failure) {
    try tried(path) { () throws(Errno) in try calls.renameNew(from, to: to) }
  }

  /// Whether two are one file, or one the other's copy.
  private func isSame(_ one: Stat, _ other: Stat) -> Bool {
    let (one, two) = (FileIdentity(one), FileIdentity(other))
    return one.isSameFile(as: two) || one.isSameState(as: two)
  }

  /// Whether a folder is to be kept: something in it is, or nothing is in it at all.
  private func holdsForeign(_ root: FilePath, _ place: FilePath) throws(Failure) -> Bool {
    let entries = try entries(of: root, place)
    for (path, status) in entries {
      if status.type == .directory {
        if try holdsForeign(root, path) { return true }
      } else if !isOwn(path.string) {
        return true
      }
    }
    return entries.isEmpty
  }

  private func entries(
    of root: FilePath, _ place: FilePath
  ) throws(Failure) -> [(path: FilePath, status: Stat)] {
    var found: [(path: FilePath, status: Stat)] = []
    let names = try tried(place) { () throws(Errno) in try Folder.entries(in: root.pushing(place)) }
    for name in names {
      let path = place.appending(name)
      if let status = root.pushing(path).ownStatus { found.append((path, status)) }
    }
    return found
  }

  /// What could not be kept, and why.
  struct Failure: Error {
    let path: FilePath
    let error: Errno
  }

  private func tried<R>(
    _ path: FilePath, _ body: () throws(Errno) -> R
  ) throws(Failure) -> R {
    do throws(Errno) {
      return try body()
    } catch {
      throw Failure(path: path, error: error)
    }
  }
}

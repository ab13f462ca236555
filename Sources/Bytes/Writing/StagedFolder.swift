internal import CAlbertPlatform
internal import Synchronization
package import SystemPackage

/// Files that appear together: a folder that gets its name once all of them are on the disk, or files
/// that get theirs one after the other, in an order that a killed process cannot spoil.
///
/// They are made in a hidden folder beside the target. What a killed process leaves, the next work on
/// the same target completes or undoes. In the place of a folder that is there:
///
/// 1. *made*: the new folder is complete, under a hidden name (`part`).
/// 2. *brought*: what is in the old folder and not the model's is in the new one too.
/// 3. *exchanged*: the new folder has the name; the old one lies under a hidden name (`old`). Where the
///    file system cannot exchange two names, the old one is put aside first, so that there is none for
///    a moment; the next run would give it its name back.
/// 4. *settled*: what the user changed since 2 is in the new folder too.
/// 5. *removed*: the old folder is gone.
///
/// A failure before 3 leaves the old folder as it was; one after leaves the new one. See `Recovery` for
/// what the next run does in each state.
package final class StagedFolder: Sendable {
  /// The path under which the folder, or its files, will appear, as it was given.
  package let output: FilePath
  /// The same, free of links.
  package let target: FilePath
  /// The hidden folder in which the files are made.
  package let path: FilePath

  let rules: OutputRules
  let calls: FileSystemCalls
  /// Keeps the folder locked, so that nobody takes it for one that was left behind.
  private let lock: HiddenLock?
  /// Whether what is at `path` may be removed.
  let isRemovable = Mutex(true)
  /// The same lock for files that are put aside.
  let pairLock = Mutex<HiddenLock?>(nil)

  /// Begins a folder beside `target`, after what killed work left of it is cleared away.
  ///
  /// Throws where it cannot be made.
  package init(at place: OutputPlace, _ rules: OutputRules) throws(FileError) {
    let calls = FileSystemCalls.current
    place.recover(rules)
    do throws(Errno) {
      (path, lock) = try Self.make(beside: place.target, calls)
    } catch {
      throw FileError(
        making: "a folder", for: place.path, in: folder(of: place.target), errno: error.rawValue)
    }
    output = place.path
    target = place.target
    self.rules = rules
    self.calls = calls
  }

  deinit {
    if isRemovable.withLock({ $0 }) { calls.removeAll(path) }
    Unfinished.end(path)
  }

  private static func make(
    beside target: FilePath, _ calls: FileSystemCalls
  ) throws(Errno) -> (path: FilePath, lock: HiddenLock?) {
    for _ in 0..<8 {
      let path = HiddenName(.part, beside: target).path
      Unfinished.begin(path)
      do throws(Errno) {
        try calls.makeFolder(path)
      } catch {
        Unfinished.end(path)
        guard error == .fileExists else { throw error }
        continue
      }
      do throws(Errno) {
        return (path, try HiddenLock.take(path, calls))
      } catch {
        if error != .wouldBlock { calls.removeAll(path) }
        Unfinished.end(path)
        // Somebody may have taken it for a leftover before it was locked.
        guard error == .wouldBlock else { throw error }
      }
    }
    throw .resourceBusy
  }

  /// Begins a file in the folder; `name` is its path there.
  package func file(_ name: String) throws(FileError) -> AtomicFile {
    var place = path
    for component in FilePath(name).removingLastComponent().components {
      place.append(component)
      do throws(Errno) {
        try calls.makeFolder(place)
      } catch  where error != .fileExists {
        throw FileError(making: "a folder", for: output, errno: error.rawValue)
      } catch {}
    }
    return try AtomicFile(hidden: path.appending(name), of: output)
  }

  /// Gives a file in the folder, which has its bytes, the name `target`, and returns that.
  package func rename(_ name: String, to target: String) throws(FileError) -> String {
    try tried("name the output") { () throws(Errno) in
      try calls.rename(path.appending(name), to: path.appending(target))
    }
    return target
  }

  func failure(_ operation: String, _ error: Errno) -> FileError {
    FileError(output.string, writing: operation, error)
  }

  /// Runs `body`, whose failure is one of `operation`.
  func tried<R>(
    _ operation: String, _ body: () throws(Errno) -> R
  ) throws(FileError) -> R {
    do throws(Errno) {
      return try body()
    } catch {
      throw failure(operation, error)
    }
  }
}

// MARK: As a folder

extension StagedFolder {
  /// Gives the folder its name; with `replacing` in the place of a folder that is there.
  ///
  /// What that folder holds and is not the model's comes into the new one.
  ///
  /// Throws `exists` where something is there that may not be replaced.
  package func commit(replacing: Bool) throws(FileError) {
    try tried("flush the output") { () throws(Errno) in try flushAll(path) }
    var isNamed = false
    do throws(Errno) {
      if !target.isTaken {
        try Unfinished.naming(path) { () throws(Errno) in
          try calls.renameNew(path, to: target)
          isRemovable.withLock { $0 = false }
        }
        isNamed = true
      }
    } catch  where error != .fileExists {
      throw failure("name the output", error)
    } catch {}
    if isNamed { return try flushNames() }
    guard replacing else { throw FileError(output.string, .exists) }
    guard target.ownStatus?.type == .directory else {
      throw FileError(
        output.string, .wrongKind(expected: "a folder", found: "a file"),
        remedy: "remove it, or name another output")
    }
    try replace()
  }

  private func replace() throws(FileError) {
    keepOwnersAndModes()
    let files = ForeignFiles(calls: calls, isOwn: rules.isOwn)
    do throws(ForeignFiles.Failure) {
      try files.bring(from: target, into: path)
    } catch {
      throw FileError(
        output.string, writing: "keep '\(error.path)', which is not the model's,", error.error)
    }
    copyFolderAttributes()
    try tried("flush the output") { () throws(Errno) in try calls.flushFolder(path) }
    let old = HiddenName(.old, beside: target).path
    // So that nobody who comes meanwhile takes the old folder for a leftover.
    let lock = try? HiddenLock.take(target, calls)
    try Unfinished.naming(path) { () throws(FileError) in
      try exchange(puttingAside: old)
      do throws(ForeignFiles.Failure) {
        try files.settle(from: old, into: target, isNewer: true)
      } catch {
        throw FileError(
          output.string, writing: "keep '\(error.path)', which is not the model's,", error.error,
          remedy: "the new folder is complete but for that; the old one lies in \(old)")
      }
    }
    calls.removeAll(old)
    withExtendedLifetime(lock) {}
    try flushNames()
  }

  /// Gives the new folder the old one's name and that one the name `old`, in one step where the file
  /// system can; where that fails, all is as it was.
  private func exchange(puttingAside old: FilePath) throws(FileError) {
    do throws(Errno) {
      // Under that name it is settled before it is removed, whichever of the two a kill leaves there.
      try calls.rename(path, to: old)
      isRemovable.withLock { $0 = false }
      do throws(Errno) {
        return try calls.exchange(old, target)
      } catch {
        do throws(Errno) {
          try calls.rename(old, to: path)
          isRemovable.withLock { $0 = true }
        } catch let undoing {
          // Surely not exchanged, so that nothing of the user's is there alone.
          if error.isMissingFeature { calls.removeAll(old) }
          throw undoing
        }
        guard error.isMissingFeature else { throw error }
      }
      try calls.rename(target, to: old)
    } catch {
      throw failure("name the output", error)
    }
    do throws(Errno) {
      try calls.rename(path, to: target)
      isRemovable.withLock { $0 = false }
    } catch {
      guard (try? calls.renameNew(old, to: target)) != nil else {
        throw FileError(
          output.string, writing: "name the output", error,
          remedy: "the old folder lies in \(old): give it its name back, or run this again")
      }
      throw failure("name the output", error)
    }
  }

  private func copyFolderAttributes() {
    unsafe target.withPlatformString { old in
      unsafe path.withPlatformString { new in
        unsafe _ = albertkit_copy_folder_attributes(old, new, false)
      }
    }
  }

  /// Brings the names in a folder, and in those within, to the disk.
  private func flushAll(_ folder: FilePath) throws(Errno) {
    for name in try Folder.entries(in: folder) {
      let inner = folder.appending(name)
      if inner.ownStatus?.type == .directory { try flushAll(inner) }
    }
    try calls.flushFolder(folder)
  }

  /// Brings the output's name to the disk.
  func flushNames() throws(FileError) {
    do throws(Errno) {
      try calls.flushFolder(folder(of: target))
    } catch {
      throw FileError(folderOf: output, notFlushed: error)
    }
  }
}

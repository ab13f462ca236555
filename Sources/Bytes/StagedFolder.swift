internal import CSupport
public import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Files that appear together: a folder that gets its name once all of them are on the disk.
///
/// They are made in a hidden folder beside the target. Killed work leaves at most that one behind,
/// which the next work on the same target removes.
public final class StagedFolder: Sendable {
  /// The path under which the folder, or its files, will appear.
  public let target: FilePath
  /// The hidden folder in which the files are made.
  public let path: FilePath
  /// Keeps the folder locked, so that nobody takes it for one that was left behind.
  private let lock: Descriptor

  /// Begins a folder beside `target`.
  ///
  /// Throws where it cannot be made.
  public init(beside target: FilePath) throws(FileError) {
    self.target = target
    Self.removeAbandoned(of: target)
    path = hiddenName(beside: target)
    guard unsafe path.withPlatformString({ unsafe mkdir($0, 0o777) }) == 0 else {
      throw FileError(making: "a folder", for: target, errno: errno)
    }
    guard let lock = Self.lock(path) else {
      let reason = errno
      Self.remove(path)
      throw FileError(target.string, .system(operation: "lock a new folder", errno: reason))
    }
    self.lock = lock
  }

  deinit { Self.remove(path) }

  /// Gives the folder its name; with `replacing` in the place of a folder that is there.
  ///
  /// Files of that folder for which `isOwn` is false stay in the new one.
  ///
  /// Throws `exists` where something is there that may not be replaced.
  public func commit(
    replacing: Bool, keepingUnless isOwn: (String) -> Bool
  ) throws(FileError) {
    syncFolder(of: path.appending("."))
    if unsafe call(albertkit_rename_new, path, target) { return syncFolder(of: target) }
    guard errno == EEXIST || errno == EINVAL else { throw failure }
    guard replacing else { throw FileError(target.string, .exists) }
    let status = try? target.stat(followTargetSymlink: false)
    guard status == nil || status?.type == .directory else {
      throw FileError(
        target.string, .wrongKind(expected: "a folder", found: "a file"),
        remedy: "remove it, or name another output")
    }
    guard status == nil ? rename(path, to: target) : swap() else { throw failure }
    // What is hidden now is the old folder.
    for name in (try? Folder.names(in: path)) ?? [] where !isOwn(name) {
      unsafe _ = call(albertkit_rename_new, path.appending(name), target.appending(name))
    }
    syncFolder(of: target)
  }

  /// Gives each file its name in the target's own folder, in the order given.
  ///
  /// Throws `exists` where a name is taken and `replacing` is false; then none is given.
  public func commit(files names: [String], replacing: Bool) throws(FileError) {
    let place = folder(of: target)
    if !replacing {
      for name in names where (try? place.appending(name).stat()) != nil {
        throw FileError(place.appending(name).string, .exists)
      }
    }
    for name in names {
      let (from, to) = (path.appending(name), place.appending(name))
      let isNamed =
        replacing ? rename(from, to: to) : unsafe call(albertkit_rename_new, from, to)
      guard isNamed else { throw failure }
    }
    syncFolder(of: target)
  }

  /// Swaps the new folder with the old one, in one step where the file system can.
  private func swap() -> Bool {
    if unsafe call(albertkit_rename_swap, path, target) { return true }
    let aside = hiddenName(beside: target)
    guard rename(target, to: aside) else { return false }
    guard rename(path, to: target) else {
      _ = rename(aside, to: target)
      return false
    }
    return rename(aside, to: path)
  }

  private var failure: FileError {
    FileError(target.string, .system(operation: "name the output", errno: errno))
  }

  private func call(
    _ function: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32, _ one: FilePath,
    _ other: FilePath
  ) -> Bool {
    unsafe one.withPlatformString { one in
      unsafe other.withPlatformString { other in unsafe function(one, other) == 0 }
    }
  }

  /// Removes what a killed process left of the same target.
  private static func removeAbandoned(of target: FilePath) {
    let start = ".\(target.lastComponent?.string ?? "output")."
    let place = folder(of: target)
    for name in (try? Folder.names(in: place)) ?? []
    where name.hasPrefix(start) && name.hasSuffix(".tmp") {
      if lock(place.appending(name)) != nil { remove(place.appending(name)) }
    }
  }

  /// A descriptor of a folder that locks it; nil where somebody else does, or it is none.
  private static func lock(_ path: FilePath) -> Descriptor? {
    guard
      let file = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    else { return nil }
    let descriptor = Descriptor(owning: file)
    guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { return nil }
    return descriptor
  }

  /// Removes a file or a folder with all in it, following no link.
  private static func remove(_ path: FilePath) {
    guard let status = try? path.stat(followTargetSymlink: false) else { return }
    if status.type == .directory {
      for name in (try? Folder.names(in: path)) ?? [] { remove(path.appending(name)) }
      unsafe _ = path.withPlatformString { unsafe rmdir($0) }
    } else {
      unsafe _ = path.withPlatformString { unsafe unlink($0) }
    }
  }
}

extension StagedFolder {
  /// Makes the folders that `name`, a path within this folder, lies in.
  public func makeFolders(for name: String) throws(FileError) {
    var place = path
    for component in FilePath(name).removingLastComponent().components {
      place.append(component)
      let isMade = unsafe place.withPlatformString { unsafe mkdir($0, 0o777) } == 0
      guard isMade || errno == EEXIST else {
        throw FileError(target.string, .system(operation: "create a folder in it", errno: errno))
      }
    }
  }
}

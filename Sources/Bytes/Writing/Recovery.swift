package import SystemPackage

/// What a writer knows about the files of a model, and the file system does not.
package struct OutputRules: Sendable {
  /// Whether a file belongs to the model in a folder, by its path there.
  package let isOwn: @Sendable (String) -> Bool
  /// Whether a model beside a file takes data from it; nil where one cannot be read just now.
  package let isInUse: @Sendable (FilePath) -> Bool?

  /// States the rules.
  package init(
    isOwn: @escaping @Sendable (String) -> Bool, isInUse: @escaping @Sendable (FilePath) -> Bool?
  ) {
    self.isOwn = isOwn
    self.isInUse = isInUse
  }
}

extension OutputPlace {
  /// Completes or undoes what a killed process left of work on this output.
  ///
  /// Without rules only what needs none is touched. Nothing is removed that is not elsewhere, or that
  /// another process still works on.
  package func recover(_ rules: OutputRules? = nil) {
    guard !isStream else { return }
    let leftovers = HiddenName.all(beside: target)
    guard !leftovers.isEmpty else { return }
    let recovery = Recovery(target: target, rules: rules, calls: .current)
    // First what the output may have to be made of again.
    for leftover in leftovers where leftover.role != .part { recovery.run(leftover) }
    for leftover in leftovers where leftover.role == .part { recovery.run(leftover) }
  }
}

/// The way back, or forward, from each state that a killed process can leave.
///
///     state                                             next run
///     part                output as it was              remove part
///     old                 output stands                 move to the output what only old has of the
///                                                       user's, remove old
///     old                 no output                     give old its name back
///     pair                output stands                 remove pair
///     pair                no output                     give all files in it their names back
///
/// A `part` that was to bring files under several names lists those that may then be useless; they are
/// removed where no model takes data from them.
struct Recovery {
  let target: FilePath
  let rules: OutputRules?
  let calls: FileSystemCalls

  /// Does what the state of one leftover asks for.
  func run(_ leftover: HiddenName) {
    let path = leftover.path
    // Held until the end. Without locks nobody can tell whether somebody works on it: then only what
    // harms nobody is done.
    let lock: HiddenLock?
    do throws(Errno) { lock = try HiddenLock.take(path, calls) } catch { return }
    defer { withExtendedLifetime(lock) {} }
    switch leftover.role {
    case .part:
      guard lock != nil else { return }
      removePart(path)
    case .old:
      guard let status = target.ownStatus else {
        try? calls.renameNew(path, to: target)
        return
      }
      guard lock != nil, status.type == .directory, let rules else { return }
      let files = ForeignFiles(calls: calls, isOwn: rules.isOwn)
      guard (try? files.settle(from: path, into: target, isNewer: false)) != nil else { return }
      calls.removeAll(path)
    case .pair:
      if !target.isTaken { try? restore(path) }
      if lock != nil, target.isTaken { calls.removeAll(path) }
    }
  }

  private func removePart(_ path: FilePath) {
    if let names = PendingNames.read(in: path) {
      guard let rules, sweep(names, rules) else { return }
    }
    calls.removeAll(path)
  }

  /// Removes those of the names beside the output that no model takes data from; false where that is
  /// not known of one of them, or it cannot be removed.
  func sweep(_ names: [String], _ rules: OutputRules) -> Bool {
    var isDone = true
    for name in names {
      let path = folder(of: target).appending(name)
      guard path.ownStatus?.type == .regular else { continue }
      switch rules.isInUse(path) {
      case true?: continue
      case nil: isDone = false
      case false?: do throws(Errno) { try calls.unlink(path) } catch { isDone = false }
      }
    }
    return isDone
  }

  /// Gives the files of a pair their names back, that of the output last.
  func restore(_ pair: FilePath) throws(Errno) {
    guard let main = target.lastComponent else { return }
    for name in try Folder.entries(in: pair) where name != main {
      try calls.rename(pair.appending(name), to: folder(of: target).appending(name))
    }
    if pair.appending(main).isTaken {
      try calls.rename(pair.appending(main), to: target)
    }
  }
}

/// The names that files beside an output got, or lose, with it: written down before.
enum PendingNames {
  private static let file = ".names"

  /// Writes them into the folder `part`.
  static func write(
    _ names: [String], in part: FilePath, _ calls: FileSystemCalls
  ) throws(Errno) {
    let path = part.appending(file)
    let descriptor = try calls.create(path)
    let text = Array(names.joined(separator: "\0").utf8)
    try unsafe calls.write(all: text.span.bytes, to: descriptor, at: 0, path)
    try calls.flush(descriptor, path)
    try calls.flushFolder(part)
  }

  /// Those in `part`; nil where there are none.
  static func read(in part: FilePath) -> [String]? {
    guard let source = try? SourceFile(part.appending(file)), source.size <= 1 << 20,
      let bytes = try? source.bytes(at: 0, count: source.size)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
  }
}

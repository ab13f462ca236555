internal import SystemPackage

extension StagedFolder {
  /// Gives each file its name in the target's own folder, that of the output last, so that it decides
  /// which others belong to it.
  ///
  /// `others` are the names of the files beside the output. Where one of them is taken by something
  /// else, what is there, the output first, is put aside before: then no output stands beside data that
  /// are not its own, and the next run gives the files their names back if this one is killed. `old`
  /// are names that the output which is replaced alone takes data from; they go once it has.
  ///
  /// Throws `exists` where a name is taken and `replacing` is false; then none is given.
  package func commit(
    _ main: String, others: [String], removing old: [String] = [], replacing: Bool
  ) throws(FileError) {
    let place = folder(of: target)
    let turn = NamingTurn.take(in: place, calls)
    defer { withExtendedLifetime(turn) {} }
    var taken: [String] = []
    for name in others where place.appending(name).isTaken {
      if try !holdsSame(path.appending(name), place.appending(name)) { taken.append(name) }
    }
    if !replacing {
      if target.isTaken { throw FileError(output.string, .exists) }
      if let name = taken.first { throw FileError(place.appending(name).string, .exists) }
    }
    guard target.ownStatus?.type != .directory else {
      throw FileError(
        output.string, .wrongKind(expected: "a file", found: "a folder"),
        remedy: "remove it, or name another output")
    }
    if replacing { keepOwnersAndModes(of: others + [main]) }
    let pending = others + old
    try tried("flush the output") { () throws(Errno) in
      try PendingNames.write(pending, in: path, calls)
    }
    let recovery = Recovery(target: target, rules: rules, calls: calls)
    try Unfinished.naming(path) { () throws(FileError) in
      var isNamed = false
      defer {
        // The new output's own are in use, whoever can tell. What cannot be removed now stays noted, for the
        // next run.
        if !recovery.sweep(isNamed ? old : pending, rules) { isRemovable.withLock { $0 = false } }
      }
      let pair = taken.isEmpty ? nil : try putAside(taken)
      do throws(Errno) {
        for name in others { try calls.rename(path.appending(name), to: place.appending(name)) }
        // The data's names before the one that makes them count.
        if !others.isEmpty { try calls.flushFolder(place) }
        let file = path.appending(main)
        if replacing {
          try calls.rename(file, to: target)
        } else {
          try calls.renameNew(file, to: target)
        }
        isNamed = true
      } catch {
        if let pair { try takeBack(pair, after: error) }
        if !replacing && error == .fileExists { throw FileError(output.string, .exists) }
        throw failure("name the output", error)
      }
      if let pair { calls.removeAll(pair) }
    }
    pairLock.withLock { $0 = nil }
    try flushNames()
  }

  /// Puts the output and the files `taken` aside, and returns the folder that they are in.
  private func putAside(_ taken: [String]) throws(FileError) -> FilePath {
    let pair = HiddenName(.pair, beside: target).path
    do throws(Errno) {
      try calls.makeFolder(pair, mode: 0o700)
      let lock = try HiddenLock.take(pair, calls)
      pairLock.withLock { $0 = lock }
    } catch {
      // Nothing is in it yet; where the name was taken, that is somebody's.
      if error != .fileExists && error != .wouldBlock { calls.removeAll(pair) }
      throw failure("name the output", error)
    }
    do throws(Errno) {
      if let main = target.lastComponent, target.isTaken {
        try calls.rename(target, to: pair.appending(main))
      }
      for name in taken {
        try calls.rename(folder(of: target).appending(name), to: pair.appending(name))
      }
      try calls.flushFolder(pair)
    } catch {
      try takeBack(pair, after: error)
      throw failure("name the output", error)
    }
    return pair
  }

  /// Gives what was put aside its names back.
  private func takeBack(_ pair: FilePath, after error: Errno) throws(FileError) {
    let recovery = Recovery(target: target, rules: rules, calls: calls)
    guard (try? recovery.restore(pair)) != nil else {
      throw FileError(
        output.string, writing: "name the output", error,
        remedy: "the old files lie in \(pair): run this again to give them their names back")
    }
    calls.removeAll(pair)
  }

  /// Whether two files hold the same bytes.
  private func holdsSame(_ one: FilePath, _ other: FilePath) throws(FileError) -> Bool {
    guard let one = try? SourceFile(one), let other = try? SourceFile(other), one.size == other.size
    else { return false }
    return try one.digest() == other.digest()
  }
}

extension SourceFile {
  /// The XXH3 digest of all its bytes.
  package func digest() throws(FileError) -> XXH3Digest {
    var hasher = XXH3Hasher()
    try stream(0..<size) { (window) throws(FileError) in hasher.update(window) }
    return hasher.digest()
  }
}

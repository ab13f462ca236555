internal import AlbertBytes
internal import SystemPackage

/// The path from which the names of a checkpoint's files are made, such as `model.ckpt-best`.
struct TensorFlowPrefix: Equatable, Sendable {
  let path: FilePath

  init(_ path: FilePath) { self.path = path }

  /// The prefix of one of a checkpoint's files, or nil where its name ends in no known way.
  init?(ofFile file: FilePath) {
    guard let name = file.lastComponent else { return nil }
    let known = [".index", ".meta"].lazy.compactMap { name.dropping($0) }.first
    guard let stem = known ?? Self.withoutDataEnding(name) else { return nil }
    self.init(file.replacingLastComponent(with: stem))
  }

  /// The index of the checkpoint.
  var index: FilePath { appending(".index") }

  /// The name of the data shard of a number, counted from 0.
  func shard(_ number: Int, of count: Int) -> FilePath.Component {
    name(endingIn: ".data-\(padded(number))-of-\(padded(count))")
  }

  /// Whether one of the prefix's own files is there.
  ///
  /// Throws where that cannot be told.
  var exists: Bool {
    get throws(FileError) {
      if try Self.exists(index) { return true }
      let folder = path.removingLastComponent().orCurrentFolder
      guard let name = path.lastComponent, try folder.found()?.type == .directory else {
        return false
      }
      return try Folder.names(in: folder).contains { Self.withoutDataEnding($0) == name }
    }
  }

  /// Whether anything but a folder lies at a path.
  static func exists(_ path: FilePath) throws(FileError) -> Bool {
    guard let status = try path.found() else { return false }
    return status.type != .directory
  }

  private func appending(_ ending: String) -> FilePath {
    path.removingLastComponent().appending(name(endingIn: ending))
  }

  private func name(endingIn ending: String) -> FilePath.Component {
    path.lastComponent?.adding(ending) ?? FilePath.Component(ending) ?? "."
  }

  private func padded(_ number: Int) -> String { String(UInt64(number), digits: 5) }

  /// The name without `.data-00000-of-00001`; nil where it does not end so.
  private static func withoutDataEnding(_ name: FilePath.Component) -> FilePath.Component? {
    let parts = name.string.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of",
      parts[parts.count - 4].hasSuffix(".data")
    else { return nil }
    let numbers = [parts[parts.count - 3], parts[parts.count - 1]]
    guard numbers.allSatisfy({ $0.count >= 5 && $0.allSatisfy("0123456789".contains) }) else {
      return nil
    }
    return name.dropping(
      last: ".data-".count + numbers[0].count + "-of-".count + numbers[1].count)
  }
}

internal import Bytes
internal import SystemPackage

/// The path from which the names of a checkpoint's files are made, such as `model.ckpt-best`.
struct TensorFlowPrefix: Equatable, Sendable {
  let path: FilePath

  init(_ path: FilePath) { self.path = path }

  /// The prefix of one of a checkpoint's files, or nil where its name ends in no known way.
  init?(ofFile file: FilePath) {
    guard let name = file.lastComponent?.string else { return nil }
    for ending in [".index", ".meta"] where name.hasSuffix(ending) && name.count > ending.count {
      self.init(file.removingLastComponent().appending(String(name.dropLast(ending.count))))
      return
    }
    guard let length = Self.lengthOfDataEnding(name), name.count > length else { return nil }
    self.init(file.removingLastComponent().appending(String(name.dropLast(length))))
  }

  /// The index of the checkpoint.
  var index: FilePath { appending(".index") }

  /// The name of the data shard of a number, counted from 0.
  func shard(_ number: Int, of count: Int) -> String {
    "\(path.lastComponent?.string ?? "").data-\(padded(number))-of-\(padded(count))"
  }

  /// Whether one of the prefix's own files is there.
  var exists: Bool {
    if Self.exists(index) { return true }
    let folder = path.removingLastComponent()
    guard let name = path.lastComponent?.string,
      let names = try? Folder.names(in: folder.isEmpty ? FilePath(".") : folder)
    else { return false }
    return names.contains { other in
      Self.lengthOfDataEnding(other).map { other.dropLast($0) == name } ?? false
    }
  }

  /// Whether anything but a folder lies at a path.
  static func exists(_ path: FilePath) -> Bool {
    guard let status = try? path.stat() else { return false }
    return status.type != .directory
  }

  private func appending(_ ending: String) -> FilePath {
    path.removingLastComponent().appending((path.lastComponent?.string ?? "") + ending)
  }

  private func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  /// The length of `.data-00000-of-00001` at the end of a name, or nil where it is not there.
  private static func lengthOfDataEnding(_ name: String) -> Int? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of",
      parts[parts.count - 4].hasSuffix(".data")
    else { return nil }
    let numbers = [parts[parts.count - 3], parts[parts.count - 1]]
    guard numbers.allSatisfy({ $0.count >= 5 && $0.allSatisfy("0123456789".contains) }) else {
      return nil
    }
    return ".data-".count + numbers[0].count + "-of-".count + numbers[1].count
  }
}

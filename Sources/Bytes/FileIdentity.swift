internal import SystemPackage

/// Device, inode, size and time of modification: equal for the same file in the same state.
public struct FileIdentity: Equatable, Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
  let size: Int64
  let modifiedSeconds: Int64
  let modifiedNanoseconds: Int64

  init(_ status: Stat) {
    device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
    inode = UInt64(truncatingIfNeeded: status.inode.rawValue)
    size = Int64(status.size)
    modifiedSeconds = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
  }

  /// Whether both name one file on disk, in whatever state.
  public func isSameFile(as other: FileIdentity) -> Bool {
    device == other.device && inode == other.inode
  }
}

extension Error {
  /// The error number of an error that swift-system threw.
  var code: Int32 { (self as? Errno)?.rawValue ?? -1 }
}

extension FileError {
  /// What a failed open of `path` tells the user.
  init(opening path: FilePath, _ error: any Error) {
    switch error as? Errno {
    case .noSuchFileOrDirectory: self.init(path.string, .notFound)
    case .notDirectory: self.init(path.string, .notFound)
    case let errno:
      self.init(path.string, .system(operation: "open the file", errno: errno?.rawValue ?? -1))
    }
  }

  /// What a failure to make `what` beside an output tells the user.
  init(making what: String, for output: FilePath, errno code: Int32) {
    let place = folder(of: output)
    switch Errno(rawValue: code) {
    case .noSuchFileOrDirectory, .notDirectory:
      self.init(
        output.string, .missing("the folder '\(place)'"), remedy: "make the folder first")
    default:
      self.init(output.string, .system(operation: "create \(what) in \(place)", errno: code))
    }
  }
}

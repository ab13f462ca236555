package import SystemPackage

/// Device, inode, size and time of modification: equal for the same file in the same state.
package struct FileIdentity: Equatable, Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
  let size: Int64
  /// When the file was last changed, in seconds since 1970.
  package let modifiedSeconds: Int64
  let modifiedNanoseconds: Int64

  init(_ status: Stat) {
    device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
    inode = UInt64(truncatingIfNeeded: status.inode.rawValue)
    size = Int64(status.size)
    modifiedSeconds = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
  }

  /// Whether both name one file on disk, in whatever state.
  package func isSameFile(as other: FileIdentity) -> Bool {
    device == other.device && inode == other.inode
  }

  /// Whether both have one size and one time of modification, as a file and its copy have.
  func isSameState(as other: FileIdentity) -> Bool {
    size == other.size && modifiedSeconds == other.modifiedSeconds
      && modifiedNanoseconds == other.modifiedNanoseconds
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
    case .noSuchFileOrDirectory, .notDirectory:
      self.init(
        path.string, .notFound,
        remedy: path.destination.map {
          "this is a link to '\($0.string)': mend it, or name another file"
        })
    case let errno:
      self.init(path.string, .system(operation: "open the file", errno: errno?.rawValue ?? -1))
    }
  }

  /// What a path tells the user at which nothing is found: that nothing is there, or what hinders looking.
  ///
  /// - Parameter remedy: What helps where nothing has the name, a link no more than a file.
  package init(absent path: FilePath, remedy: Remedy? = nil) {
    do throws(Errno) {
      _ = try path.stat()
      self.init(path.string, .notFound, remedy: remedy)
    } catch {
      let failed = FileError(opening: path, error)
      let isAbsent = failed.problem == .notFound && path.destination == nil
      self.init(path.string, failed.problem, remedy: isAbsent ? remedy : failed.advice)
    }
  }

  /// What a failure to make `what` for an output tells the user.
  init(
    making what: String, for output: FilePath, in place: FilePath? = nil, errno code: Int32
  ) {
    let place = place ?? folder(of: output)
    switch Errno(rawValue: code) {
    case .noSuchFileOrDirectory, .notDirectory:
      self.init(
        output.string, .missing("the folder '\(place)'"), remedy: "make the folder first")
    case let error:
      self.init(output.string, writing: "create \(what) in \(place)", error)
    }
  }

  /// What a failure to write an output tells the user.
  init(_ path: String, writing operation: String, _ error: Errno, remedy: Remedy? = nil) {
    self.init(path, .system(operation: operation, errno: error.rawValue), remedy: remedy)
  }

  /// What a folder whose names do not reach the disk tells the user.
  init(folderOf path: FilePath, notFlushed error: Errno) {
    self.init(
      path.string,
      .system(operation: "bring the name of the output to the disk", errno: error.rawValue),
      remedy: "the output is whole, but a power cut may lose it: check the disk")
  }
}

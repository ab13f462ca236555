internal import SystemPackage

extension FileError {
  /// Whether something could not be read just now, so that the error says nothing of what it holds, and nothing
  /// may be concluded from it.
  package var isOfReading: Bool {
    switch problem {
    case .notFound, .system, .changed, .cancelled: true
    default: false
    }
  }

  /// Whether it is the machine that hinders reading, and not what is there or is not.
  package var isOfMachine: Bool { isOfReading && problem != .notFound }

  /// Whether the user may not look at something, or it is no file that can be read, which says nothing of the
  /// others beside it.
  package var isOfPermission: Bool {
    guard case .system(_, let code) = problem else { return false }
    return [Errno.permissionDenied, .notPermitted, .noSuchAddressOrDevice].contains(
      Errno(rawValue: code))
  }

  /// What `body` gives; nil where nothing is there, or what is there is of another kind than it reads.
  ///
  /// Throws where something could not be read: nothing may be concluded from that.
  package static func ifReadable<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result? {
    do throws(FileError) {
      return try body()
    } catch {
      if error.isOfMachine { throw error }
      return nil
    }
  }
}

internal import SystemPackage

extension Errno {
  /// What helps where a system call fails for this reason.
  var remedy: Remedy {
    switch self {
    case .noMemory: "free memory, or raise the limit for it (ulimit -v)"
    case .tooManyOpenFiles: "raise the limit for open files (ulimit -n)"
    case .tooManyOpenFilesInSystem: "close other programs: the system can open no more files"
    case .resourceTemporarilyUnavailable:
      "end other programs, or raise the limit for processes (ulimit -u)"
    case .fileTooLarge: "raise the limit for the size of files (ulimit -f), or write elsewhere"
    case .noSpace, .diskQuotaExceeded: "make room there, or write elsewhere"
    case .readOnlyFileSystem: "that file system is read-only: write elsewhere"
    case .permissionDenied, .notPermitted:
      "check the permissions of the file and of the folders above it"
    case .fileNameTooLong: "give it a shorter name"
    case .tooManySymbolicLinkLevels: "its links lead in a circle: name the file itself"
    case .ioError, .noSuchAddressOrDevice:
      "the device or the network behind it fails: check it, and copy the file elsewhere"
    default: "check the permissions and the free space there"
    }
  }
}

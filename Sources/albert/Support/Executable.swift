import AlbertBytes
import AlbertPlatform
import CAlbertPlatform
import SystemPackage

/// The running program's own file, which is also the HDF5 worker.
enum Executable {
  /// Its path; nil where nothing tells.
  static var path: FilePath? {
    #if os(Linux)
      // What runs is behind this link, also when the file has been replaced since.
      let link: FilePath = "/proc/self/exe"
      if isProgram(link) { return link }
    #endif
    if let name = unsafe albertkit_executable_name(),
      case let path = unsafe FilePath(platformString: name), isProgram(path)
    {
      return path
    }
    return named
  }

  /// The file that the program's name stands for, as a shell looks for it.
  private static var named: FilePath? {
    guard let name = Arguments.all.first.map({ FilePath(bytes: $0) }), let last = name.lastComponent
    else { return nil }
    if name.components.count > 1 || name.isAbsolute { return isProgram(name) ? name : nil }
    return unsafe [UInt8](cString: getenv("PATH"))
      .split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      .map { ($0.isEmpty ? "." : FilePath(bytes: $0)).appending(last) }
      .first(where: isProgram)
  }

  private static func isProgram(_ path: FilePath) -> Bool {
    unsafe path.withPlatformString { unsafe access($0, X_OK) } == 0
  }
}

import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The running program's own file, which is also the HDF5 worker.
enum Executable {
  /// Its path.
  static var path: FilePath? {
    #if os(Linux)
      FilePath("/proc/self/exe")
    #else
      CommandLine.arguments.first.map { FilePath($0) }
    #endif
  }
}

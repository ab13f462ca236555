#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What the program runs on.
public enum Machine {
  /// Bytes of physical memory; the largest number where the system does not say.
  public static let memory: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    guard pages > 0, size > 0 else { return .max }
    return pages.multiplied(by: size) ?? .max
  }()
}

internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Read-only bytes that stay at one address: a mapped file, or memory of our own.
///
/// Only a native file is mapped, whose size its header fixes and which the tool writes whole.
@safe public final class MappedBytes: @unchecked Sendable {
  // Unchecked: the memory is written before the initializer returns and never after.
  private let base: UnsafeMutableRawPointer?
  /// The number of bytes.
  public let count: Int

  /// Maps all of `file`.
  ///
  /// Throws `system` where the kernel refuses.
  public convenience init(_ file: SourceFile) throws(FileError) {
    try self.init(length: file.size, descriptor: file.rawDescriptor, path: file.path.string)
  }

  /// Memory of `count` bytes that `fill` writes once.
  public init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void)
    throws(FileError)
  {
    let base =
      unsafe count == 0
      ? nil
      : mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe base != MAP_FAILED else {
      throw FileError("memory", .system(operation: "allocate \(count) bytes", errno: errno))
    }
    unsafe self.base = base
    self.count = count
    unsafe try fill(UnsafeMutableRawBufferPointer(start: base, count: count))
  }

  private init(length: Int, descriptor: Int32, path: String) throws(FileError) {
    let base = unsafe length == 0 ? nil : mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0)
    guard unsafe base != MAP_FAILED else {
      throw FileError(path, .system(operation: "map the file", errno: errno))
    }
    unsafe self.base = base
    count = length
  }

  deinit {
    if let base = unsafe base { unsafe _ = munmap(base, count) }
  }

  /// The bytes of `range`, which must lie within `0..<count`.
  public func withBytes<R, E: Error>(_ range: Range<Int>, _ body: (RawSpan) throws(E) -> R)
    throws(E)
    -> R
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the mapping")
    let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return try body(unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all[range])))
  }

  /// The same bytes by their address, which is valid while this object lives.
  public func address(of range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the mapping")
    let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return unsafe UnsafeRawBufferPointer(rebasing: all[range])
  }

  /// Tells the kernel that all bytes will be read soon, in order.
  public func adviseSequential() {
    if let base = unsafe base { unsafe _ = madvise(base, count, MADV_SEQUENTIAL) }
  }
}

internal import AlbertPlatform
internal import CAlbertPlatform
internal import SystemPackage

/// Read-only bytes that stay at one address: a mapped file, or memory of our own.
///
/// Only a native file is mapped, whose size its header fixes and which the tool writes whole. Where
/// somebody else changes the file meanwhile, `checkUnchanged` says so afterwards. A file that is made
/// *shorter* ends the process with SIGBUS as soon as a lost byte is read, unless
/// `guardAgainstTruncation` was called before; reading the file into memory avoids both.
@safe package final class MappedBytes: @unchecked Sendable {
  // Unchecked: the memory is written before the initializer returns and never after.
  private let base: UnsafeMutableRawPointer?
  /// The number of bytes.
  package let count: Int
  /// The file behind a mapping.
  private let file: SourceFile?
  /// The watch over a mapping.
  private let slot: Int32

  /// Maps all of `file`.
  ///
  /// Throws `system` where the kernel refuses.
  package init(_ file: SourceFile) throws(FileError) {
    let count = file.size
    let base =
      unsafe count == 0
      ? nil : mmap(nil, count, PROT_READ, MAP_SHARED, file.rawDescriptor, 0)
    guard unsafe base != MAP_FAILED else {
      throw FileError(file.path.string, .system(operation: "map the file", errno: errno))
    }
    unsafe self.base = base
    self.count = count
    self.file = file
    slot = unsafe base.map { unsafe albertkit_mapping_watch($0, count, file.rawDescriptor) } ?? -1
  }

  /// Reads all of `file` into memory, where nobody can change it.
  ///
  /// Throws where it cannot be read, or changes meanwhile.
  package convenience init(reading file: SourceFile) throws(FileError) {
    unsafe try self.init(count: file.size) { (memory) throws(FileError) in
      unsafe try file.read(at: 0, into: memory)
    }
    try file.checkUnchanged()
  }

  /// Memory of `count` bytes that `fill` writes once.
  package init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void)
    throws(FileError)
  {
    let base =
      unsafe count == 0
      ? nil
      : mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe base != MAP_FAILED else {
      throw FileError(
        "memory", .system(operation: "allocate \(count) bytes", errno: errno),
        remedy: "use a machine with more memory, or raise the limit (ulimit -v)")
    }
    unsafe self.base = base
    self.count = count
    file = nil
    slot = -1
    unsafe try fill(UnsafeMutableRawBufferPointer(start: base, count: count))
  }

  deinit {
    albertkit_mapping_forget(slot)
    if let base = unsafe base { unsafe _ = munmap(base, count) }
  }

  /// Makes the process outlive mapped files that are made shorter while they are read: the lost bytes
  /// read as zeros, and `checkUnchanged` throws.
  ///
  /// It handles SIGBUS for the whole process and hands on what concerns no mapping of its own to the
  /// handler that was there before, so it is for the program to call, once, and no library's own doing.
  package static func guardAgainstTruncation() {
    _ = albertkit_mapping_guard()
  }

  /// Throws `changed` where the mapped file is no longer as it was when it was opened.
  ///
  /// What was computed from the bytes counts only if this holds afterwards.
  package func checkUnchanged() throws(FileError) {
    guard let file else { return }
    if albertkit_mapping_is_cut(slot) { throw FileError(file.path.string, .changed) }
    try file.checkUnchanged()
  }

  /// The bytes of `range`, which must lie within `0..<count`.
  package func withBytes<R, E: Error>(_ range: Range<Int>, _ body: (RawSpan) throws(E) -> R)
    throws(E)
    -> R
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the mapping")
    let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return try body(unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all[range])))
  }

  /// The same bytes by their address, which is valid while this object lives.
  package func address(of range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the mapping")
    let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return unsafe UnsafeRawBufferPointer(rebasing: all[range])
  }

  /// The bytes of a matrix whose parts are not worth to stay in memory, though they are read again in the
  /// next layer.
  package static let largeMatrix = 32 << 20

  /// The memory for `read` of a part of `part` bytes of a matrix of `size` bytes: none for a small one,
  /// which stays mapped.
  package static func memory(toRead part: Int, of size: Int) -> Int {
    size >= largeMatrix ? part : 0
  }

  /// Takes bytes of a mapped file that were read out of the process's memory.
  ///
  /// They come back when they are read again. Bytes from elsewhere stay.
  package static func release(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    unsafe albertkit_mapping_release(base, bytes.count)
  }

  /// The same bytes for one use: those of a mapped file are read into `memory`, where it holds as many,
  /// others stay where they are.
  ///
  /// To map pages and to let go of them again, on several threads, takes longer than the copy.
  package static func read(
    _ bytes: UnsafeRawBufferPointer, into memory: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    guard memory.count >= bytes.count,
      let base = bytes.baseAddress, let target = memory.baseAddress,
      unsafe albertkit_mapping_read(target, base, bytes.count)
    else { return unsafe bytes }  // A file that became shorter is noticed where they are mapped.
    return unsafe UnsafeRawBufferPointer(start: target, count: bytes.count)
  }
}

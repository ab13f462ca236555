internal import AlbertPlatform
internal import CAlbertPlatform
internal import Synchronization
internal import SystemPackage

/// What the program runs on.
package enum Machine {
  /// Bytes of physical memory; the largest number where the system does not say.
  package static let memory: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    guard pages > 0, size > 0 else { return .max }
    return pages.multiplied(by: size) ?? .max
  }()

  /// The processors that threads run on.
  package static let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Whether the process's memory is limited (`ulimit -v`, `ulimit -d`).
  package static var limitsMemory: Bool { albertkit_memory_is_limited() }

  /// Lets all threads allocate from one place from now on, which spares much address space.
  package static func shareMemoryAmongThreads() { albertkit_memory_share() }

  /// Keeps freed memory for what is asked for next.
  ///
  /// Tensors come and go, and the kernel would clear each page anew. For a program to choose, not for a
  /// library.
  package static func keepFreedMemory() { albertkit_memory_keep() }

  /// Asks for large pages under `size` bytes that are about to be filled, where there are that many.
  @unsafe package static func preferLargePages(under memory: UnsafeMutableRawPointer?, size: Int) {
    unsafe albertkit_memory_prefer_large_pages(memory, size)
  }

  /// Whether the process may take `size` more bytes of memory.
  package static func offers(memory size: Int) -> Bool { albertkit_memory_is_available(size) }

  /// The bytes of address space that the process takes; nil where the system does not say.
  package static var addressSpace: Int? {
    guard let file = try? FileDescriptor.open(FilePath("/proc/self/statm"), .readOnly) else {
      return nil
    }
    defer { try? file.close() }
    var text = [UInt8](repeating: 0, count: 64)
    guard let count = try? unsafe text.withUnsafeMutableBytes({ try unsafe file.read(into: $0) }),
      let pages = Int(String(decoding: text[..<count].prefix { $0 != 0x20 }, as: UTF8.self))
    else { return nil }
    return pages.multiplied(by: sysconf(Int32(_SC_PAGESIZE)))
  }

  /// How many of `wanted` further threads the process can have at once.
  package static func threads(of wanted: Int) -> Int {
    Int(albertkit_threads_available(Int32(clamping: wanted)))
  }

  /// Runs `body` for 0..<count on all cores, in no particular order; each call writes where no other
  /// one reads or writes.
  ///
  /// The calls come one after the other where the process can have no threads.
  ///
  /// - Parameters:
  ///   - count: The number of calls.
  ///   - most: How many run at once; as many as there are cores unless calls mostly wait.
  package static func concurrently(
    _ count: Int, atMost most: Int = cores, _ body: @Sendable (Int) -> Void
  ) {
    guard count > 1, most > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var part = Part(body: body)
      unsafe withUnsafeMutablePointer(to: &part) { context in
        unsafe albertkit_share_work(
          count, Int32(clamping: most - 1),
          { (context, index) in
            unsafe context?.assumingMemoryBound(to: Part.self).pointee.body(index)
          }, context)
      }
    }
  }

  /// Runs `body` for 0..<count, in order and on up to `most` threads; what is not begun when a call
  /// fails is left out.
  ///
  /// Throws what the first call that failed did.
  package static func concurrently(
    _ count: Int, atMost most: Int, trying body: @Sendable (Int) throws(FileError) -> Void
  ) throws(FileError) {
    let failure = Mutex<FileError?>(nil)
    concurrently(count, atMost: most) { index in
      guard failure.withLock({ $0 == nil }) else { return }
      do throws(FileError) {
        try body(index)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// What `body` gives for 0..<count, in order, on up to `most` threads.
  ///
  /// Throws what the first call that failed did.
  package static func map<Result: Sendable>(
    _ count: Int, atMost most: Int, _ body: @Sendable (Int) throws(FileError) -> Result
  ) throws(FileError) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    try concurrently(count, atMost: most) { (index) throws(FileError) in
      let result = try body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  /// Work in parts, as C passes it on.
  private struct Part {
    let body: @Sendable (Int) -> Void
  }

  /// Runs `body` on a thread of its own; false where the process can have none.
  @discardableResult
  package static func detach(_ body: @escaping @Sendable () -> Void) -> Bool {
    let context = unsafe Unmanaged.passRetained(Detached(body))
    let isStarted = unsafe albertkit_thread_start(
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Detached>.fromOpaque(context).takeRetainedValue().body()
        }
        return nil
      }, context.toOpaque())
    if !isStarted { unsafe context.release() }
    return isStarted
  }

  /// What a thread does, as C passes it on.
  private final class Detached: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

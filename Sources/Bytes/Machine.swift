internal import AlbertPlatform
internal import CAlbertPlatform
internal import Dispatch
internal import SystemPackage

/// What the program runs on.
package enum Machine {
  /// Whether libdispatch can watch its threads, which it does through `/proc` on Linux: where that is
  /// not there, it ends the process.
  private static let canWatchThreads: Bool = {
    #if os(Linux)
      unsafe access("/proc/self/stat", R_OK) == 0
    #else
      true
    #endif
  }()

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

  /// Whether each core can have a thread of its own.
  package static let canShareWork = canWatchThreads && threads(of: cores) == cores

  /// Runs `body` for 0..<count on all cores, in no particular order; each call writes where no other
  /// one reads or writes.
  ///
  /// The calls come one after the other where the process can have no threads: Dispatch would wait for
  /// them without end.
  package static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1, canShareWork else {
      for index in 0..<count { body(index) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  }
}

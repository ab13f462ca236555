import AlbertBytes
import Synchronization

/// Memory that knows how often each of its bytes was written.
final class TilingSink: ByteSink {
  private struct Content {
    var bytes: [UInt8]
    var writes: [UInt8]
  }

  private let content: Mutex<Content>

  init(count: Int) {
    // Not zeros, so that a place that nobody wrote shows.
    content = Mutex(
      Content(
        bytes: [UInt8](repeating: 0xEE, count: count), writes: [UInt8](repeating: 0, count: count)))
  }

  func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    let bytes = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    write(bytes, at: offset)
  }

  func write(_ bytes: [UInt8], at offset: Int) {
    content.withLock { content in
      for (index, byte) in bytes.enumerated() {
        content.bytes[offset + index] = byte
        content.writes[offset + index] += 1
      }
    }
  }

  var bytes: [UInt8] { content.withLock { $0.bytes } }

  /// Whether every byte was written, and none twice.
  var isTiled: Bool { content.withLock { $0.writes.allSatisfy { $0 == 1 } } }
}

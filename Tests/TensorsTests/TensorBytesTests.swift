import AlbertBytes
import Synchronization
import Testing

@testable import AlbertTensors

/// Bytes that are read in any order, wherever they are.
@Suite struct TensorBytesTests {
  /// Bytes that do not repeat soon.
  private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
  }

  /// Holds bytes that come in windows of uneven sizes.
  private func hold(_ bytes: [UInt8], largestHeld: Int) throws -> TensorBytes {
    try TensorBytes(count: bytes.count, largestHeld: largestHeld) { (body) throws(FileError) in
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + start / 2 + 7)
        try unsafe body(bytes.span.bytes.extracting(start..<end))
        start = end
      }
    }
  }

  private func transposed(
    _ bytes: TensorBytes, _ rows: Int, _ columns: Int, _ size: Int, panel: Int
  ) throws -> (bytes: [UInt8], largest: Int) {
    var result: [UInt8] = []
    var largest = 0
    try bytes.streamTransposed(rows: rows, columns: columns, elementSize: size, panel: panel) {
      (window) throws(FileError) in
      largest = max(largest, window.byteCount)
      unsafe window.withUnsafeBytes { unsafe result.append(contentsOf: $0) }
    }
    return (result, largest)
  }

  /// Panels of less than an element, of part of a column, of one column, of several and of all.
  @Test(arguments: [(1, 1), (1, 50), (50, 1), (3, 5), (17, 100), (100, 17), (64, 64), (70, 51)])
  func panelsOfAnySizeTurnTheMatrix(_ rows: Int, _ columns: Int) throws {
    for size in [1, 2, 4, 8] {
      let stored = pattern(rows * columns * size)
      let expected = transpose(stored, rows: rows, columns: columns, elementSize: size)
      let file = try hold(stored, largestHeld: 0)
      guard case .file = file else {
        Issue.record("the bytes are in memory")
        return
      }
      for panel in [1, size, 3 * size, rows * size, 7 * rows * size + 1, 1 << 20] {
        let turned = try transposed(file, rows, columns, size, panel: panel)
        #expect(turned.bytes == expected, "\(rows) x \(columns) of \(size) by \(panel)")
        #expect(turned.largest <= max(panel, size))
      }
      let memory = try hold(stored, largestHeld: stored.count)
      #expect(try transposed(memory, rows, columns, size, panel: 1).bytes == expected)
    }
  }

  @Test func anEmptyMatrixIsNothing() throws {
    let empty = try hold([], largestHeld: 0)
    #expect(try transposed(empty, 0, 5, 4, panel: 1).bytes.isEmpty)
    #expect(try transposed(empty, 5, 0, 4, panel: 1).bytes.isEmpty)
  }

  @Test(arguments: [0, 1 << 20]) func sayWhetherAWindowRepeatsThem(_ largestHeld: Int) throws {
    let stored = pattern(5000)
    let bytes = try hold(stored, largestHeld: largestHeld)
    #expect(bytes.count == 5000)
    #expect(try unsafe bytes.repeats(stored.span.bytes, at: 0))
    #expect(try unsafe bytes.repeats(stored.span.bytes.extracting(4000..<5000), at: 4000))
    #expect(try unsafe !bytes.repeats(stored.span.bytes.extracting(4000..<5000), at: 3999))
    #expect(try unsafe !bytes.repeats(stored.span.bytes, at: 1), "more than there is")
  }

  /// Where the temporary folder takes nothing, or not all, memory does.
  @Test func aFullDiskIsNoFailure() throws {
    let stored = pattern(300_000)
    let noRoom = FileSystemCalls { call, _ in
      call == .openNameless || call == .create ? .noSpace : nil
    }
    let filling = FileSystemCalls { [written = Counter()] call, _ in
      call == .write && written.next() > 3 ? .noSpace : nil
    }
    for calls in [noRoom, filling] {
      try FileSystemCalls.$current.withValue(calls) {
        let bytes = try hold(stored, largestHeld: 0)
        guard case .memory(let held) = bytes else {
          Issue.record("the bytes are in a file")
          return
        }
        #expect(held == stored)
      }
    }
  }
}

/// Counts calls, from any thread.
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}

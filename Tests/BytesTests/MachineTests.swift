import AlbertBytes
import Synchronization
import AlbertPlatform
import Testing

@Suite struct MachineTests {
  /// Counts how often each part was done.
  final class Tally: Sendable {
    let counts: Mutex<[Int]>

    init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }

    func note(_ part: Int) { counts.withLock { $0[part] += 1 } }
  }

  @Test(arguments: [0, 1, 2, 3, 64, 1000])
  func doesEachPartOnce(_ count: Int) {
    let tally = Tally(count)
    Machine.concurrently(count) { tally.note($0) }
    #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: count))
  }

  @Test func sharesWorkWithinWork() {
    let tally = Tally(40)
    Machine.concurrently(8) { outer in
      Machine.concurrently(5) { inner in tally.note(outer * 5 + inner) }
    }
    #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: 40))
  }

  @Test func takesWorkOfManyThreads() async {
    let tally = Tally(16 * 100)
    await withTaskGroup { group in
      for task in 0..<16 {
        group.addTask {
          for round in 0..<10 {
            Machine.concurrently(10) { tally.note(task * 100 + round * 10 + $0) }
          }
        }
      }
    }
    #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: 1600))
  }

  @Test func detaches() async {
    let value = await withCheckedContinuation { continuation in
      let isStarted = Machine.detach { continuation.resume(returning: 7) }
      if !isStarted { continuation.resume(returning: 0) }
    }
    #expect(value == 7)
  }

  /// Whatever earlier work asked for, a later one gets as many threads as it wants and no more.
  @Test(arguments: [4, 2, 6, 1]) func noMoreThanAllowedRunAtOnce(_ most: Int) {
    let counts = Mutex((running: 0, highest: 0))
    Machine.concurrently(40, atMost: most) { _ in
      counts.withLock {
        $0.running += 1
        $0.highest = max($0.highest, $0.running)
      }
      usleep(500)
      counts.withLock { $0.running -= 1 }
    }
    #expect(counts.withLock(\.highest) <= most)
    #expect(most == 1 || counts.withLock(\.highest) > 1)
  }

  @Test func theFirstFailureEndsTheWork() {
    let tally = Tally(1000)
    let error = #expect(throws: FileError.self) {
      try Machine.concurrently(1000, atMost: 2) { (part) throws(FileError) in
        tally.note(part)
        if part == 10 { throw FileError("ten", .missing("everything")) }
        // A busy machine may hold back the thread that failed; the other one gives it ten seconds.
        if part > 10 { usleep(10_000) }
      }
    }
    #expect(error?.path == "ten")
    #expect(tally.counts.withLock { $0.reduce(0, +) } < 1000)
  }
}

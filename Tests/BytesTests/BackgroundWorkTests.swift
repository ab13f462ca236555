@testable import AlbertBytes
import AlbertPlatform
import AlbertTestSupport
import Synchronization
import SystemPackage
import Testing

@Suite struct BackgroundWorkTests {
  private final class Tally: Sendable {
    let counts: Mutex<[Int]>

    init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }

    func note(_ part: Int) { counts.withLock { $0[part] += 1 } }
  }

  private final class Count: Sendable {
    private let rounds = Mutex(0)

    var value: Int { rounds.withLock(\.self) }

    func add() { rounds.withLock { $0 += 1 } }
  }

  @Test(arguments: [0, 1, 2, 100]) func doesEachPartOnce(_ count: Int) {
    let tally = Tally(count)
    let work = BackgroundWork(count) { part, _ in tally.note(part) }
    work.end()
    #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: count))
    work.end()
    #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: count))
  }

  @Test func beginsWhileOthersWork() {
    let rounds = Count()
    let work = BackgroundWork(1) { _, _ in rounds.add() }
    // A busy machine may take its time.
    for _ in 0..<10_000 where rounds.value == 0 { usleep(1000) }
    #expect(rounds.value == 1)
    work.end()
  }

  /// Workers that are all busy with one thing do not keep another from ending.
  @Test func endsWithinOtherWork() {
    let tally = Tally(64)
    Machine.concurrently(8) { outer in
      let work = BackgroundWork(8) { part, _ in tally.note(outer * 8 + part) }
      work.end()
    }
    #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: 64))
  }

  @Test func whatNobodyWaitsForIsCutShort() {
    let rounds = Count()
    var work: BackgroundWork? = BackgroundWork(1) { _, isWanted in
      while isWanted() {
        rounds.add()
        usleep(1000)
      }
    }
    #expect(work != nil)
    work = nil
    let before = rounds.value
    usleep(20_000)
    #expect(rounds.value == before)
  }
}

@Suite struct SourceDigestsTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> SourceFile {
    try SourceFile(scratch.write(name, bytes))
  }

  @Test func beginningEarlyGivesTheSameDigests() throws {
    let contents: [[UInt8]] = [
      [], Array("abc".utf8), Array(repeating: 7, count: 3 * SourceFile.windowSize + 5),
    ]
    for isBegun in [false, true] {
      let files = try contents.enumerated().map { try file("\($0.offset).bin", $0.element) }
      if isBegun {
        files.beginDigests()
        files.beginDigests()
      }
      let digests = try files.map { try $0.sha256() }
      #expect(
        digests.prefix(2) == [
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ])
      #expect(try digests[2] == files[2].digest(.sha256))
    }
  }

  @Test func aFileThatBecameShorterFailsAlone() throws {
    let whole = try file("whole.bin", [1, 2, 3])
    let short = try file("short.bin", Array(repeating: 1, count: 100))
    try FileDescriptor.open(short.path, .writeOnly, options: .truncate).close()
    [short, whole].beginDigests()
    let error = #expect(throws: FileError.self) { try short.sha256() }
    #expect(error?.problem == .changed)
    #expect(try whole.sha256() == whole.digest(.sha256))
  }
}

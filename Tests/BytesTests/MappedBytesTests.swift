import AlbertPlatform
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertBytes

/// A mapped file that somebody else changes ends in an error, and a copy in memory in nothing at all.
@Suite struct MappedBytesTests {
  private static let size = 1 << 20

  private func file(_ body: (SourceFile, FilePath) throws -> Void) throws {
    let scratch = try Scratch()
    let path = scratch.path("mapped")
    let target = try AtomicFile(path, replacing: false)
    try target.write([UInt8](repeating: 7, count: Self.size))
    try target.commit()
    try body(try SourceFile(path), path)
  }

  private func truncate(_ path: FilePath, to size: Int) {
    #expect(unsafe path.withPlatformString { unsafe shorten($0, size) } == 0)
  }

  private func sum(_ bytes: MappedBytes) -> Int {
    bytes.withBytes(0..<bytes.count) { span in
      (0..<span.byteCount).reduce(0) {
        $0 + Int(unsafe span.unsafeLoad(fromByteOffset: $1, as: UInt8.self))
      }
    }
  }

  @Test func bytesThatWereLetGoComeBack() throws {
    try file { file, _ in
      let bytes = try MappedBytes(file)
      for range in [0..<Self.size, 1..<100, 5000..<300_001, 0..<0] {
        unsafe MappedBytes.release(bytes.address(of: range))
        #expect(sum(bytes) == 7 * Self.size)
      }
    }
    // There is no file that memory of our own could come back from.
    let own = unsafe try MappedBytes(count: 70_000) { memory in
      for index in memory.indices { unsafe memory[index] = 3 }
    }
    unsafe MappedBytes.release(own.address(of: 0..<70_000))
    #expect(sum(own) == 3 * 70_000)
  }

  @Test func aFilesBytesAreReadIntoOtherMemoryAndOnesOwnStay() throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 300_000, alignment: 64)
    defer { unsafe memory.deallocate() }
    try file { file, path in
      let bytes = try MappedBytes(file)
      for range in [0..<300_000, 1..<100, 5000..<300_001] {
        let read = unsafe MappedBytes.read(bytes.address(of: range), into: memory)
        unsafe #expect(read.baseAddress == UnsafeRawPointer(memory.baseAddress))
        #expect(unsafe read.count == range.count && read.allSatisfy { $0 == 7 })
      }
      // What the file lost is left to the mapping, which notices it.
      truncate(path, to: 65536)
      let lost = unsafe bytes.address(of: 60_000..<70_000)
      unsafe #expect(MappedBytes.read(lost, into: memory).baseAddress == lost.baseAddress)
    }
    let own = unsafe try MappedBytes(count: 70_000) { memory in
      for index in memory.indices { unsafe memory[index] = 3 }
    }
    let bytes = unsafe own.address(of: 10..<60_000)
    unsafe #expect(MappedBytes.read(bytes, into: memory).baseAddress == bytes.baseAddress)
  }

  @Test func bytesThatAFileLostReadAsZerosAndAreAnError() throws {
    MappedBytes.guardAgainstTruncation()
    try file { file, path in
      let bytes = try MappedBytes(file)
      try bytes.checkUnchanged()
      truncate(path, to: 65536)
      #expect(sum(bytes) == 7 * 65536)
      #expect(throws: FileError(path.string, .changed)) { try bytes.checkUnchanged() }
      // What lost bytes stays an error, even where the file has its size again.
      truncate(path, to: Self.size)
      #expect(throws: FileError(path.string, .changed)) { try bytes.checkUnchanged() }
    }
  }

  @Test func otherMappingsStayAsTheyAre() throws {
    MappedBytes.guardAgainstTruncation()
    try file { one, onePath in
      try file { other, _ in
        let mappings = (try MappedBytes(one), try MappedBytes(other))
        truncate(onePath, to: 0)
        #expect(sum(mappings.0) == 0)
        #expect(sum(mappings.1) == 7 * Self.size)
        try mappings.1.checkUnchanged()
      }
    }
  }

  @Test func aCopyInMemoryOutlivesItsFile() throws {
    try file { file, path in
      let bytes = try MappedBytes(reading: file)
      truncate(path, to: 0)
      #expect(sum(bytes) == 7 * Self.size)
      try bytes.checkUnchanged()
    }
  }

  @Test func manyMappingsAreWatchedOneAfterTheOther() throws {
    MappedBytes.guardAgainstTruncation()
    try file { file, path in
      for _ in 0..<10_000 { _ = try MappedBytes(file) }
      let bytes = try MappedBytes(file)
      truncate(path, to: 0)
      #expect(sum(bytes) == 0)
    }
  }
}

/// `truncate`, under a name that the method of the suite does not hide.
private func shorten(_ path: UnsafePointer<CInterop.PlatformChar>, _ size: Int) -> Int32 {
  unsafe truncate(path, off_t(size))
}

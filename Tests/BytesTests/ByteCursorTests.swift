import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertBytes

@Suite struct ByteCursorTests {
  @Test func numbersOfBothOrders() throws {
    var cursor = ByteCursor([1, 2, 3, 4, 5, 6, 0xFF, 0xFF], path: "x")
    #expect(try cursor.littleEndian(UInt16.self) == 0x0201)
    #expect(try cursor.bigEndian(UInt32.self) == 0x0304_0506)
    #expect(try cursor.littleEndian(Int16.self) == -1)
    #expect(cursor.isAtEnd)
  }

  @Test func everyReadBeyondTheEndSaysWhereAndHowMuch() {
    var cursor = ByteCursor([1, 2, 3], path: "x", offset: 100)
    let error = #expect(throws: FileError.self) {
      _ = try cursor.littleEndian(UInt64.self, "the length")
    }
    #expect(
      error?.description
        == "x: the file ends inside the length: 8 bytes expected, 3 found at byte 100; download or copy the file again; if that does not help, it was damaged when written"
    )
    #expect(throws: FileError.self) { try cursor.skip(.max) }
    #expect(throws: FileError.self) { try cursor.skip(-1) }
    #expect(throws: FileError.self) { _ = try cursor.bytes(-1) }
    #expect(throws: FileError.self) { _ = try cursor.slice(4) }
  }

  @Test func aSliceSeesNothingOutsideItself() throws {
    var cursor = ByteCursor([1, 2, 3, 4], path: "x")
    var slice = try cursor.slice(2)
    #expect(try slice.bytes(2) == [1, 2])
    #expect(throws: FileError.self) { _ = try slice.byte() }
    #expect(try cursor.byte() == 3)
  }

  @Test func aFileIsReadThroughWindowsLikeMemory() throws {
    let folder = try Scratch()
    let path = folder.path("numbers")
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    let output = try AtomicFile(path, replacing: false)
    try output.write(bytes)
    try output.commit()
    let file = try SourceFile(path)
    var cursor = try ByteCursor(file)
    #expect(try cursor.bytes(65_530) == Array(bytes[..<65_530]))
    #expect(try cursor.littleEndian(UInt64.self) != 0)
    try cursor.seek(to: 3)
    #expect(try cursor.byte() == bytes[3])
    var streamed: [UInt8] = []
    try file.stream(10..<150_000, window: 4096) { (window) throws(FileError) in
      unsafe window.withUnsafeBytes { unsafe streamed.append(contentsOf: $0) }
    }
    #expect(streamed == Array(bytes[10..<150_000]))
    #expect(throws: FileError.self) { _ = try ByteCursor(file, range: 0..<200_001) }
    #expect(throws: FileError.self) { _ = try file.bytes(at: .max, count: 1) }
    #expect(throws: FileError.self) { _ = try file.bytes(at: 1, count: .max) }
  }

  @Test func textsAreReadWhereverTheyLie() throws {
    let folder = try Scratch()
    let path = folder.path("texts")
    let long = String(repeating: "é", count: 40_000)
    let texts = [String(repeating: "x", count: 65_530), "across windows", "größer", "", long]
    let output = try AtomicFile(path, replacing: false)
    try output.write(texts.flatMap(\.utf8) + [0x61, 0xC3])
    try output.commit()
    var cursor = try ByteCursor(SourceFile(path))
    for text in texts { #expect(try cursor.text(text.utf8.count) == text) }
    #expect(try cursor.text(2) == nil)
    #expect(throws: FileError.self) { _ = try cursor.text(1) }
    var memory = ByteCursor([0x61, 0x80, 0x62], path: "x", offset: 7)
    #expect(try memory.text(2) == nil)
    #expect(try memory.text(1) == "b")
  }

  @Test func aFileThatChangesIsNoticed() throws {
    let folder = try Scratch()
    let path = folder.path("f")
    let first = try AtomicFile(path, replacing: false)
    try first.write([1, 2, 3])
    try first.commit()
    let file = try SourceFile(path)
    try file.checkUnchanged()
    let handle = try FileDescriptor.open(path, .writeOnly, options: .append)
    try handle.closeAfter { _ = try handle.writeAll([4]) }
    let error = #expect(throws: FileError.self) { try file.checkUnchanged() }
    #expect(error?.problem == .changed)
  }
}

@Suite struct DigestTests {
  @Test func digestsEqualTheirPublishedValues() {
    #expect(
      unsafe XXH3Digest.of([UInt8]().span.bytes).description == "99aa06d3014798d86001c324468d497f")
    var hasher = SHAHasher(.sha256)
    unsafe hasher.update(Array("abc".utf8).span.bytes)
    #expect(
      hasher.digest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func aDigestReadsBackWhatItWrites() {
    let digest = unsafe XXH3Digest.of([1, 2, 3].span.bytes)
    #expect(XXH3Digest(hexadecimal: digest.description) == digest)
    #expect(XXH3Digest(hexadecimal: digest.description.uppercased()) == nil)
    #expect(XXH3Digest(hexadecimal: "+1aa06d3014798d86001c324468d497f") == nil)
  }

  @Test func streamingGivesTheSameDigest() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    var hasher = XXH3Hasher()
    for part in [bytes[..<17], bytes[17..<600], bytes[600...]] {
      unsafe hasher.update(Array(part).span.bytes)
    }
    let whole = unsafe XXH3Digest.of(bytes.span.bytes)
    #expect(hasher.digest() == whole)
  }
}

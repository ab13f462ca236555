import AlbertBytes
import Testing

@testable import AlbertNativeFormat

/// Nothing that happens to a native file's bytes may pass unseen, and nothing may crash.
@Suite struct NativeDamageTests {
  /// Whether opening and checking notice that anything is wrong.
  private func isNoticed(_ file: ScratchFile) -> Bool {
    do {
      return try !NativeModel(file.path).check().isEmpty
    } catch {
      return true
    }
  }

  @Test func everyFlippedBitOfTheHeaderIsNoticed() throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path, contents: .backboneWithoutPooler)
    let bytes = try file.bytes
    let header = try NativeModel(file.path).header.encodedByteCount
    let text = bytes[..<header].lastIndex { $0 != 0x20 } ?? 0
    // Strides that are prime to 8, so that every bit of a byte has its turn.
    let positions =
      Array(0..<64) + Array(stride(from: 64, through: text, by: 17))
      + Array(stride(from: text + 1, to: header, by: 509))
    for position in positions {
      var damaged = bytes
      damaged[position] ^= 1 << (position % 8)
      try file.write(damaged)
      #expect(isNoticed(file), "bit \(position % 8) of byte \(position)")
    }
  }

  @Test func everyFlippedByteOfTheDataIsNoticedWithItsTensor() throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path, contents: .backboneWithoutPooler)
    let bytes = try file.bytes
    let header = try NativeModel(file.path).header
    let start = header.encodedByteCount
    for position in stride(from: start, to: bytes.count, by: 61) {
      var damaged = bytes
      damaged[position] ^= 1 << (position % 8)
      try file.write(damaged)
      let failures = try NativeModel(file.path).check()
      let place = header.layout.places.first { $0.range.contains(position - start) }
      #expect(failures.map(\.tensor) == [place?.tensor.name])
    }
  }

  @Test func everyTruncationAndEveryAdditionIsRefused() throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path, contents: .backboneWithoutPooler)
    let bytes = try file.bytes
    for count in stride(from: 0, to: bytes.count, by: 997) {
      try file.write(Array(bytes[..<count]))
      #expect(throws: FileError.self) { _ = try NativeModel(file.path) }
    }
    try file.write(bytes + [0])
    #expect(throws: FileError.self) { _ = try NativeModel(file.path) }
  }

  @Test func anotherSpellingOfTheSameHeaderIsRefused() throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path)
    var bytes = try file.bytes
    // `{"__metadata__":` becomes `{ "__metadata__"` and so on, one space of padding less.
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    bytes.remove(at: 8 + length - 1)
    bytes.insert(0x20, at: 9)
    try file.write(bytes)
    let error = #expect(throws: FileError.self) { _ = try NativeModel(file.path) }
    #expect(error?.message.contains("canonical form") == true)
  }

  @Test func aFileOfAnotherKindSaysSo() throws {
    let file = try ScratchFile()
    try file.write(Array("{}".utf8))
    let error = #expect(throws: FileError.self) { _ = try NativeModel(file.path) }
    #expect(error?.remedy.isEmpty == false)
  }
}

import AlbertArchives
import AlbertBytes
import Testing

@Suite struct ZipFileTests {
  /// What Python's zipfile put into every file of the same shape.
  private static let text = Array(String(repeating: "albert ", count: 500).utf8)

  private func content(_ zip: ZipFile, _ name: String) throws -> [UInt8] {
    try zip.bytes(of: try #require(zip[name]), most: 1 << 24)
  }

  @Test(
    arguments: [
      "stored.zip", "deflated.zip", "commented.zip", "streamed.zip", "streamed-zip64.zip",
      "zip64.zip", "zip64-directory.zip",
    ])
  func `what python wrote comes back`(_ name: String) throws {
    let zip = try ZipFile(try SourceFile(Fixture.path("zip/\(name)")))
    #expect(zip.members.map(\.name).prefix(2) == ["a/first.bin", "a/second.txt"])
    #expect(zip["a/"] == nil)
    #expect(try content(zip, "a/second.txt") == Self.text)
    let first = try content(zip, "a/first.bin")
    let reference = try ZipFile(try SourceFile(Fixture.path("zip/stored.zip")))
    #expect(first == (try content(reference, "a/first.bin")))
    #expect(first.count == 3000)
    if let empty = zip["empty"] { #expect(try zip.bytes(of: empty, most: 0) == []) }
  }

  @Test func `a stored member's range is its content`() throws {
    let zip = try ZipFile(try SourceFile(Fixture.path("zip/torch.pt")))
    let member = try #require(zip["torch/data/0"])
    #expect(member.method == .stored)
    let bytes = try zip.file.bytes(at: member.range.lowerBound, count: member.range.count)
    let values = unsafe bytes.span.bytes
    for index in 0..<12 {
      #expect(Float(bitPattern: values.unsafeElement(index)) == Float(index))
    }
    #expect(member.range.lowerBound % 64 == 0)
  }

  @Test func `numpy's archives are read, stored and compressed`() throws {
    for name in ["numpy.npz", "numpy-compressed.npz"] {
      let zip = try ZipFile(try SourceFile(Fixture.path("zip/\(name)")))
      #expect(!zip.members.isEmpty)
      for member in zip.members {
        #expect(member.method == (name == "numpy.npz" ? .stored : .deflated))
        #expect(try zip.bytes(of: member, most: 1 << 20).starts(with: [0x93] + Array("NUMPY".utf8)))
      }
    }
  }

  @Test func `an empty zip has no members`() throws {
    let file = try SourceFile(Fixture.path("zip/empty.zip"))
    #expect(try ZipFile(file).members.isEmpty)
    #expect(ZipFile.isZip(try file.bytes(at: 0, count: 22)))
  }

  @Test func `a highly compressed member streams in windows`() throws {
    let zip = try ZipFile(try SourceFile(Fixture.path("zip/bomb.zip")))
    var total = 0
    var largest = 0
    try zip.stream(try #require(zip["zeros"])) { window in
      total += window.byteCount
      largest = max(largest, window.byteCount)
    }
    #expect(total == 8 << 20)
    #expect(largest <= SourceFile.windowSize)
    #expect(throws: FileError.self) { try zip.bytes(of: try #require(zip["zeros"]), most: 1 << 20) }
  }

  @Test(
    arguments: [
      ("encrypted.zip", "the encrypted zip member 's' is not supported"),
      ("bzip2.zip", "the compression method 12 of the zip member 'b' is not supported"),
      ("duplicate.zip", "the zip file holds 'same' twice"),
    ])
  func `what is not read is named`(_ name: String, _ message: String) throws {
    let error = #expect(throws: FileError.self) {
      try ZipFile(try SourceFile(Fixture.path("zip/\(name)")))
    }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }
}

extension RawSpan {
  /// A 32-bit number in the machine's order.
  fileprivate func unsafeElement(_ index: Int) -> UInt32 {
    unsafe unsafeLoadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
  }
}

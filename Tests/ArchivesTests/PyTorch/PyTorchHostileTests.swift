import AlbertBytes
import AlbertPlatform
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

@Suite struct PyTorchHostileTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func readAll(_ bytes: [UInt8]) throws {
    try PyTorchArchive(scratch.write(bytes)).readAll()
  }

  @Test func `what a pickle wants to run is named and not run`() throws {
    let archive = try PyTorchArchive(Fixture.path("pytorch/dangerous.pt"))
    #expect(Set(archive.tensors.map(\.name)) == ["args.weight", "state.weight"])
    #expect(archive.notes.map(\.code) == ["pickle-extra"])
    #expect(
      archive.notes[0].message.hasPrefix(
        "the pickle wants more than tensors, argparse.Namespace, posix.system: nothing of it was "
          + "run"))
    try archive.readAll()
    #expect(unsafe access("albertkit-was-run", F_OK) != 0)
  }

  @Test(arguments: ["views-legacy.pt", "nested.pt"])
  func `every truncation is an error`(_ name: String) throws {
    let bytes = try Fixture.bytes("pytorch/\(name)")
    for length in bytes.indices where length % 11 == 0 || length < 400 {
      #expect(throws: FileError.self) { try readAll(Array(bytes[..<length])) }
    }
    #expect(throws: FileError.self) { try readAll(bytes + [0]) }
  }

  /// An old file has no checksums, so every change reaches the machine.
  @Test(arguments: ["nested-legacy.pt", "views-legacy-protocol4.pt"])
  func `no changed byte of a pickle traps`(_ name: String) throws {
    var bytes = try Fixture.bytes("pytorch/\(name)")
    var refused = 0
    for index in 0..<min(bytes.count, 1400) {
      let mask: UInt8 = index % 9 == 8 ? 0xFF : 1 << UInt8(index % 9)
      bytes[index] ^= mask
      do { try readAll(bytes) } catch is FileError { refused += 1 }
      bytes[index] ^= mask
    }
    #expect(refused > 500)
    try readAll(bytes)
  }

  @Test(arguments: ["views.pt", "views-deflated.pt", "views-without-folder.pt"])
  func `a flipped bit in any member's data is found`(_ name: String) throws {
    var bytes = try Fixture.bytes("pytorch/\(name)")
    let zip = try ZipFile(try scratch.file(bytes))
    let truth = try PyTorchArchive(Fixture.path("pytorch/\(name)"))
    for member in zip.members {
      for index in stride(from: member.range.lowerBound, to: member.range.upperBound, by: 101) {
        bytes[index] ^= 0x04
        do {
          try readAll(bytes)
          // Deflate's padding means nothing; whatever passes must be the same content.
          #expect(member.method == .deflated)
          let archive = try PyTorchArchive(scratch.write(bytes))
          for tensor in truth.tensors {
            #expect(try archive.bytes(of: tensor) == truth.bytes(of: tensor))
          }
        } catch let error as FileError {
          #expect(error.code == "checksum" || member.method == .deflated, "\(error)")
        }
        bytes[index] ^= 0x04
      }
    }
  }

  @Test func `reading a part of a storage finds a flipped bit in the rest of it`() throws {
    var bytes = try Fixture.bytes("pytorch/views.pt")
    let zip = try ZipFile(try scratch.file(bytes))
    let whole = try #require(zip["views/data/0"])
    bytes[whole.range.lowerBound] ^= 1
    let archive = try PyTorchArchive(scratch.write(bytes))
    let text = failure { try archive.read("rows") { _ in } }
    #expect(
      text.contains("the zip member 'views/data/0' does not match its checksum: expected"),
      "\(text)")
    #expect(text.contains("in tensor 'rows'"))
    // What no tensor's reading has touched, the end finds.
    #expect(failure { try archive.finish() }.contains("views/data/0"))
  }

  @Test func `a file saved without checksums is read with a warning`() throws {
    var bytes = try Fixture.bytes("pytorch/without-checksums.pt")
    let archive = try PyTorchArchive(scratch.write(bytes))
    #expect(archive.notes.map(\.code) == ["no-checksums"])
    try archive.readAll()
    // One checksum is enough to demand them all.
    let zip = try ZipFile(scratch.file(bytes), checksumsAreOptional: true)
    #expect(!zip.hasChecksums)
    let entry = try #require(
      bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
    let descriptor = try #require(zip.members.first).range.upperBound
    for place in [entry + 16, descriptor + 4] { bytes[place] = 1 }
    #expect(failure { try readAll(bytes) }.contains("does not match its checksum"))
  }

  @Test func `a view that leaves its storage is refused`() throws {
    let shape = Shape([2, 3])
    let element = try #require(TorchElement(dtype: "torch.float32"))
    func view(_ shape: Shape, _ strides: [Int], _ offset: Int, bytes: Int = 24) -> TorchView? {
      TorchView(
        storage: "0", element: element, shape: shape, strides: strides, offset: offset,
        within: 0..<bytes)
    }
    #expect(view(shape, [3, 1], 0)?.isContiguous == true)
    #expect(view(shape, [1, 2], 0)?.isContiguous == false)
    #expect(view(shape, [3, 1], 1) == nil)
    #expect(view(shape, [3, 2], 0) == nil)
    #expect(view(shape, [3, -1], 2) == nil)
    #expect(view(shape, [3], 0) == nil)
    #expect(view(shape, [3, 1], -1) == nil)
    #expect(view(shape, [.max, 1], 0) == nil)
    #expect(view(shape, [3, 1], .max) == nil)
    #expect(view(Shape([0, 5]), [.max, .max], 0)?.byteCount == 0)
    #expect(view(Shape([0, 5]), [.max, .max], 7) == nil)
    #expect(view(Shape([1 << 40, 6]), [0, 1], 0)?.span == 0..<24)
  }

  @Test func `far runs are read one by one`() throws {
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    for row in 0..<3 {
      for column in 0..<2 {
        bytes[1 + 4 * (7 + row << 18 + column * 5)] = UInt8(1 + 2 * row + column)
      }
    }
    let file = try scratch.file(bytes)
    let element = try #require(TorchElement(dtype: "torch.int32"))
    let view = try #require(
      TorchView(
        storage: "0", element: element,
        shape: Shape([3, 2]), strides: [1 << 18, 5], offset: 7, within: 0..<bytes.count - 1))
    #expect(view.span.count > 4 * view.byteCount + SourceFile.windowSize, "or one read does")
    var found: [UInt8] = []
    try StridedReader(view).read(from: file, at: 1) { window in
      unsafe window.withUnsafeBytes { unsafe found.append(contentsOf: $0) }
    }
    let span = unsafe found.span.bytes
    for index in 0..<6 { #expect(span.element(index) as Int32 == Int32(index + 1)) }
  }
}

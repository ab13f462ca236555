import AlbertBytes
import AlbertPlatform
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// Files that nobody should have to trust.
@Suite struct HDF5HostileTests {
  @Test func dataInOtherFilesIsRefused() throws {
    #expect(
      failure { try HDF5Fixture.open("external.h5") }.hasSuffix(
        "external.h5: the external storage of 'x', whose data lies in other files, is not "
          + "supported; write the model again with all its data in one file, such as with h5repack")
    )
    #expect(
      failure { try HDF5Fixture.open("virtual.h5") }.contains(
        "the virtual dataset 'x', whose data lies in other files, is not supported"))
  }

  @Test func filtersThatAreNotUndoneAreNamed() throws {
    let archive = try HDF5Fixture.open("filters.h5")
    try archive.read("x") { _ in }
    #expect(
      failure { try archive.read("lzf") { _ in } }.contains(
        "the filter lzf of h5py is not supported in tensor 'lzf'"))
    #expect(
      failure { try archive.read("scale") { _ in } }.contains(
        "the filter scale-offset is not supported in tensor 'scale'"))
  }

  @Test func aFlippedBitOfAChunkIsFoundByItsChecksum() throws {
    var bytes = try Fixture.bytes("hdf5/fletcher.h5")
    let scratch = try Scratch()
    func read() throws {
      try ArchiveRegistry.open(try scratch.write(bytes, "x.h5"), HDF5Fixture.options).readAll()
    }
    try read()
    // In the numbers of the second of four chunks.
    bytes[3570] ^= 4
    let message = failure { try read() }
    #expect(message.contains("libhdf5 cannot read it"))
    #expect(message.contains("in tensor 'checked'"))
  }

  @Test func aFlippedBitOfAKerasArchiveIsFoundByItsChecksum() throws {
    var bytes = try Fixture.bytes("hdf5/backbone.keras")
    let scratch = try Scratch()
    func open() throws -> any TensorArchive {
      try ArchiveRegistry.open(try scratch.write(bytes, "x.keras"), HDF5Fixture.options)
    }
    let archive = try open()
    try archive.readAll()
    let tensor = try #require(archive.tensors.max { $0.byteCount < $1.byteCount })
    let numbers = try archive.bytes(of: tensor)
    let place = try #require(bytes.firstRange(of: numbers))
    bytes[place.lowerBound + 5] ^= 1
    #expect(
      failure { try open().readAll() }.contains(
        "the zip member 'model.weights.h5' does not match its checksum"))
  }

  @Test func dataThatWasNeverWrittenIsNotMadeUp() throws {
    let archive = try HDF5Fixture.open("unwritten.h5")
    #expect(archive.tensors.count == 4)
    for name in ["plain", "chunked"] {
      #expect(
        failure { try archive.read(name) { _ in } }.contains(
          "its data was never written in tensor '\(name)'"))
    }
    #expect(
      failure { try archive.read("part") { _ in } }.contains(
        "only 1 of 10 chunks were written is not supported in tensor 'part'"))
  }

  /// 35 kB whose one chunk takes 32 MB several times over while it is unpacked.
  @Test func chunksFarLargerThanTheirDataAreRefused() throws {
    let archive = try HDF5Fixture.open("huge-chunk.h5")
    #expect(
      failure { try archive.read("x") { _ in } }.contains(
        "the size of a row of chunks is 32000000, more than the 16777280 accepted in tensor 'x'"))
  }

  @Test func nestingIsBounded() throws {
    #expect(
      failure { try HDF5Fixture.open("deep.h5") }.contains(
        "groups are nested more than 64 levels deep"))
  }

  @Test func aBrokenDownloadIsSaidToBeShort() throws {
    let bytes = try Fixture.bytes("hdf5/single.h5")
    let scratch = try Scratch()
    let path = try scratch.write(Array(bytes[..<5000]))
    #expect(
      failure { try ArchiveRegistry.open(path, HDF5Fixture.options) }.contains(
        "the file ends inside the HDF5 file: 10808 bytes expected, 5000 found at byte 5000"))
  }

  @Test func everyTruncationIsAnError() throws {
    let scratch = try Scratch()
    for name in ["single.h5", "types-v110.h5"] {
      let bytes = try Fixture.bytes("hdf5/" + name)
      // The beginning in full, where the parser decides what it sees; the rest in steps.
      for length in Array(0..<100) + Array(stride(from: 100, to: bytes.count, by: 97)) {
        let path = try scratch.write(Array(bytes[..<length]))
        #expect(throws: FileError.self) {
          try ArchiveRegistry.open(path, HDF5Fixture.options).readAll()
        }
      }
    }
  }

  @Test func theWorkerTakesNoOtherArguments() throws {
    #expect(HDF5Worker.main([]) == EX_USAGE)
    #expect(HDF5Worker.main(["x", "1", "2", "3", "4"]) == EX_USAGE)
  }

  /// A sample of what `ALBERT_FUZZ` runs at length.
  @Test func changedBytesEndInAnErrorOrInTensors() throws {
    try HDF5Fuzz.run("single.h5", count: 40, seed: 1)
    try HDF5Fuzz.run("types-v110.h5", count: 10, seed: 2)
  }

  /// `ALBERT_FUZZ=2000 swift test --filter HDF5HostileTests.fuzz` changes each of these files in so
  /// many ways.
  @Test(
    .enabled(if: HDF5Fuzz.count > 0),
    arguments: [
      "single.h5", "types-v108.h5", "types-v110.h5", "attributes.h5", "links.h5", "shapes.h5",
      "kinds.h5", "external.h5", "virtual.h5", "preset/task.weights.h5", "backbone.keras",
    ])
  func fuzz(_ name: String) throws {
    try HDF5Fuzz.run(name, count: HDF5Fuzz.count, seed: 7)
  }
}

/// Changing files at random, the same way every time.
enum HDF5Fuzz {
  static let count = unsafe getenv("ALBERT_FUZZ").flatMap { unsafe Int(String(cString: $0)) } ?? 0

  /// Numbers that look random (SplitMix64).
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  /// Reads `count` changed copies of a fixture; each ends in an error or in tensors within 10 s.
  static func run(_ name: String, count: Int, seed: UInt64) throws {
    let original = try Fixture.bytes("hdf5/" + name)
    var generator = Generator(state: seed)
    let scratch = try Scratch()
    for round in 0..<count {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] = .random(in: 0 ... .max, using: &generator)
        case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2:
          for offset in 0..<min(8, bytes.count - index) { bytes[index + offset] = 0xFF }
        case 3:
          for offset in 0..<min(8, bytes.count - index) { bytes[index + offset] = 0 }
        default:
          let source = Int.random(in: 0..<bytes.count, using: &generator)
          for offset in 0..<min(8, bytes.count - max(index, source)) {
            bytes[index + offset] = bytes[source + offset]
          }
        }
      }
      let path = try scratch.write(bytes)
      let start = ContinuousClock.now
      do {
        let archive = try ArchiveRegistry.open(path, HDF5Fixture.options)
        // Contiguous data comes first, what a worker must put together last.
        let tensors = archive.tensors.filter { $0.type != .opaque }
        for tensor in tensors.prefix(3) + tensors.dropFirst(3).suffix(2) {
          try? archive.read(tensor.name) { _ in }
        }
      } catch {}
      let taken = ContinuousClock.now - start
      #expect(taken < .seconds(30), "\(name), round \(round), seed \(seed)")
    }
  }
}

import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Headers written by hand, damaged files: an error or an array, never otherwise.
@Suite struct NumPyHostileTests {
  private static let again =
    "download or copy the file again; if that does not help, it was damaged when written"

  private func npy(_ text: String, data: Int, version: UInt8 = 1, end: String = "\n") -> [UInt8] {
    let text = Array((text + end).utf8)
    let length = (0..<(version == 1 ? 2 : 4)).map {
      UInt8(truncatingIfNeeded: text.count >> (8 * $0))
    }
    return [0x93] + "NUMPY".utf8 + [version, 0] + length + text
      + [UInt8](repeating: 1, count: data)
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, "a.npy")
    do {
      try ArchiveRegistry.open(path).readAll()
      return "no error"
    } catch let error as FileError {
      return "\(error.message); \(error.remedy)"
    }
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }   ",
    "{'shape':(2L,),'descr':\"<f4\",'fortran_order':True}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}",
  ]) func accepts(_ header: String) throws {
    #expect(try message(npy(header, data: 8)) == "no error")
    #expect(try message(npy(header, data: 8, version: 2)) == "no error")
    #expect(try message(npy(header, data: 8, version: 3)) == "no error")
  }

  static let broken: [(header: String, message: String)] = [
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
      "the file ends inside the data: 12 bytes expected, 8 found at byte 66; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      "4 bytes follow the end of the array at byte 70; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
      "the header's shape is no tuple at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
      "the header's shape is out of range at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': ('a',)}",
      "the header's shape is out of range at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,4294967296)}",
      "the header's shape is out of range at byte 0; \(again)"
    ),
    (
      "{'descr': '<V999999999', 'fortran_order': False, 'shape': (72057594037927936,)}",
      "the header's shape is out of range at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "the header's number 99999999999999999999 is none that fits at byte 61; \(again)"
    ),
    (
      "{'descr': 'f4', 'fortran_order': False, 'shape': (2,)}",
      "the header's descr 'f4' is no type with its byte order at byte 0; \(again)"
    ),
    (
      "{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}",
      "the header's descr '|f4' is no type with its byte order at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
      "the header's fortran_order is neither True nor False at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'shape': (2,)}",
      "the header lacks descr, fortran_order or shape at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
      "the header holds other keys than descr, fortran_order and shape at byte 0; \(again)"
    ),
    (
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
      "the header holds other keys than descr, fortran_order and shape at byte 0; \(again)"
    ),
    (
      "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}",
      "the header holds something else than a literal at byte 20; \(again)"
    ),
    ("('<f4', False, (2,))", "the header is no dictionary at byte 0; \(again)"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} 1",
      "something follows the end of the header's dictionary at byte 66; \(again)"
    ),
    ("{'descr': '<f4' 'shape': (2,)}", "the header lacks a comma at byte 26; \(again)"),
    ("{'descr' '<f4'}", "the header lacks a ':' at byte 19; \(again)"),
    (
      "{'descr': '<f4",
      "the file ends inside a string of the header: 1 bytes expected, 0 found at byte 25; \(again)"
    ),
  ]

  @Test(arguments: broken.indices) func refuses(_ index: Int) throws {
    let item = Self.broken[index]
    #expect(try message(npy(item.header, data: 8)) == item.message)
  }

  @Test func refusesOddHeaders() throws {
    let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}"
    #expect(
      try message(npy(good, data: 8, end: " "))
        == "the header does not end with a line break at byte 0; \(Self.again)")
    #expect(
      try message(npy(good, data: 8, version: 4)).hasPrefix(
        "version 4.0 of NumPy's format is not supported at byte 6"))
    var long = npy(good, data: 8, version: 2)
    long[10] = 0x10
    #expect(try message(long).hasPrefix("the length of the header is 1048632, more than the 65536"))
    #expect(
      try message(npy(String(repeating: "(", count: 60_000), data: 8)).hasPrefix(
        "the header is nested deeper than 16 levels"))
    for count in 0..<12 {
      #expect(try message(Array(npy(good, data: 8)[..<count])) != "no error")
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let scratch = try Scratch()
    for name in ["version-1.npy", "version-3.npy"] {
      let bytes = try Fixture.bytes("numpy/\(name)")
      for length in 0..<bytes.count {
        let path = try scratch.write(Array(bytes[..<length]), name)
        #expect(throws: FileError.self) { try ArchiveRegistry.open(path).readAll() }
      }
    }
  }

  @Test(arguments: ["version-1.npy", "version-2.npy", "every-type-compressed.npz"])
  func changedBytesNeverTrap(_ name: String) throws {
    let bytes = try Fixture.bytes("numpy/\(name)")
    let places = stride(from: 0, to: bytes.count, by: max(1, bytes.count / 800))
    #expect(try refusals(of: bytes, name, changing: places) > 100)
  }

  /// No flipped bit in the data of a zip member passes.
  @Test func checksumsGuardTheData() throws {
    var bytes = try Fixture.bytes("numpy/every-type.npz")
    let header = Array("'shape': (3, 5), }".utf8)
    let start = try #require(bytes.firstRange(of: header)).upperBound
    let data = try #require(bytes[start...].firstIndex(of: 0x0A)) + 1
    bytes[data] ^= 1
    let scratch = try Scratch()
    let archive = try ArchiveRegistry.open(scratch.write(bytes, "x.npz"))
    #expect(
      failure { try archive.sha256(of: archive.tensors[0].name) }.contains(
        "the zip member 'f2.npy' does not match its checksum"))
    #expect(failure { try archive.sha256(of: archive.tensors[1].name) } == "no error")
  }
}

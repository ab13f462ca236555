import Testing

@testable import AlbertBytes

@Suite struct CRC32CTests {
  /// RFC 3720, appendix B.4, whose bytes are the checksums in little-endian order.
  private static let vectors: [(bytes: [UInt8], crc: UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ([UInt8](0..<32), 0x46DD_794E),
    ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
    (scsiReadCommand, 0xD996_3A56),
    (Array("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  private static let scsiReadCommand: [UInt8] = [
    0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
    0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  ]

  @Test(arguments: vectors.indices) func publishedVectors(index: Int) {
    let (bytes, expected) = Self.vectors[index]
    #expect(CRC32C.of(bytes).value == expected)
    var portable = CRC32C()
    unsafe portable.updatePortably(bytes.span.bytes)
    #expect(portable.value == expected)
  }

  /// The stored form is another number, or a checksum over stored checksums would lose its worth.
  @Test func masking() {
    let crc = CRC32C.of(Array("foo".utf8))
    #expect(crc.value == 0xCFC4_AE1D)
    #expect(crc.masked == 0xFEBE_8A61)
  }

  /// Both paths on every length up to beyond two rounds of three lanes, at every alignment of a
  /// cache line's word, against a bit-by-bit computation that shares nothing with either.
  @Test func bothPathsAgreeOnEveryLengthAndAlignment() {
    let bytes = (0..<3200).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) }
    for start in 0..<8 {
      var slow: UInt32 = 0xFFFF_FFFF
      for length in 0..<bytes.count - start {
        let span = unsafe bytes.span.bytes.extracting(start..<start + length)
        var crc = CRC32C()
        crc.update(span)
        #expect(crc.value == ~slow, "length \(length) from \(start)")
        if length % 61 == 0 || length < 64 {
          var portable = CRC32C()
          portable.updatePortably(span)
          #expect(portable.value == ~slow, "portable, length \(length) from \(start)")
        }
        slow ^= UInt32(bytes[start + length])
        for _ in 0..<8 { slow = (slow >> 1) ^ (slow & 1 == 1 ? 0x82F6_3B78 : 0) }
      }
    }
  }

  @Test func piecesGiveTheSameAsTheWhole() {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 131) }
    let whole = CRC32C.of(bytes)
    for step in [1, 7, 511, 1536, 1537, 4096] {
      var crc = CRC32C()
      var portable = CRC32C()
      for start in stride(from: 0, to: bytes.count, by: step) {
        let piece = unsafe bytes.span.bytes.extracting(start..<min(start + step, bytes.count))
        crc.update(piece)
        portable.updatePortably(piece)
      }
      #expect(crc.value == whole.value)
      #expect(portable.value == whole.value)
    }
  }
}

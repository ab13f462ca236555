import AlbertArchives
import Testing

@Suite struct CRC32Tests {
  /// The check value of every catalogue of checksums.
  @Test func knowsTheCheckValue() {
    var crc = CRC32()
    unsafe crc.update(Array("123456789".utf8).span.bytes)
    #expect(crc.value == 0xCBF4_3926)
  }

  /// The processor's path against zlib's, over all short lengths, alignments and splits.
  @Test func agreesWithZlib() {
    var state: UInt64 = 1
    let bytes = (0..<4096).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    for length in Array(0...300) + [1023, 1024, 1025, 4000] {
      for start in [0, 1, 7, 16, 63] {
        let part = unsafe bytes.span.bytes.extracting(start..<start + length)
        var fast = CRC32()
        fast.update(part)
        var plain = CRC32()
        plain.updatePortably(part)
        #expect(fast.value == plain.value, "\(length) bytes from \(start)")
        var split = CRC32()
        split.update(part.extracting(0..<length / 3))
        split.update(part.extracting(length / 3..<length))
        #expect(split.value == plain.value, "\(length) bytes from \(start) in two")
      }
    }
  }
}

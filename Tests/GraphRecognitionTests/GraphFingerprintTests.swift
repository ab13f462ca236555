import AlbertTensors
import Testing

@testable import AlbertGraphRecognition

@Suite struct GraphFingerprintTests {
  private func fingerprint(
    _ bytes: [UInt8], size: Int, inputs: Int? = nil, window: Int = .max
  ) -> UInt64 {
    var fingerprint = GraphFingerprint(size: size, count: bytes.count / size, inputs: inputs)
    var start = 0
    while start < bytes.count {
      let part = Array(bytes[start..<min(bytes.count, start + min(window, bytes.count))])
      unsafe fingerprint.update(part.span.bytes)
      start += part.count
    }
    return fingerprint.value
  }

  @Test(arguments: [1, 2, 4, 8]) func aTransposeHasTheSame(_ size: Int) {
    let bytes = (0..<35 * size).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 7) }
    // 7 outputs of 5 inputs, stored as [in, out].
    let transposed = transpose(bytes, rows: 7, columns: 5, elementSize: size)
    let expected = fingerprint(bytes, size: size)
    #expect(fingerprint(transposed, size: size, inputs: 5) == expected)
    #expect(fingerprint(transposed, size: size, inputs: 5, window: 3 * size) == expected)
    #expect(fingerprint(transposed, size: size) != expected)
  }

  @Test func oneElementOrTwoPlacesMakeADifference() {
    let bytes = (0..<64).map { UInt8($0) }
    let expected = fingerprint(bytes, size: 4)
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 1
      #expect(fingerprint(other, size: 4) != expected)
    }
    var swapped = bytes
    swapped.swapAt(0, 4)
    #expect(fingerprint(swapped, size: 4) != expected)
  }
}

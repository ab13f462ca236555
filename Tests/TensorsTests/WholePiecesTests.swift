import AlbertBytes
import Testing

@testable import AlbertTensors

/// Bytes in windows of any length, cut into whole pieces.
@Suite struct WholePiecesTests {
  @Test(arguments: [0, 1, 2, 3, 8, 40], [1, 2, 5, 8, 13, 24])
  func nothingIsLostAndNoPieceIsCut(_ size: Int, _ window: Int) {
    let bytes = (0..<24 * max(1, size)).map { UInt8(truncatingIfNeeded: $0) }
    var pieces = WholePieces(of: size)
    var taken: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: window) {
      let part = Array(bytes[start..<min(start + window, bytes.count)])
      pieces.take(unsafe part.span.bytes) { run in
        #expect(run.byteCount > 0 && run.byteCount.isMultiple(of: max(1, size)))
        taken.append(run)
      }
    }
    #expect(taken == bytes)
  }

  @Test func whatIsNoWholePieceIsHeldBack() {
    var pieces = WholePieces(of: 4)
    var runs: [Int] = []
    for part in [[1, 2, 3], [], [4, 5], [6, 7, 8, 9]] as [[UInt8]] {
      pieces.take(unsafe part.span.bytes) { runs.append($0.byteCount) }
    }
    #expect(runs == [4, 4])
  }
}

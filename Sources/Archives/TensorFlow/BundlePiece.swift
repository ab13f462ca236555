internal import AlbertBytes

/// Bytes of one tensor that lie together in one data shard, and their checksum.
struct BundlePiece: Sendable {
  let shard: SourceFile
  let range: Range<Int>
  /// The checksum as the index states it.
  let maskedCRC: UInt32

  /// Throws where `crc`, taken over the piece's bytes, is not the one that the index states.
  func check(_ crc: CRC32C) throws(FileError) {
    guard crc.masked == maskedCRC else {
      throw FileError(
        shard.path.string,
        .checksum(
          of: "the data", expected: hexadecimal(maskedCRC), found: hexadecimal(crc.masked)),
        offset: range.lowerBound)
    }
  }

  /// Hands the bytes to `body` in order and checks them.
  func stream(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    var crc = CRC32C()
    try shard.stream(range) { (window) throws(FileError) in
      crc.update(window)
      try body(window)
    }
    try check(crc)
  }
}

/// A piece that is read from front to back in parts of any length, through a window of its own.
struct BundlePieceReader: SlicePieceReader {
  private let piece: BundlePiece
  private let windowSize: Int
  private var window: [UInt8] = []
  private var used = 0
  private var position: Int
  private var crc = CRC32C()

  init(_ piece: BundlePiece, windowSize: Int) {
    self.piece = piece
    self.windowSize = windowSize
    position = piece.range.lowerBound
  }

  mutating func append(_ count: Int, to output: inout [UInt8]) throws(FileError) {
    var missing = count
    while missing > 0 {
      if used == window.count { try fill() }
      let part = min(missing, window.count - used)
      output += window[used..<used + part]
      used += part
      missing -= part
    }
  }

  func finish() throws(FileError) {
    precondition(
      position == piece.range.upperBound && used == window.count, "a piece was not read whole")
    try piece.check(crc)
  }

  private mutating func fill() throws(FileError) {
    let count = min(windowSize, piece.range.upperBound - position)
    precondition(count > 0, "a piece is read beyond its end")
    let next = try piece.shard.bytes(at: position, count: count)
    unsafe crc.update(next.span.bytes)
    window = next
    position += count
    used = 0
  }
}

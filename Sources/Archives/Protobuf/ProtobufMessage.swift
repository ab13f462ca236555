internal import AlbertBytes

/// A protobuf message in the making, with gaps for bytes that somebody else writes.
///
/// A nested message states its length before its content. Since a gap counts as if it were filled,
/// all lengths are known, and where each gap comes to lie, with none of its bytes at hand. Numbers
/// that are zero are written: proto2, which ONNX uses, tells them from those that are absent.
struct ProtobufMessage: Sendable {
  /// Room for `count` bytes behind the first `position` of `bytes`.
  private struct Gap {
    var position: Int
    let count: Int
  }

  private var writer = ProtobufWriter()
  private var gaps: [Gap] = []

  /// Everything but what belongs into gaps.
  var bytes: [UInt8] { writer.bytes }

  /// The length, gaps filled.
  var byteCount: Int { bytes.count + gaps.reduce(0) { $0 + $1.count } }

  /// Where the gaps lie in the filled message, in the order in which they were made.
  var gapRanges: [Range<Int>] {
    var filled = 0
    return gaps.map { gap in
      defer { filled += gap.count }
      return gap.position + filled..<gap.position + filled + gap.count
    }
  }

  /// Adds a number, also zero.
  mutating func add(_ field: Int, _ value: Int) {
    writer.varint(field << 3)
    writer.varint(value)
  }

  /// Adds a `float`, also zero.
  mutating func add(_ field: Int, _ value: Float) {
    writer.varint(field << 3 | 5)
    writer.raw([UInt8](littleEndian: UInt64(value.bitPattern), count: 4))
  }

  /// Adds a string.
  mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  /// Adds bytes.
  mutating func add(_ field: Int, _ content: [UInt8]) {
    prefix(field, content.count)
    writer.raw(content)
  }

  /// Adds a nested message, its gaps included.
  mutating func add(_ field: Int, _ message: ProtobufMessage) {
    prefix(field, message.byteCount)
    let start = bytes.count
    writer.raw(message.bytes)
    gaps += message.gaps.map { Gap(position: start + $0.position, count: $0.count) }
  }

  /// Adds bytes that are written apart.
  mutating func add(_ field: Int, gap count: Int) {
    prefix(field, count)
    gaps.append(Gap(position: bytes.count, count: count))
  }

  /// Writes everything but the gaps' bytes as a file that begins at 0.
  func write(to sink: some ByteSink) throws(FileError) {
    let bytes = bytes
    var start = 0
    var filled = 0
    for gap in gaps {
      try unsafe sink.write(bytes.span.bytes.extracting(start..<gap.position), at: start + filled)
      start = gap.position
      filled += gap.count
    }
    try unsafe sink.write(bytes.span.bytes.extracting(start..<bytes.count), at: start + filled)
  }

  private mutating func prefix(_ field: Int, _ count: Int) {
    writer.varint(field << 3 | 2)
    writer.varint(count)
  }
}

internal import AlbertBytes

/// Tensors whose elements differ in length, as TensorFlow lays them out in a data shard
/// (`WriteStringTensor` and `WriteVariantTensor` of tensor_bundle.cc).
///
/// No weight is of this kind, but their bytes are checked like all others.
///
/// Their checksum covers the lengths as integers and not as they are spelled, so only the shortest
/// spelling is accepted.
enum StringTensor {
  /// Checks a tensor of `count` strings: all lengths, a checksum of them, then all bytes.
  ///
  /// Returns where the strings' bytes lie, one string after the other.
  @discardableResult
  static func checkStrings(
    _ piece: BundlePiece, count: Int
  ) throws(FileError) -> Range<Int> {
    var cursor = try ByteCursor(piece.shard, range: piece.range)
    try cursor.require(count, "the lengths of \(count) strings")
    var crc = CRC32C()
    var total = 0
    for _ in 0..<count {
      let length = try cursor.count("the length of a string", minimal: true)
      update(&crc, UInt64(length), bytes: length <= Int(UInt32.max) ? 4 : 8)
      guard let sum = total.adding(length) else {
        throw cursor.malformed("the lengths of the strings add up to more than any file holds")
      }
      total = sum
    }
    let lengthsEnd = cursor.position
    let stored = try cursor.littleEndian(UInt32.self, "the checksum of the strings' lengths")
    guard stored == crc.masked else {
      throw FileError(
        cursor.path,
        .checksum(
          of: "the lengths of the strings", expected: hexadecimal(stored),
          found: hexadecimal(crc.masked)), offset: lengthsEnd)
    }
    update(&crc, UInt64(stored), bytes: 4)
    guard cursor.remaining == total else {
      throw FileError(
        cursor.path,
        .mismatch(
          of: "the length of all strings", expected: "\(cursor.remaining)", found: "\(total)"),
        offset: cursor.position)
    }
    let content = cursor.position..<cursor.end
    try piece.shard.stream(content) { (window) throws(FileError) in crc.update(window) }
    try piece.check(crc)
    return content
  }

  /// Checks a tensor of `count` variants: each one's length, bytes and a checksum of all so far.
  static func checkVariants(_ piece: BundlePiece, count: Int) throws(FileError) {
    var cursor = try ByteCursor(piece.shard, range: piece.range)
    var crc = CRC32C()
    for _ in 0..<count {
      let length = try cursor.count("the length of a variant", minimal: true)
      update(&crc, UInt64(length), bytes: 8)
      let start = cursor.position
      try cursor.skip(length, "a variant")
      try piece.shard.stream(start..<cursor.position) { (window) throws(FileError) in
        crc.update(window)
      }
      let stored = try cursor.littleEndian(UInt32.self, "the checksum of a variant")
      guard stored == crc.masked else {
        throw FileError(
          cursor.path,
          .checksum(
            of: "a variant", expected: hexadecimal(stored), found: hexadecimal(crc.masked)),
          offset: start)
      }
      update(&crc, UInt64(stored), bytes: 4)
    }
    guard cursor.isAtEnd else { throw cursor.malformed("bytes follow the last variant") }
    try piece.check(crc)
  }

  private static func update(_ crc: inout CRC32C, _ value: UInt64, bytes: Int) {
    let bytes = [UInt8](littleEndian: value, count: bytes)
    unsafe crc.update(bytes.span.bytes)
  }
}

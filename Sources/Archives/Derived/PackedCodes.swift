internal import AlbertBytes
internal import AlbertTensors

/// How integers of a few bits are packed into bytes.
struct PackedCodes: Equatable {
  /// Bits of each, 1 to 16.
  let bits: Int
  /// Whether they are in two's complement.
  var isSigned = false
  /// Whether the first of a byte is in its high bits, as bitsandbytes packs; else in the low ones.
  var isHighFirst = false
  /// Bytes that a row takes.
  let rowBytes: Int
  /// Integers in a row; what is left of its bytes is padding.
  let rowCount: Int

  /// `count` integers in one row, which ends with its last byte.
  static func flat(_ count: Int, _ type: ONNXSmallType) -> PackedCodes {
    PackedCodes(
      bits: type.bits, isSigned: type.isSigned, rowBytes: type.bytes(count), rowCount: count)
  }
}

/// Takes integers out of bytes that come in windows.
struct PackedCodeReader {
  private let codes: PackedCodes
  private var buffer: UInt32 = 0
  private var held = 0
  /// Bytes and integers of the row so far.
  private var bytes = 0
  private var count = 0

  init(_ codes: PackedCodes) {
    self.codes = codes
  }

  /// Hands out the integers of the next window.
  mutating func read(_ window: RawSpan, _ body: (Int) -> Void) {
    let mask = UInt32(1) << UInt32(codes.bits) - 1
    for index in 0..<window.byteCount {
      let byte = window.element(index) as UInt8
      buffer |= UInt32(codes.isHighFirst ? byte << 4 | byte >> 4 : byte) << UInt32(held)
      held += 8
      while held >= codes.bits {
        if count < codes.rowCount { body(value(Int(buffer & mask))) }
        count += 1
        buffer >>= UInt32(codes.bits)
        held -= codes.bits
      }
      bytes += 1
      if bytes == codes.rowBytes { (buffer, held, bytes, count) = (0, 0, 0, 0) }
    }
  }

  private func value(_ code: Int) -> Int {
    codes.isSigned && code >> (codes.bits - 1) == 1 ? code - 1 << codes.bits : code
  }
}

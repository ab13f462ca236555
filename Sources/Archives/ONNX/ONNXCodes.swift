internal import AlbertBytes
internal import AlbertTensors

/// How integers of a few bits are packed into bytes.
struct ONNXCodes: Equatable {
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
  static func flat(_ count: Int, _ type: ONNXSmallType) -> ONNXCodes {
    ONNXCodes(
      bits: type.bits, isSigned: type.isSigned, rowBytes: type.bytes(count), rowCount: count)
  }
}

/// Integers whose values are packed, or could be.
struct ONNXSmallType: Equatable {
  let bits: Int
  let isSigned: Bool

  /// Bytes that `count` of them take.
  func bytes(_ count: Int) -> Int {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: 8)
    return whole * bits + (rest * bits + 7) / 8
  }
}

/// Takes integers out of bytes that come in windows.
struct ONNXCodeReader {
  private let codes: ONNXCodes
  private var buffer: UInt32 = 0
  private var held = 0
  /// Bytes and integers of the row so far.
  private var bytes = 0
  private var count = 0

  init(_ codes: ONNXCodes) {
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

extension ONNXTensor {
  /// The element type, where it is an integer of less than 8 bits.
  var smallType: ONNXSmallType? { ONNXElementType.small(of: code) }

  /// A tensor of less than 8 bits per element as the bytes that it is packed into, without which
  /// `size` of the file's own there is an error.
  func packed(as type: ONNXSmallType, path: String) throws(FileError) -> ONNXTensor {
    var result = self
    let count = type.bytes(shape.count)
    result.code = ONNXElementType.byte
    result.isPacked = true
    result.shape = Shape([count])
    let found: Int? =
      switch data {
      case .none: 0
      case .raw(let range): range.count
      case .external(let place): place.length
      case .typed(let field, _): field == ONNXTensorField.int32s ? nil : -1
      }
    guard found == nil || found == count else {
      throw FileError(
        path,
        .mismatch(
          of: "the bytes of \(shape) in \(type.bits) bits each", expected: "\(count)",
          found: found == -1 ? "numbers in the wrong field" : "\(found ?? 0)"),
        offset: offset, tensor: name)
    }
    return result
  }
}

internal import AlbertBytes
internal import AlbertTensors

extension ByteCursor {
  /// The next number of 7 bits to the byte, least significant first, which must end before `limit`
  /// (where one is given).
  ///
  /// With `minimal`, a number that is longer than it need be is refused: where no checksum covers
  /// the bytes, each value must have one spelling or a flipped bit could pass.
  mutating func varint(
    _ what: String, before limit: Int? = nil, minimal: Bool = false
  ) throws(FileError) -> UInt64 {
    let limit = limit ?? end
    if let short = shortVarint(before: limit) { return short }
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < limit else {
        throw FileError(
          path, .truncated(what: what, needed: position - start + 1, available: position - start),
          offset: start)
      }
      let byte = try byte(what)
      if shift == 63, byte > 1 { break }
      value |= UInt64(byte & 0x7F) << shift
      guard byte < 0x80 else { continue }
      if minimal, byte == 0, shift > 0 {
        throw FileError(
          path, .malformed("\(what) is a number with needless zero bytes"), offset: start)
      }
      return value
    }
    throw FileError(
      path, .malformed("\(what) is a number of more than 64 bits"), offset: start)
  }

  /// A varint that counts bytes or things and so fits into an Int.
  mutating func count(_ what: String, minimal: Bool = false) throws(FileError) -> Int {
    let start = position
    let value = try varint(what, minimal: minimal)
    guard let count = Int(exactly: value) else {
      throw FileError(
        path, .truncated(what: what, needed: .max, available: remaining), offset: start)
    }
    return count
  }
}

extension ElementType {
  /// Whether a varint is an element of the type: a signed number within its range, in two's complement of
  /// 64 bits, or for types without a sign and 16-bit floats the bits themselves.
  func holds(varint value: UInt64) -> Bool {
    let bits = UInt64(8 * size)
    let signed = Int64(bitPattern: value)
    switch self {
    case .int32, .int16, .int8: return signed >> Int64(bits - 1) == signed >> 63
    case .bool: return value <= 1
    default: return bits == 64 || value >> bits == 0
    }
  }
}

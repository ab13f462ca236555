internal import AlbertBytes

/// The key under which the piece of a partitioned variable is filed: an OrderedCode string
/// (tensorflow/core/lib/strings/ordered_code.h), whose order as bytes is the order of its parts.
enum SliceKey {
  /// Whether a key is such a key and no plain name: it begins with the number zero.
  static func isSliceKey(_ key: [UInt8]) -> Bool { key.first == 0 }

  /// The key of `slice` of the tensor `name`.
  ///
  /// A reader looks pieces up by the keys that it makes, so a key that is spelled in another way
  /// leads nowhere and its entry is reported as belonging to none.
  static func encode(_ name: [UInt8], _ slice: TensorSlice) -> [UInt8] {
    var key: [UInt8] = []
    append(unsigned: 0, to: &key)
    for byte in name {
      switch byte {
      case 0: key += [0, 0xFF]
      case 0xFF: key += [0xFF, 0]
      default: key.append(byte)
      }
    }
    key += [0, 1]
    append(unsigned: slice.extents.count, to: &key)
    for extent in slice.extents {
      append(signed: extent.length == nil ? 0 : extent.start, to: &key)
      append(signed: extent.length ?? -1, to: &key)
    }
    return key
  }

  /// The name in a slice key, for errors; nil for any other key.
  static func name(in key: [UInt8]) -> String? {
    var bytes: [UInt8] = []
    var rest = key.dropFirst()
    while let byte = rest.popFirst() {
      guard byte == 0 || byte == 0xFF else {
        bytes.append(byte)
        continue
      }
      guard let escaped = rest.popFirst() else { return nil }
      switch (byte, escaped) {
      case (0, 1): return String(validating: bytes, as: UTF8.self)
      case (0, 0xFF): bytes.append(0)
      case (0xFF, 0): bytes.append(0xFF)
      default: return nil
      }
    }
    return nil
  }

  /// The number of bytes that follow, then they, most significant first.
  private static func append(unsigned value: Int, to key: inout [UInt8]) {
    let bytes = bigEndian(value).drop { $0 == 0 }
    key.append(UInt8(bytes.count))
    key += bytes
  }

  /// The leading bits say how many bytes there are: one 1 for each, then a 0, all of them inverted
  /// for a negative number, whose remaining bits are its two's complement.
  private static func append(signed value: Int, to key: inout [UInt8]) {
    // 10 bytes take any number; each byte more adds 7 bits to the 6 of one byte beside the sign.
    let magnitude = value < 0 ? ~value : value
    let bits = Int.bitWidth - magnitude.leadingZeroBitCount
    let count = bits / 7 + 1
    let sign: UInt8 = value < 0 ? 0xFF : 0
    var bytes = Array(([sign, sign] + bigEndian(value)).suffix(count))
    let header = UInt16.max << UInt16(16 - count)
    bytes[0] ^= UInt8(header >> 8)
    if count > 1 { bytes[1] ^= UInt8(header & 0xFF) }
    key += bytes
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [UInt8](littleEndian: UInt64(bitPattern: Int64(value)), count: 8).reversed()
  }
}

internal import AlbertBytes

/// A stored member of a zip file that is written, and the records that state it.
///
/// Times are fixed, so that the same members give the same bytes; sizes and offsets beyond 32 bits
/// are written as zip64.
struct ZipStoredMember: Sendable {
  /// The name in UTF-8, of at most `longestName` bytes.
  let name: [UInt8]
  /// The size of the content.
  let size: Int
  /// Where the local header begins.
  let offset: Int
  /// The bytes of an extra field that only moves the content: 0, or 4 and more.
  var padding = 0
  /// The CRC-32 of the content.
  var crc: UInt32 = 0

  /// The longest name that a record can state.
  static let longestName = 0xFFFF

  /// The largest number that stands in a 32-bit field itself.
  private static let most = 0xFFFF_FFFE

  private var isLarge: Bool { size > Self.most }
  private var isFar: Bool { offset > Self.most }

  /// The size of the local header, padding included.
  var headerSize: Int { 30 + name.count + (isLarge ? 20 : 0) + padding }

  /// The header that stands before the content.
  var localHeader: [UInt8] {
    var record = ZipRecord()
    record.add(0x0403_4b50, 4)
    record.add(isLarge ? 45 : 20, 2)
    addCommon((isLarge ? 20 : 0) + padding, to: &record)
    record.bytes += name
    if isLarge {
      record.add(1, 2)
      record.add(16, 2)
      record.add(size, 8)
      record.add(size, 8)
    }
    if padding >= 4 {
      // PyTorch's tag for it, and its filling.
      record.add(0x4246, 2)
      record.add(padding - 4, 2)
      record.bytes += [UInt8](repeating: UInt8(ascii: "Z"), count: padding - 4)
    }
    return record.bytes
  }

  /// The entry in the directory.
  var entry: [UInt8] {
    let extra = (isLarge ? 16 : 0) + (isFar ? 8 : 0)
    var record = ZipRecord()
    record.add(0x0201_4b50, 4)
    // Made on Unix, so that the mode below counts.
    record.add(3 << 8 | 45, 2)
    record.add(extra > 0 ? 45 : 20, 2)
    addCommon(extra > 0 ? extra + 4 : 0, to: &record)
    record.add(0, 2)
    record.add(0, 2)
    record.add(0, 2)
    record.add(0o100644 << 16, 4)
    record.add(isFar ? 0xFFFF_FFFF : offset, 4)
    record.bytes += name
    if extra > 0 {
      record.add(1, 2)
      record.add(extra, 2)
      if isLarge {
        record.add(size, 8)
        record.add(size, 8)
      }
      if isFar { record.add(offset, 8) }
    }
    return record.bytes
  }

  /// The directory and the records that end the file, for a directory that begins at `start`.
  static func directory(of members: [ZipStoredMember], at start: Int) -> [UInt8] {
    var record = ZipRecord()
    for member in members { record.bytes += member.entry }
    let size = record.bytes.count
    let isFar = start > most
    if isFar || members.count > 0xFFFE {
      record.add(0x0606_4b50, 4)
      record.add(44, 8)
      record.add(45, 2)
      record.add(45, 2)
      record.add(0, 8)
      record.add(members.count, 8)
      record.add(members.count, 8)
      record.add(size, 8)
      record.add(start, 8)
      record.add(0x0706_4b50, 4)
      record.add(0, 4)
      record.add(start + size, 8)
      record.add(1, 4)
    }
    record.add(0x0605_4b50, 4)
    record.add(0, 4)
    record.add(min(members.count, 0xFFFF), 2)
    record.add(min(members.count, 0xFFFF), 2)
    record.add(min(size, 0xFFFF_FFFF), 4)
    record.add(isFar ? 0xFFFF_FFFF : start, 4)
    record.add(0, 2)
    return record.bytes
  }

  /// The fields that both headers have, from the flags to the length of the extra field.
  private func addCommon(_ extra: Int, to record: inout ZipRecord) {
    // Names are UTF-8; no compression; 1 January 1980, the earliest time there is.
    record.add(0x800, 2)
    record.add(0, 2)
    record.add(0, 2)
    record.add(0x21, 2)
    record.add(Int(crc), 4)
    let size = isLarge ? 0xFFFF_FFFF : size
    record.add(size, 4)
    record.add(size, 4)
    record.add(name.count, 2)
    record.add(extra, 2)
  }
}

/// Little-endian fields in a row.
private struct ZipRecord {
  var bytes: [UInt8] = []

  mutating func add(_ value: Int, _ size: Int) {
    bytes.append(littleEndian: UInt64(value), count: size)
  }
}

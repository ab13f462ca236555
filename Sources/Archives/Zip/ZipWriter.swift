public import Bytes

/// Writes a zip file of stored members, one after another, with fixed times, so that the same
/// members give the same bytes.
///
/// Sizes and offsets beyond 32 bits are written as zip64.
public struct ZipWriter {
  private struct Member {
    let name: [UInt8]
    let crc: UInt32
    let size: Int
    let offset: Int
  }

  private let sink: any ByteSink
  private var position = 0
  private var members: [Member] = []

  /// A zip file whose bytes go to `sink`, from its offset 0 on.
  public init(to sink: some ByteSink) {
    self.sink = sink
  }

  /// Adds a member whose content is at hand, in parts.
  public mutating func add(_ name: String, _ parts: [[UInt8]]) throws(FileError) {
    var crc = CRC32()
    for part in parts { unsafe crc.update(part.span.bytes) }
    let member = Member(
      name: Array(name.utf8), crc: crc.value, size: parts.reduce(0) { $0 + $1.count },
      offset: position)
    try write(local(member))
    for part in parts { try write(part) }
    members.append(member)
  }

  /// Writes the directory, and returns the size of the file.
  public mutating func finish() throws(FileError) -> Int {
    let start = position
    for member in members { try write(central(member)) }
    let size = position - start
    var end = ZipRecord()
    if start > Self.most || members.count > 0xFFFE {
      end.add(0x0606_4b50, 4)
      end.add(44, 8)
      end.add(45, 2)
      end.add(45, 2)
      end.add(0, 8)
      end.add(members.count, 8)
      end.add(members.count, 8)
      end.add(size, 8)
      end.add(start, 8)
      end.add(0x0706_4b50, 4)
      end.add(0, 4)
      end.add(position, 8)
      end.add(1, 4)
    }
    end.add(0x0605_4b50, 4)
    end.add(0, 4)
    end.add(min(members.count, 0xFFFF), 2)
    end.add(min(members.count, 0xFFFF), 2)
    end.add(min(size, 0xFFFF_FFFF), 4)
    end.add(start > Self.most ? 0xFFFF_FFFF : start, 4)
    end.add(0, 2)
    try write(end.bytes)
    return position
  }

  /// The largest number that stands in a 32-bit field itself.
  private static let most = 0xFFFF_FFFE

  private mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try unsafe sink.write(bytes.span.bytes, at: position)
    position += bytes.count
  }

  private func local(_ member: Member) -> [UInt8] {
    let isLarge = member.size > Self.most
    var record = ZipRecord()
    record.add(0x0403_4b50, 4)
    record.add(isLarge ? 45 : 20, 2)
    addCommon(member, isLarge ? 20 : 0, isLarge, to: &record)
    record.bytes += member.name
    if isLarge {
      record.add(1, 2)
      record.add(16, 2)
      record.add(member.size, 8)
      record.add(member.size, 8)
    }
    return record.bytes
  }

  private func central(_ member: Member) -> [UInt8] {
    let isLarge = member.size > Self.most
    let isFar = member.offset > Self.most
    let extra = (isLarge ? 16 : 0) + (isFar ? 8 : 0)
    var record = ZipRecord()
    record.add(0x0201_4b50, 4)
    // Made on Unix, so that the mode below counts.
    record.add(3 << 8 | 45, 2)
    record.add(extra > 0 ? 45 : 20, 2)
    addCommon(member, extra > 0 ? extra + 4 : 0, isLarge, to: &record)
    record.add(0, 2)
    record.add(0, 2)
    record.add(0, 2)
    record.add(0o100644 << 16, 4)
    record.add(isFar ? 0xFFFF_FFFF : member.offset, 4)
    record.bytes += member.name
    if extra > 0 {
      record.add(1, 2)
      record.add(extra, 2)
      if isLarge {
        record.add(member.size, 8)
        record.add(member.size, 8)
      }
      if isFar { record.add(member.offset, 8) }
    }
    return record.bytes
  }

  /// The fields that both headers have, from the flags to the length of the extra field.
  private func addCommon(
    _ member: Member, _ extra: Int, _ isLarge: Bool, to record: inout ZipRecord
  ) {
    // Names are UTF-8; no compression; 1 January 1980, the earliest time there is.
    record.add(0x800, 2)
    record.add(0, 2)
    record.add(0, 2)
    record.add(0x21, 2)
    record.add(Int(member.crc), 4)
    let size = isLarge ? 0xFFFF_FFFF : member.size
    record.add(size, 4)
    record.add(size, 4)
    record.add(member.name.count, 2)
    record.add(extra, 2)
  }
}

/// Little-endian fields in a row.
private struct ZipRecord {
  var bytes: [UInt8] = []

  mutating func add(_ value: Int, _ size: Int) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}

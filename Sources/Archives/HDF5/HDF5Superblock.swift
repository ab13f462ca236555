internal import AlbertBytes

/// The beginning of an HDF5 file, looked at without libhdf5: enough to know one, and to tell a
/// download that broke off from a damaged file.
enum HDF5Superblock {
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Where the signature may stand: at 0, or after a block of the user's own of 512 bytes or a
  /// larger power of two; those of a file's first 4 KiB are looked at.
  static let places = [0, 512, 1024, 2048]

  /// Whether a file that begins with `head` is an HDF5 file.
  static func isHDF5(_ head: [UInt8]) -> Bool {
    places.contains { head.count >= $0 + signature.count && head[$0...].starts(with: signature) }
  }

  /// Throws `truncated` where the file states that it was longer.
  static func check(_ window: HDF5Window) throws(FileError) {
    let head = try window.file.bytes(at: window.base, count: min(96, window.length))
    guard head.starts(with: signature), head.count >= 52 else { return }
    // The end's address lies behind sizes and flags, which differ between the versions.
    let offset: Int
    switch head[8] {
    case 0 where head[13] == 8: offset = 40
    case 1 where head[13] == 8: offset = 44
    case 2 where head[9] == 8, 3 where head[9] == 8: offset = 28
    default: return
    }
    var cursor = ByteCursor(Array(head[offset...]), path: window.file.path.string)
    let stated = try cursor.littleEndian(UInt64.self)
    guard let end = Int(exactly: stated), end > window.length else { return }
    throw FileError(
      window.file.path.string,
      .truncated(what: "the HDF5 file", needed: end, available: window.length),
      offset: window.base + window.length)
  }
}

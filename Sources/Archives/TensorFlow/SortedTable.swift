internal import AlbertBytes

/// An immutable table of sorted keys, as TensorFlow's copy of LevelDB's builder writes it
/// (tensorflow/core/lib/io/table_format.txt).
///
/// Data blocks come first, then the (empty) metaindex block, the index block and a footer. Every
/// block ends with its compression type and a masked CRC-32C of both. The footer has no checksum,
/// so its numbers must be spelled in the one shortest way, its padding must be zero, and the blocks
/// that it leads to must fill the file without a gap: no bit can flip unseen.
struct SortedTable: Sendable {
  /// Where a block's content lies; its trailer of 5 bytes follows.
  struct Handle: Equatable, Sendable {
    let offset: Int
    let size: Int

    /// One past the trailer; a handle is made only where this does not overflow.
    var end: Int { offset + size + SortedTable.trailerSize }
  }

  /// A data block and the key that no key in it exceeds.
  struct Block: Sendable {
    let handle: Handle
    let bound: [UInt8]
  }

  let file: SourceFile
  /// The data blocks, in order.
  let blocks: [Block]

  static let trailerSize = 5
  static let footerSize = 48
  /// The last eight bytes of every table, as a little-endian number.
  static let magic: UInt64 = 0xDB47_7524_8B80_FB57

  /// Whether a file ends as a table does.
  static func ends(_ file: SourceFile) throws(FileError) -> Bool {
    guard file.size >= footerSize else { return false }
    return try file.bytes(at: file.size - 8, count: 8) == [UInt8](littleEndian: magic, count: 8)
  }

  /// Opens the table: reads its footer, its metaindex block and its index block.
  init(_ file: SourceFile) throws(FileError) {
    self.file = file
    let (metaindex, index) = try Self.footer(of: file)
    var keyBytes = Self.maxKeyBytes(in: file)

    var none = try SortedTableBlock(file, metaindex, "the metaindex block")
    guard try none.next(&keyBytes) == nil else {
      throw FileError(
        file.path.string, .unsupported("a table with a filter block"), offset: metaindex.offset)
    }
    var blocks: [Block] = []
    var entries = try SortedTableBlock(file, index, "the index block")
    var end = 0
    while let (key, value) = try entries.next(&keyBytes) {
      var value = value
      let handle = try Self.handle(&value, "a data block's place")
      guard value.isAtEnd else { throw value.malformed("bytes follow a data block's place") }
      try Self.check(handle, begins: end, "a data block", in: file)
      end = handle.end
      blocks.append(Block(handle: handle, bound: key))
    }
    try Self.check(metaindex, begins: end, "the metaindex block", in: file)
    try Self.check(index, begins: metaindex.end, "the index block", in: file)
    guard index.end == file.size - Self.footerSize else {
      throw FileError(
        file.path.string,
        .malformed(
          "the index block ends at byte \(index.end) instead of \(file.size - Self.footerSize)"))
    }
    self.blocks = blocks
  }

  /// Hands every entry to `body`, in order, with the value as a cursor over its bytes alone.
  func forEachEntry(
    _ body: (_ key: [UInt8], _ value: ByteCursor) throws(FileError) -> Void
  ) throws(FileError) {
    var keyBytes = Self.maxKeyBytes(in: file)
    var last: [UInt8]?
    for block in blocks {
      var entries = try SortedTableBlock(file, block.handle, "a data block")
      while let (key, value) = try entries.next(&keyBytes) {
        if let last, !last.lexicographicallyPrecedes(key) {
          throw value.malformed("the keys of two blocks are not in ascending order")
        }
        guard !block.bound.lexicographicallyPrecedes(key) else {
          throw value.malformed("a key exceeds the bound that the index block states")
        }
        try body(key, value)
      }
      // The index's key separates the blocks: the next one's keys must exceed it.
      last = block.bound
    }
  }

  /// The bytes that all keys may come to when their shared beginnings are written out.
  ///
  /// Builders write a key in full at least every 16 entries, so that nothing they write exceeds
  /// this; without a bound a small file could ask for much memory.
  static func maxKeyBytes(in file: SourceFile) -> Int { file.size.multiplied(by: 16) ?? .max }

  private static func footer(of file: SourceFile) throws(FileError) -> (Handle, Handle) {
    guard try ends(file) else {
      let head = try file.head(512)
      throw UnusableContent.known(file.path.string, head: head)
        ?? FileError(
          file.path.string,
          .malformed("the last bytes are not those of a TensorFlow checkpoint's index"))
    }
    var cursor = try ByteCursor(file, range: file.size - footerSize..<file.size - 8)
    let metaindex = try handle(&cursor, "the metaindex block's place")
    let index = try handle(&cursor, "the index block's place")
    while !cursor.isAtEnd {
      guard try cursor.byte() == 0 else {
        throw FileError(
          file.path.string, .malformed("the footer's padding is not zero"),
          offset: cursor.position - 1)
      }
    }
    return (metaindex, index)
  }

  private static func handle(_ cursor: inout ByteCursor, _ what: String) throws(FileError) -> Handle
  {
    let start = cursor.position
    let offset = try cursor.count(what, minimal: true)
    let size = try cursor.count(what, minimal: true)
    guard let end = offset.adding(size)?.adding(trailerSize), end <= Int.max - footerSize else {
      throw FileError(
        cursor.path, .truncated(what: what, needed: .max, available: cursor.remaining),
        offset: start)
    }
    return Handle(offset: offset, size: size)
  }

  private static func check(
    _ handle: Handle, begins expected: Int, _ what: String, in file: SourceFile
  ) throws(FileError) {
    guard handle.offset == expected else {
      throw FileError(
        file.path.string,
        .malformed("\(what) begins at byte \(handle.offset) instead of \(expected)"))
    }
    guard handle.end <= file.size - footerSize else {
      throw FileError(
        file.path.string,
        .truncated(
          what: what, needed: handle.size, available: max(0, file.size - handle.offset)),
        offset: handle.offset)
    }
  }
}

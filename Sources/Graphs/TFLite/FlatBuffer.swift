internal import AlbertBytes

/// A table of a flatbuffer: where it lies, and where its own table says that its fields do.
struct FlatTable: Sendable {
  /// Where the table begins.
  let offset: Int
  /// The distance of each field from there; 0 of one that is left out.
  let fields: [Int]

  /// Where field `id` lies; nil where it is left out and so has its default.
  func place(_ id: Int) -> Int? {
    guard id < fields.count, fields[id] != 0 else { return nil }
    return offset + fields[id]
  }
}

/// Reads a flatbuffer, whose every offset is held against the file before it is followed.
///
/// Generated code trusts these offsets. Parts may be shared, so that a small file could state more than
/// it holds: all that is read is counted, and a file that is read many times over is refused.
struct FlatBuffer {
  private var cursor: ByteCursor
  private var budget: Int

  /// The most bytes of fields that a table may have; TensorFlow Lite's largest has about 60.
  private static let largestTable = 1 << 10

  init(_ file: SourceFile) throws(FileError) {
    cursor = try ByteCursor(file)
    budget = 16 * file.size
  }

  /// The table that the file begins with the place of.
  mutating func root() throws(FileError) -> FlatTable {
    try table(at: 0, "the model")
  }

  /// The table whose place stands at `place`.
  mutating func table(at place: Int, _ what: String) throws(FileError) -> FlatTable {
    let offset = try target(of: place, what)
    let distance = Int(try read(Int32.self, at: offset, what))
    let start = offset - distance
    guard start >= 0 else { throw malformed("\(what) has its fields before the file", at: offset) }
    let length = Int(try read(UInt16.self, at: start, what))
    let size = Int(try read(UInt16.self, at: start + 2, what))
    guard length >= 4, length.isMultiple(of: 2), size >= 4, length <= Self.largestTable,
      size <= Self.largestTable
    else { throw malformed("\(what) states fields of no sense", at: start) }
    var fields: [Int] = []
    for index in 0..<(length - 4) / 2 {
      let field = Int(try read(UInt16.self, at: start + 4 + 2 * index, what))
      guard field < size else { throw malformed("\(what) has a field behind its end", at: start) }
      fields.append(field)
    }
    return FlatTable(offset: offset, fields: fields)
  }

  /// The table that field `id` is; nil where it is left out.
  mutating func table(_ table: FlatTable, _ id: Int, _ what: String) throws(FileError)
    -> FlatTable?
  {
    guard let place = table.place(id) else { return nil }
    return try self.table(at: place, what)
  }

  /// The tables of the list that field `id` is, at most `most`.
  mutating func tables(
    _ table: FlatTable, _ id: Int, _ what: String, most: Int
  ) throws(FileError) -> [FlatTable] {
    guard let range = try list(table, id, size: 4, what) else { return [] }
    let count = range.count / 4
    guard count <= most else {
      throw FileError(
        cursor.path, .limit(of: "the number of \(what)", value: count, most: most),
        offset: range.lowerBound)
    }
    var result: [FlatTable] = []
    for index in 0..<count {
      result.append(try self.table(at: range.lowerBound + 4 * index, what))
    }
    return result
  }

  /// Where the elements of the list that field `id` is lie, each of `size` bytes.
  mutating func list(
    _ table: FlatTable, _ id: Int, size: Int, _ what: String
  ) throws(FileError) -> Range<Int>? {
    guard let place = table.place(id) else { return nil }
    let start = try target(of: place, what)
    let count = Int(try read(UInt32.self, at: start, what))
    try cursor.require(count * size, what)
    return start + 4..<start + 4 + count * size
  }

  /// The numbers of the list that field `id` is.
  mutating func numbers<T: FixedWidthInteger>(
    _ table: FlatTable, _ id: Int, of type: T.Type, _ what: String
  ) throws(FileError) -> [T] {
    let size = T.bitWidth / 8
    guard let range = try list(table, id, size: size, what) else { return [] }
    try spend(range.count, at: range.lowerBound)
    try cursor.seek(to: range.lowerBound, what)
    var result: [T] = []
    for _ in 0..<range.count / size { result.append(try cursor.littleEndian(type, what)) }
    return result
  }

  /// The text that field `id` is; empty where it is left out.
  mutating func text(_ table: FlatTable, _ id: Int, _ what: String) throws(FileError) -> String {
    guard let range = try list(table, id, size: 1, what) else { return "" }
    try spend(range.count, at: range.lowerBound)
    try cursor.seek(to: range.lowerBound, what)
    return try cursor.utf8(range.count, what)
  }

  /// The number that field `id` is.
  mutating func number<T: FixedWidthInteger>(
    _ table: FlatTable, _ id: Int, else value: T, _ what: String
  ) throws(FileError) -> T {
    guard let place = table.place(id) else { return value }
    return try read(T.self, at: place, what)
  }

  /// Where the offset at `place` leads, which is always ahead.
  private mutating func target(of place: Int, _ what: String) throws(FileError) -> Int {
    let distance = Int(try read(UInt32.self, at: place, what))
    guard distance > 0 else { throw malformed("\(what) lies at its own offset", at: place) }
    return place + distance
  }

  private mutating func read<T: FixedWidthInteger>(
    _ type: T.Type, at place: Int, _ what: String
  ) throws(FileError) -> T {
    try spend(T.bitWidth / 8, at: place)
    try cursor.seek(to: place, what)
    return try cursor.littleEndian(type, what)
  }

  private mutating func spend(_ bytes: Int, at place: Int) throws(FileError) {
    budget -= bytes
    guard budget >= 0 else {
      throw malformed("the file states more than it holds", at: place)
    }
  }

  private func malformed(_ what: String, at place: Int) -> FileError {
    FileError(cursor.path, .malformed(what), offset: place)
  }
}

internal import AlbertBytes
internal import AlbertJSON
internal import CAlbertSQLite
internal import SystemPackage

/// A survey's rows as an SQLite file with one table, `models`.
@safe struct SurveyDatabase: ~Copyable {
  private let handle: OpaquePointer

  /// The bytes of a file that holds `rows`.
  ///
  /// It is made in memory, so that it is written as any other output is: whole or not at all.
  static func bytes(_ rows: [SurveyRow]) throws(FileError) -> [UInt8] {
    let database = try SurveyDatabase()
    let columns = SurveyColumn.allCases
    let declared = columns.map { "\($0.rawValue) \($0.isNumber ? "INTEGER" : "TEXT")" }
    try database.check(
      unsafe albertkit_database_execute(
        database.handle, "CREATE TABLE models (\(declared.joined(separator: ", "))); BEGIN"))
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    try database.check(
      unsafe albertkit_database_prepare(
        database.handle, "INSERT INTO models VALUES (\(places))"))
    for row in rows { try database.insert(row) }
    try database.check(unsafe albertkit_database_execute(database.handle, "COMMIT"))
    var length: Int64 = 0
    guard let start = unsafe albertkit_database_bytes(database.handle, &length) else {
      throw database.failure(7)
    }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(length)))
  }

  private init() throws(FileError) {
    guard let handle = unsafe albertkit_database_open() else {
      throw FileError(
        "the database",
        .system(operation: "make a database in memory", errno: Errno.noMemory.rawValue))
    }
    unsafe self.handle = handle
  }

  deinit { unsafe albertkit_database_close(handle) }

  private func insert(_ row: SurveyRow) throws(FileError) {
    for (place, column) in SurveyColumn.allCases.enumerated() {
      switch row[column] {
      case .integer(let number):
        try check(unsafe albertkit_database_bind_integer(handle, Int32(place + 1), number))
      case .string(let text):
        // The zero behind it is not counted; an empty text is a text too.
        let bytes = text.utf8.map { CChar(bitPattern: $0) } + [0]
        try check(
          unsafe bytes.withUnsafeBufferPointer {
            unsafe albertkit_database_bind_text(
              handle, Int32(place + 1), $0.baseAddress, $0.count - 1)
          })
      default: break
      }
    }
    try check(unsafe albertkit_database_step(handle))
  }

  private func check(_ code: Int32) throws(FileError) {
    if code != 0 { throw failure(code) }
  }

  private func failure(_ code: Int32) -> FileError {
    FileError(
      "the database",
      .rejected(code: "database", message: "SQLite refuses a statement with its code \(code)"),
      remedy: "take another format, and load that")
  }
}

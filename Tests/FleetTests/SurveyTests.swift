import AlbertBytes
import AlbertFleet
import AlbertJSON
import AlbertReading
import AlbertTestSupport
import SystemPackage
import Testing

/// Rows of a survey, and how they are written.
@Suite struct SurveyTests {
  private static func folder() throws -> Scratch {
    let scratch = try Scratch()
    for name in ["good", "broken"] { try scratch.make(name) }
    let tiny = PackageFiles.root.appending("samples").appending("tiny-tf1")
    for name in try Folder.names(in: tiny) {
      try copy(tiny.appending(name), to: scratch.path("good").appending(name))
    }
    try scratch.write("broken/model.safetensors", text: "no, \"this\" is\nnothing")
    return scratch
  }

  private static func rows(_ folder: FilePath, _ journal: Journal? = nil) throws -> [SurveyRow] {
    try Survey(folder, InspectionOptions(), word: \.description).rows(journal, WorkObserver())
  }

  @Test func goesOnAfterWhatCannotBeRead() throws {
    let scratch = try Self.folder()
    let rows = try Self.rows(scratch.folder)
    #expect(rows.map { $0[.path].string } == ["broken", "good"].map { scratch.path($0).string })
    #expect(rows.map(\.isUsable) == [false, true])
    #expect(rows[0][.errorCode].string != nil)
    #expect(rows[0][.layers] == .null)
    #expect(rows[1][.parametersUnique] == .integer(61_090))
    #expect(rows[1][.layers] == .integer(3))
    #expect(rows[1][.dtypes] == .string("F32"))
  }

  @Test func aJournalSparesWhatHasNotChanged() throws {
    let scratch = try Self.folder()
    let place = try Scratch()
    let path = place.path("out.csv.journal")
    let first = try Self.rows(scratch.folder, Journal(path, of: "w"))
    let length = try place.bytes("out.csv.journal").count
    // Nothing is read again: the rows come from the journal, which does not grow.
    #expect(try Self.rows(scratch.folder, Journal(path, of: "w")) == first)
    #expect(try place.bytes("out.csv.journal").count == length)
    // What has changed is.
    try scratch.write("broken/model.safetensors", text: "another, longer text")
    _ = try Self.rows(scratch.folder, Journal(path, of: "w"))
    #expect(try place.bytes("out.csv.journal").count > length)
  }

  @Test func everyFormatHoldsEveryRow() throws {
    let scratch = try Self.folder()
    let rows = try Self.rows(scratch.folder)
    let csv = String(decoding: try SurveyFormat.csv.bytes(rows), as: UTF8.self)
    #expect(csv.hasPrefix("path,result,format,"))
    #expect(csv.components(separatedBy: "\r\n").count == 4)
    let lines = try SurveyFormat.jsonl.bytes(rows).split(separator: 0x0A)
    #expect(lines.count == 2)
    for (line, row) in zip(lines, rows) {
      #expect(try JSONValue.parse(Array(line), path: "line") == row.json)
    }
    let database = try SurveyFormat.sqlite.bytes(rows)
    #expect(database.starts(with: Array("SQLite format 3\0".utf8)))
  }

  @Test func cellsAreQuotedAndNoFormulas() throws {
    let error = FileError("a,b", .rejected(code: "c", message: "=1+1, \"so\""))
    let row = SurveyRow(error, at: "a,b", word: \.description)
    let csv = String(decoding: try SurveyFormat.csv.bytes([row]), as: UTF8.self)
    #expect(csv.contains("\"a,b\",error"))
    #expect(csv.contains("\"'=1+1, \"\"so\"\"\""))
  }

  /// A row for a folder says which file hinders: the folder itself is there.
  @Test func rowsOfFoldersNameTheFile() throws {
    let absent = FileError("m/a/x.bin", .notFound)
    func message(_ path: FilePath) -> String? {
      SurveyRow(absent, at: path, word: \.description)[.message].string
    }
    #expect(message("m/a/x.bin") == absent.message)
    #expect(message("m/a") == "x.bin: " + absent.message)
    #expect(message("m/b") == "m/a/x.bin: " + absent.message)
  }

  @Test func endingsNameFormats() {
    #expect(SurveyFormat(ending: "a.csv") == .csv)
    #expect(SurveyFormat(ending: "a.db") == .sqlite)
    #expect(SurveyFormat(ending: "a.txt") == nil)
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}

package import AlbertBytes
internal import AlbertJSON
package import SystemPackage

/// How the rows of a survey are written.
package enum SurveyFormat: String, CaseIterable, Sendable {
  case csv
  case jsonl
  case sqlite

  /// The format that a file's ending names.
  package init?(ending path: FilePath) {
    switch path.extension?.lowercased() {
    case "csv": self = .csv
    case "jsonl", "ndjson": self = .jsonl
    case "sqlite", "sqlite3", "db": self = .sqlite
    default: return nil
    }
  }

  /// All rows as the bytes of a file.
  package func bytes(_ rows: [SurveyRow]) throws(FileError) -> [UInt8] {
    switch self {
    case .csv:
      let head = SurveyColumn.allCases.map(\.rawValue).joined(separator: ",")
      return Array(([head] + rows.map(Self.line)).map { $0 + "\r\n" }.joined().utf8)
    case .jsonl:
      return Array(rows.map { $0.json.text(escaping: .whatHides) + "\n" }.joined().utf8)
    case .sqlite:
      return try SurveyDatabase.bytes(rows)
    }
  }

  /// A line of CSV as RFC 4180 has it; what a spreadsheet would compute is text.
  private static func line(_ row: SurveyRow) -> String {
    SurveyColumn.allCases.map { column in
      switch row[column] {
      case .integer(let number): return String(number)
      case .string(let text):
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        return quoted((isFormula ? "'" : "") + text)
      default: return ""
      }
    }.joined(separator: ",")
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

import AlbertReports

/// The texts of help, which are written for 80 columns: paragraphs, and sections of a heading in capitals
/// and indented rows.
enum HelpText {
  /// A text set for the terminal; from 80 columns on, it is as it was written.
  static func fitted(_ text: String) -> String {
    let terminal = Terminal.standardOutput()
    guard terminal.width < 80 else { return text }
    var lines: [String] = []
    var rows: [Row] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      guard line.hasPrefix(" ") else {
        lines += set(rows, terminal) + [line]
        rows = []
        continue
      }
      Row.take(line, into: &rows)
    }
    return (lines + set(rows, terminal)).joined(separator: "\n")
  }

  /// The rows of a section of such a text: a word, and what it means.
  static func rows(_ section: String) -> [(word: String, meaning: String)] {
    var rows: [Row] = []
    for line in section.split(separator: "\n").dropFirst() { Row.take(String(line), into: &rows) }
    return rows.map { ($0.word, $0.meaning) }
  }

  /// An indented line and those that go on from it.
  private struct Row {
    let word: String
    var meaning: String

    init(_ line: String) {
      let text = line.drop { $0 == " " }
      guard let gap = text.firstRange(of: "  ") else {
        (word, meaning) = (String(text), "")
        return
      }
      word = String(text[..<gap.lowerBound])
      meaning = String(text[gap.lowerBound...].drop { $0 == " " })
    }

    /// Takes in a line that begins a row, or goes on from the last one.
    static func take(_ line: String, into rows: inout [Row]) {
      let isMore = line.prefix { $0 == " " }.count > 4
      if isMore, let last = rows.indices.last {
        rows[last].meaning += (rows[last].meaning.isEmpty ? "" : " ") + line.drop { $0 == " " }
      } else {
        rows.append(Row(line))
      }
    }
  }

  private static func set(_ rows: [Row], _ terminal: Terminal) -> [String] {
    if rows.isEmpty { return [] }
    // Examples are commands, of which each begins a line.
    guard rows.contains(where: { !$0.meaning.isEmpty }) else {
      return rows.flatMap { terminal.wrapped("  \($0.word)", indentation: 6) }
    }
    var table = TextTable([.left, .text])
    for row in rows { table.add([row.word, row.meaning]) }
    return table.lines(terminal: terminal)
  }
}

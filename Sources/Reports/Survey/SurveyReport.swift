package import AlbertFleet
package import AlbertJSON

/// The models below a folder, as text and as JSON.
package struct SurveyReport: Sendable {
  private let root: String
  private let rows: [SurveyRow]
  private let file: String?

  /// Reports the rows of a survey of `root`, which may have been written to `file`.
  package init(root: String, rows: [SurveyRow], file: String?) {
    self.root = root
    self.rows = rows
    self.file = file
  }

  private var usable: Int { rows.count(where: \.isUsable) }

  /// A line for each model, unless they are in a file, and how many there are.
  package func lines(terminal: Terminal) -> [String] {
    var lines: [String] = []
    if file == nil && !rows.isEmpty {
      var table = TextTable(
        [.name, .left, .right, .text], titles: ["model", "variant", "parameters", ""])
      for row in rows {
        let path = Terminal.shown(text(row, .path))
        if row.isUsable {
          table.add([
            path, text(row, .variant, else: "ALBERT"),
            Numbers.grouped(row[.parametersUnique].integer ?? 0),
            "\(text(row, .upstream)), \(text(row, .format))",
          ])
        } else {
          table.add([path, "–", "", Terminal.shown(text(row, .message))])
        }
      }
      lines = table.lines(indentation: 0, terminal: terminal) + [""]
    }
    let others = rows.count - usable
    let written = file.map { "; wrote \(Terminal.shown($0))" } ?? ""
    return lines + [
      "\(Numbers.count(rows.count, "model")) below \(Terminal.shown(root)): "
        + "\(usable) can be converted, \(others) not\(written)"
    ]
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "root": .string(root),
      "usable": .count(usable),
      "unusable": .count(rows.count - usable),
      "models": .array(rows.map(\.json)),
    ])
  }

  private func text(_ row: SurveyRow, _ column: SurveyColumn, else other: String = "") -> String {
    row[column].string ?? other
  }
}

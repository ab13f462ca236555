extension HTMLPage {
  /// A cell of a table: what is shown, and for a number what rows are sorted by.
  struct Cell {
    let markup: String
    var value: Double?
    var isNumber = false

    /// Ready markup, sorted by its text.
    init(_ markup: String) { self.markup = markup }

    /// A number as text, sorted by its value; one that is not known, or not finite, comes last.
    init(_ text: String, _ value: Double?) {
      markup = text
      self.value = value
      isNumber = true
    }
  }

  /// A table that a script makes sortable and filterable.
  static func sortable(label: String, head: [String], rows: [[Cell]]) -> String {
    let numeric = head.indices.filter { column in
      rows.contains { column < $0.count && $0[column].isNumber }
    }
    let body = rows.map { row in
      "<tr>"
        + row.map { cell in
          guard cell.isNumber else { return "<td>\(cell.markup)</td>" }
          let value = cell.value.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
          return "<td class=\"n\" data-value=\"\(value)\">\(cell.markup)</td>"
        }.joined() + "</tr>"
    }
    return table(" class=\"sortable\"", label, head, Set(numeric), body)
  }

  /// A table; cells are markup, and those of `numeric` columns are aligned right.
  package static func table(
    label: String = "table", head: [String], rows: [[String]], numeric: Set<Int> = [],
    marked: Set<Int> = []
  ) -> String {
    let body = rows.enumerated().map { index, row in
      "<tr\(marked.contains(index) ? " class=\"other\"" : "")>"
        + row.enumerated().map { column, cell in
          "<td\(numeric.contains(column) ? " class=\"n\"" : "")>\(cell)</td>"
        }.joined() + "</tr>"
    }
    return table("", label, head, numeric, body)
  }

  /// A table, which scrolls sideways where it is too wide, by keyboard too, and says so.
  private static func table(
    _ attributes: String, _ label: String, _ head: [String], _ numeric: Set<Int>, _ rows: [String]
  ) -> String {
    let heads = head.enumerated().map { column, title in
      "<th scope=\"col\"\(numeric.contains(column) ? " class=\"n\"" : "")>\(escape(title))</th>"
    }
    return "<div class=\"region\"><p class=\"hint\" hidden>scroll sideways for more</p>"
      + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(escape(label))\">"
      + "<table\(attributes)><thead><tr>\(heads.joined())</tr></thead><tbody>"
      + rows.joined(separator: "\n") + "</tbody></table></div></div>"
  }

  /// Words and what they are, side by side as far as there is room; values are markup.
  static func keys(_ rows: [(key: String, value: String)]) -> String {
    "<dl class=\"keys\">"
      + rows.map { "<div><dt>\(escape($0.key))</dt><dd>\($0.value)</dd></div>" }.joined()
      + "</dl>"
  }
}

/// Rows of text in aligned columns.
package struct TextTable: Sendable {
  /// How a column is aligned.
  package enum Alignment: Sendable {
    case left
    case right
  }

  /// The column titles; empty for a table without.
  package let titles: [String]
  /// The alignment of each column.
  package let alignments: [Alignment]
  private var rows: [[String]] = []

  /// A table of so many columns as there are alignments.
  package init(_ alignments: [Alignment], titles: [String] = []) {
    self.alignments = alignments
    self.titles = titles
  }

  /// Adds a row; missing cells are empty.
  package mutating func add(_ cells: [String]) {
    rows.append(cells)
  }

  /// The table as lines, each beginning with `indentation` spaces and none ending with one.
  package func lines(indentation: Int = 2, gap: Int = 2, terminal: Terminal = .plain) -> [String] {
    let all = (titles.isEmpty ? [] : [titles]) + rows
    let widths = alignments.indices.map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.enumerated().map { index, row in
      var line = String(repeating: " ", count: indentation)
      for column in alignments.indices {
        let cell = column < row.count ? row[column] : ""
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += String(repeating: " ", count: gap) }
        line += alignments[column] == .left ? cell + padding : padding + cell
      }
      while line.last == " " { line.removeLast() }
      return index == 0 && !titles.isEmpty ? terminal.styled(line, .dim) : line
    }
  }
}

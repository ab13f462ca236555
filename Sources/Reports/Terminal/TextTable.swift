/// Rows of text in aligned columns.
///
/// Where a table is wider than the terminal it gives way in steps: smaller gaps, no bars, names without
/// their middle, sentences over several lines; and where all that does not help, each row becomes its name
/// and a list of what its columns say.
package struct TextTable: Sendable {
  /// What a column holds, which says how it is aligned and how it gives way.
  package enum Column: Sendable {
    /// A word; aligned left.
    case left
    /// A number; aligned right.
    case right
    /// A name, which may lose its middle.
    case name
    /// A picture of what another column says.
    case bar
    /// A sentence, which may take several lines; the last column.
    case text
  }

  /// The column titles; empty for a table without.
  package let titles: [String]
  /// What each column holds.
  package let columns: [Column]
  /// The column that names a row where the table is too wide.
  private let heading: Int
  private var rows: [[String]] = []

  /// A table of such columns, whose rows are named by the first name, or by the column that is stated.
  package init(_ columns: [Column], titles: [String] = [], heading: Int? = nil) {
    self.columns = columns
    self.titles = titles
    self.heading = heading ?? columns.firstIndex { $0 == .name } ?? 0
  }

  /// Adds a row; missing cells are empty.
  package mutating func add(_ cells: [String]) {
    rows.append(cells)
  }

  /// The narrowest that a name or a sentence becomes.
  private static let narrowName = 20
  private static let narrowText = 20

  /// The table as lines, each beginning with `indentation` spaces and none ending with one.
  package func lines(indentation: Int = 2, gap: Int = 2, terminal: Terminal = .plain) -> [String] {
    let room = terminal.limit ?? Int.max
    var widths = columns.indices.map { column in
      all.map { column < $0.count ? Columns.count($0[column]) : 0 }.max() ?? 0
    }
    var gap = gap
    func excess() -> Int {
      let shown = widths.filter { $0 > 0 }
      return indentation + shown.reduce(0, +) + gap * max(0, shown.count - 1) - room
    }
    if let text = columns.lastIndex(of: .text) {
      // Sentences are broken on a pipe too, which text is set for 80 columns for.
      let other = widths.enumerated().filter { $0.offset != text }.map(\.element)
      let taken = indentation + other.reduce(0) { $0 + $1 + gap }
      widths[text] = min(widths[text], max(Self.narrowText, terminal.width - taken))
    }
    if excess() > 0 {
      for column in columns.indices where columns[column] == .bar { widths[column] = 0 }
    }
    if excess() > 0 { gap = 1 }
    for kind in [(column: Column.name, least: Self.narrowName), (.text, Self.narrowText)] {
      for column in columns.indices where columns[column] == kind.column && excess() > 0 {
        widths[column] = min(widths[column], max(kind.least, widths[column] - excess()))
      }
    }
    if excess() > 0 { return stacked(indentation: indentation, terminal: terminal) }
    return all.enumerated().flatMap { index, row in
      let lines = set(row, widths, indentation: indentation, gap: gap)
      return index == 0 && !titles.isEmpty ? lines.map { terminal.styled($0, .dim) } : lines
    }
  }

  private var all: [[String]] { (titles.isEmpty ? [] : [titles]) + rows }

  /// A row in columns of the given widths; those of width 0 are left out.
  private func set(_ row: [String], _ widths: [Int], indentation: Int, gap: Int) -> [String] {
    var line = String(repeating: " ", count: indentation)
    var rest: [String] = []
    var begin = indentation
    for column in columns.indices where widths[column] > 0 {
      var cell = column < row.count ? row[column] : ""
      let width = widths[column]
      if begin > indentation {
        line += String(repeating: " ", count: gap)
        begin += gap
      }
      switch columns[column] {
      case .name: cell = Columns.shortened(cell, to: width)
      case .text:
        let wide = Terminal(hasColor: false, isInteractive: false, width: width)
        let broken = wide.fitted(wide.wrapped(cell, indentation: 0))
        cell = broken.first ?? ""
        rest = broken.dropFirst().map { String(repeating: " ", count: begin) + $0 }
      case .left, .right, .bar: break
      }
      let padding = String(repeating: " ", count: max(0, width - Columns.count(cell)))
      line += columns[column] == .right ? padding + cell : cell + padding
      begin += width
    }
    while line.last == " " { line.removeLast() }
    return [line] + rest
  }

  /// Each row as its name, and beneath it what the other columns say.
  private func stacked(indentation: Int, terminal: Terminal) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    return terminal.fitted(
      rows.flatMap { row -> [String] in
        let name = heading < row.count ? row[heading] : ""
        let room = terminal.width - indentation
        var lines = [margin + Columns.shortened(name, to: room)]
        let items = columns.indices.compactMap { column -> String? in
          guard column != heading, column < row.count, columns[column] != .bar else { return nil }
          let cell = row[column]
          if cell.isEmpty { return nil }
          let title = column < titles.count ? titles[column] : ""
          return title.isEmpty ? cell : "\(title) \(cell)"
        }
        var line = ""
        for item in items {
          if !line.isEmpty, Columns.count(line) + 2 + Columns.count(item) > room - 2 {
            lines.append(margin + "  " + line)
            line = ""
          }
          line += (line.isEmpty ? "" : "  ") + item
        }
        if !line.isEmpty { lines.append(margin + "  " + line) }
        return lines
      })
  }
}

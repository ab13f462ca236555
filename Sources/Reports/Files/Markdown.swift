/// Text as it may stand in Markdown.
enum Markdown {
  /// The text with everything that Markdown or HTML would read as more than text written as a character
  /// reference, which neither does.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in Terminal.shown(text).unicodeScalars {
      if special.contains(scalar) {
        result += "&#\(scalar.value);"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let special = Set("&<>`*_{}[]()#+!|~\\@$^=\"':".unicodeScalars)

  /// A name in the font of code.
  static func code(_ text: String) -> String { "<code>\(escape(text))</code>" }

  /// A table; cells are Markdown.
  static func table(_ head: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return ([line(head), line(head.map { _ in "---" })] + rows.map(line)).joined(separator: "\n")
  }

  /// A part that is folded until somebody opens it.
  static func folded(_ title: String, _ body: String) -> String {
    "<details><summary>\(title)</summary>\n\n\(body)\n\n</details>"
  }
}

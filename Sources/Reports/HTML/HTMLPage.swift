internal import AlbertBytes

/// A self-contained page: its style inside, nothing fetched, light and dark.
package struct HTMLPage: Sendable {
  package let title: String
  /// What stands under the title.
  package let subtitle: String
  /// The program that makes the page, such as `albert 1.0.0`.
  package let tool: String
  private var sections: [String] = []

  /// A page without sections.
  package init(title: String, subtitle: String, tool: String) {
    self.title = title
    self.subtitle = subtitle
    self.tool = tool
  }

  /// Adds a section of ready markup under a heading.
  package mutating func add(_ heading: String, _ markup: String) {
    sections.append("<section><h2>\(Self.escape(heading))</h2>\n\(markup)\n</section>")
  }

  /// Text as it may stand in markup and in attributes.
  package static func escape(_ text: String) -> String { Markup.escape(text) }

  /// A name or a path.
  static func code(_ name: String) -> String { "<code>\(escape(name))</code>" }

  /// A sentence in a table, which may take several lines but none of a word or two.
  static func words(_ sentence: String) -> String {
    "<span class=\"words\">\(escape(sentence))</span>"
  }

  /// A labelled bar for each value, the longest filling the width.
  package static func bars(_ values: [(label: String, value: Double, text: String)]) -> String {
    let most = values.map(\.value).max() ?? 1
    return "<div class=\"bars\">"
      + values.map { label, value, text in
        let width = most > 0 ? max(0.4, value / most * 100) : 0
        return "<div class=\"label\">\(escape(label))</div><div class=\"track\">"
          + "<div class=\"bar\" style=\"width:\(Numbers.fixed(width, 2))%\"></div></div>"
          + "<div class=\"value\">\(escape(text))</div>"
      }.joined(separator: "\n") + "</div>"
  }

  /// A histogram as a picture of so many pixels, or of whatever width there is.
  static func histogram(
    _ shares: [Double], width: Int, height: Int, isWide: Bool = false, label: String
  ) -> String {
    guard let most = shares.max(), most > 0 else { return "<span class=\"dim\">constant</span>" }
    let step = Double(width) / Double(shares.count)
    let bars = shares.enumerated().map { index, share in
      let tall = share / most * Double(height)
      return "<rect x=\"\(Numbers.fixed(Double(index) * step, 2))\" "
        + "y=\"\(Numbers.fixed(Double(height) - tall, 2))\" "
        + "width=\"\(Numbers.fixed(max(0.5, step - 0.6), 2))\" "
        + "height=\"\(Numbers.fixed(tall, 2))\"/>"
    }.joined()
    let size =
      isWide ? "class=\"histogram wide\" preserveAspectRatio=\"none\"" : "class=\"histogram\""
    return "<svg \(size) viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
      + "height=\"\(height)\" role=\"img\" aria-label=\"\(escape(label))\">\(bars)</svg>"
  }

  /// The whole document.
  package var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    \(ReportKind.page.mark)
    <title>\(Self.escape(title))</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <header><h1>\(Self.escape(title))</h1><p>\(Self.escape(subtitle))</p></header>
    <main>
    \(sections.joined(separator: "\n"))
    </main>
    <footer><p>Made by \(Self.escape(tool)).</p></footer>
    <script>\(Self.script)</script>
    </body>
    </html>

    """
  }
}

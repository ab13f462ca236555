internal import AlbertBytes

/// A self-contained page: its style inside, nothing fetched, light and dark.
package struct HTMLPage: Sendable {
  /// The page's title.
  package let title: String
  /// What stands under the title.
  package let subtitle: String
  private var sections: [String] = []

  /// A page without sections.
  package init(title: String, subtitle: String) {
    self.title = title
    self.subtitle = subtitle
  }

  /// Adds a section of ready markup under a heading.
  package mutating func add(_ heading: String, _ markup: String) {
    sections.append("<section><h2>\(Self.escape(heading))</h2>\n\(markup)\n</section>")
  }

  /// Text as it may stand in markup and in attributes.
  package static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n": result += "\n"
      case _ where scalar.isUnsafeToShow: result += Terminal.spelled(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A table; the first row is its head.
  ///
  /// Cells are markup.
  package static func table(head: [String], rows: [[String]], numeric: Set<Int> = []) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + cells.enumerated().map { index, cell in
          "<\(tag)\(numeric.contains(index) ? " class=\"n\"" : "")>\(cell)</\(tag)>"
        }.joined() + "</tr>"
    }
    return "<div class=\"scroll\"><table><thead>" + row(head.map(escape), "th") + "</thead><tbody>"
      + rows.map { row($0, "td") }.joined(separator: "\n") + "</tbody></table></div>"
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

  /// A histogram as a picture of so many pixels.
  static func histogram(_ shares: [Double], width: Int, height: Int, label: String) -> String {
    guard let most = shares.max(), most > 0 else { return "<span class=\"dim\">constant</span>" }
    let step = Double(width) / Double(shares.count)
    let bars = shares.enumerated().map { index, share in
      let tall = share / most * Double(height)
      return "<rect x=\"\(Numbers.fixed(Double(index) * step, 2))\" "
        + "y=\"\(Numbers.fixed(Double(height) - tall, 2))\" "
        + "width=\"\(Numbers.fixed(max(0.5, step - 0.6), 2))\" "
        + "height=\"\(Numbers.fixed(tall, 2))\"/>"
    }.joined()
    return "<svg class=\"histogram\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
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
    \(ReportKind.page.mark)
    <title>\(Self.escape(title))</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <header><h1>\(Self.escape(title))</h1><p>\(Self.escape(subtitle))</p></header>
    <main>
    \(sections.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  private static let style = """

    :root{--ink:#1d2733;--dim:#5d6b7a;--paper:#fbfbf8;--card:#fff;--line:#e2e4e0;--bar:#2f6f8f;
    --soft:#dfeaf0;--error:#b3261e;--warning:#8a5a00;--note:#5d6b7a;--second:#a8641a}
    @media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--dim:#97a4b1;--paper:#14191f;
    --card:#1b222a;--line:#2c353f;--bar:#6cb4d6;--soft:#26333d;--error:#ff8a80;--warning:#f2c46d;
    --note:#97a4b1;--second:#e0a458}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    header,main{max-width:60rem;margin:0 auto;padding:0 1rem}
    header{padding-top:2rem}
    h1{font-size:1.6rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
    header p{color:var(--dim);margin:.25rem 0 1rem}
    section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
    padding:1rem 1.1rem;margin:0 0 1rem}
    h2{font-size:1.05rem;margin:0 0 .7rem}
    h2,p,li{overflow-wrap:anywhere}
    p{margin:.4rem 0}
    .big{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin-bottom:.4rem}
    .big div{min-width:8rem}
    .big b{display:block;font-size:1.7rem;font-variant-numeric:tabular-nums;line-height:1.2}
    .big span,.dim{color:var(--dim);font-size:.9rem}
    .bars{display:grid;grid-template-columns:max-content 1fr max-content;gap:.35rem .7rem;
    align-items:center;font-variant-numeric:tabular-nums}
    .track{background:var(--soft);border-radius:.2rem;min-width:3rem}
    .bar{background:var(--bar);height:.9rem;border-radius:.2rem}
    .value{text-align:right}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.88rem}
    th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);
    vertical-align:middle}
    th{color:var(--dim);font-weight:600}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.85em;overflow-wrap:anywhere}
    td code{min-width:12rem;display:inline-block}
    svg rect,svg path{fill:var(--bar)}
    .histogram{display:block;max-width:100%}
    ul.findings{list-style:none;margin:0;padding:0}
    ul.findings li{padding:.4rem 0 .4rem .8rem;border-left:.25rem solid var(--note);
    margin-bottom:.5rem}
    ul.findings .error{border-color:var(--error)}
    ul.findings .warning{border-color:var(--warning)}
    .verdict{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}
    .diagnosis{margin:.4rem 0 .8rem;padding-left:1.3rem}
    .diagnosis li{margin-bottom:.5rem}
    .chart{display:block;overflow:visible;font-size:.82rem;font-variant-numeric:tabular-nums}
    .chart text{fill:var(--ink)}
    .chart .tick{fill:var(--dim)}
    .chart .grid{stroke:var(--line)}
    .chart .mark{stroke:var(--ink);stroke-width:2}
    .chart .reference{fill:var(--bar)}
    .chart .fast{fill:var(--second)}
    .chart .bad{fill:var(--error)}
    .graph{display:block;font-size:.82rem;font-variant-numeric:tabular-nums}
    .graph rect{fill:var(--paper);stroke:var(--line)}
    .graph text{fill:var(--ink)}
    .graph .tick{fill:var(--dim)}
    .graph .name{font-weight:600}
    .graph .flow{stroke:var(--dim);stroke-width:2}
    .graph .right rect{stroke:var(--bar)}
    .graph .wrong rect{stroke:var(--error);stroke-width:2}
    .graph .right .error{fill:var(--bar)}
    .graph .wrong .error{fill:var(--error);font-weight:600}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.85rem;color:var(--dim)}
    .legend i{display:inline-block;width:.8rem;height:.6rem;margin-right:.4rem}
    .legend .reference{background:var(--bar)}
    .legend .fast{background:var(--second)}
    .legend i.bad{background:var(--error)}
    .legend .mark{width:2px;height:.8rem;background:var(--ink);vertical-align:middle}
    .line{white-space:nowrap}
    .ok{color:var(--bar);font-weight:600}
    .bad{color:var(--error);font-weight:600}
    @media(max-width:36rem){.bars{grid-template-columns:1fr max-content;grid-auto-flow:dense}
    .bars .label{grid-column:1}.bars .value{grid-column:2}.bars .track{grid-column:1/3}}
    td:nth-child(2){white-space:nowrap}

    """
}

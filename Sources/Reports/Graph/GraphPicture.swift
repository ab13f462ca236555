internal import AlbertArchitecture
internal import AlbertReading
internal import AlbertVerification

/// A graph as a picture: a box for each part of the model, from top to bottom, with its operators and
/// sizes, and after a verification with what its values are off by; lines lead to it from the parts that it
/// takes values of.
///
/// Widths are in percent and heights in pixels, so that text keeps its size however wide the page is.
final class GraphPicture {
  /// What a verification says of a block.
  private enum Mark {
    case right(Double)
    case first
    case wrong(Double?)

    var kind: String { if case .right = self { "right" } else { "wrong" } }

    var text: String {
      switch self {
      case .right(let error): error == 0 ? "exact" : "max \(Numbers.scientific(error))"
      case .first: "goes wrong here"
      case .wrong(let error): error.map { "off by \(Numbers.scientific($0))" } ?? "wrong"
      }
    }
  }

  private let fold: GraphFold
  private let outcome: GraphOutcome?

  private static let line = 18
  private static let padding = 10
  private static let gap = 22
  /// Characters that fit beside each other on the narrowest screen, in whatever typeface it has.
  private static let width = 26

  init(_ fold: GraphFold, _ outcome: GraphOutcome? = nil) {
    self.fold = fold
    self.outcome = outcome
  }

  var markup: String {
    let flow = GraphFlow(fold.blocks.map(\.sources))
    var y = 1
    var boxes: [String] = []
    var places: [Range<Int>] = []
    for (index, block) in fold.blocks.enumerated() {
      let lines = Self.wrapped(operators(block)) + [size(block)]
      let mark = mark(index)
      let height = 2 * Self.padding + (lines.count + (mark == nil ? 1 : 2)) * Self.line
      if flow.goesStraight(to: index) { boxes.append(line(at: y - Self.gap)) }
      boxes.append(box(block, mark, lines, at: y, height: height, beside: flow.width))
      places.append(y..<y + height)
      y += height + Self.gap
    }
    let label = "the graph's parts from top to bottom"
    return
      "<svg class=\"graph\" width=\"100%\" height=\"\(max(1, y - Self.gap + 1))\" role=\"img\" "
      + "aria-label=\"\(label)\">\((boxes + [flow.markup(places)]).joined(separator: "\n"))</svg>"
  }

  private func box(
    _ block: GraphFold.Block, _ mark: Mark?, _ lines: [String], at y: Int, height: Int,
    beside lanes: Int
  ) -> String {
    let first = y + Self.padding + Self.line - 5
    // A mark has a line of its own: beside a title there is no room for it on a small screen.
    let last = mark == nil ? first : first + Self.line
    let text = lines.enumerated().map { index, line in
      "<text class=\"tick\" x=\"12\" y=\"\(last + (index + 1) * Self.line)\">"
        + "\(HTMLPage.escape(line))</text>"
    }
    let kind = mark?.kind ?? ""
    let error =
      mark.map {
        "<text class=\"error\" x=\"12\" y=\"\(last)\">"
          + "\(HTMLPage.escape($0.text))</text>"
      } ?? ""
    return "<g class=\"\(kind)\"><title>\(HTMLPage.escape(story(block)))</title>"
      + "<rect x=\"1\" y=\"\(y)\" width=\"100%\" height=\"\(height)\" rx=\"6\" "
      + "style=\"width:calc(100% - \(2 + lanes)px)\"/>"
      + "<text class=\"name\" x=\"12\" y=\"\(first)\">"
      + "\(HTMLPage.escape(Columns.end(of: block.title, Self.width)))</text>\(error)"
      + text.joined() + "</g>"
  }

  private func line(at y: Int) -> String {
    "<line class=\"flow\" x1=\"50%\" x2=\"50%\" y1=\"\(y + 3)\" y2=\"\(y + Self.gap - 3)\"/>"
  }

  /// All of a block's words, for whoever points at it.
  private func story(_ block: GraphFold.Block) -> String {
    let sources = block.sources.map { fold.blocks[$0].title }
    return "\(block.title): \(operators(block).joined(separator: ", ")); \(size(block))"
      + (sources.isEmpty ? "" : "; takes values of \(sources.joined(separator: ", "))")
  }

  private func operators(_ block: GraphFold.Block) -> [String] {
    block.operators.map { $0.count == 1 ? $0.name : "\($0.count) \($0.name)" }
  }

  private func size(_ block: GraphFold.Block) -> String {
    guard block.parameters > 0 else { return "no weights" }
    let all = "\(Numbers.short(block.parameters)) weights, \(Numbers.bytes(block.byteCount))"
    return block.ownParameters == 0 ? "\(all), shared" : all
  }

  // MARK: Errors

  private func mark(_ index: Int) -> Mark? {
    guard let outcome, outcome.problem == nil else { return nil }
    let block = fold.blocks[index]
    // Whatever it gives: of a quantised graph rounding may hide what its numbers without it show.
    if breaks(index) { return .first }
    if let output = outcome.outputs.first(where: { $0.name == block.value }),
      let error = output.error
    {
      if output.outcome == .pass { return .right(error.real.maxAbs) }
      return .wrong(error.real.maxAbs)
    }
    if let stage = block.stage, let found = outcome.found.first(where: { $0.stage == stage }) {
      return .right(found.maxAbs)
    }
    guard block.stage != nil, outcome.divergence != nil else { return nil }
    return .wrong(nil)
  }

  /// Whether the first node that goes wrong is one of a block's.
  private func breaks(_ index: Int) -> Bool {
    guard let divergence = outcome?.divergence else { return false }
    return fold.blocks.firstIndex { $0.nodes.contains(divergence.node) } == index
  }

  // MARK: Text

  /// Words in lines of limited length, separated by commas.
  private static func wrapped(_ words: [String]) -> [String] {
    var lines: [String] = []
    for (index, word) in words.enumerated() {
      let text = Columns.end(of: word, width - 1) + (index + 1 < words.count ? "," : "")
      if let last = lines.last, last.count + 1 + text.count <= width {
        lines[lines.count - 1] = "\(last) \(text)"
      } else {
        lines.append(text)
      }
    }
    return lines
  }
}

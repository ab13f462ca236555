internal import AlbertArchitecture
internal import AlbertVerification

/// The errors of all stages as a picture: a bar for each engine on a log scale, with a mark where it
/// should end at most.
///
/// Places are given in percent of the width and in pixels of height, so that text keeps its size
/// however wide the page is.
struct ErrorChart {
  private let rows: [(name: String, bars: [StageComparison])]
  private let scale: LogScale
  private let engines: [Engine]

  private static let top = 26
  private static let label = 20
  private static let bar = 11
  private static let gap = 10

  /// A chart of the stages that both sides have, in their order.
  init(_ stages: [StageComparison]) {
    let compared = stages.filter { $0.error != nil || $0.problem != nil }
    var rows: [(name: String, bars: [StageComparison])] = []
    for comparison in compared {
      if rows.last?.name != comparison.stage.name { rows.append((comparison.stage.name, [])) }
      rows[rows.count - 1].bars.append(comparison)
    }
    self.rows = rows
    scale = LogScale.errors.reaching(
      compared.map { $0.error?.real.maxAbs ?? 0 } + compared.map(\.tolerance))
    engines = Engine.allCases.filter { engine in compared.contains { $0.engine == engine } }
  }

  var isEmpty: Bool { rows.isEmpty }

  /// The legend and the picture.
  var markup: String {
    var y = Self.top
    let drawn = rows.map { row in
      defer { y += Self.label + row.bars.count * Self.bar + Self.gap }
      return picture(row.name, row.bars, at: y)
    }
    let names = engines.map(\.rawValue).joined(separator: " and ")
    let label = "largest absolute error of each stage, \(names), on a log scale"
    return legend + "<svg class=\"chart\" width=\"100%\" height=\"\(y)\" role=\"img\" "
      + "aria-label=\"\(label)\">" + grid(height: y) + drawn.joined(separator: "\n") + "</svg>"
  }

  private var legend: String {
    let engines = engines.map { "<span><i class=\"\($0.rawValue)\"></i>\($0.rawValue)</span>" }
    return "<p class=\"legend\">" + engines.joined(separator: " ")
      + " <span><i class=\"bad\"></i>beyond tolerance</span>"
      + " <span><i class=\"mark\"></i>tolerance</span></p>"
  }

  /// A line for every fourth power of ten.
  private func grid(height: Int) -> String {
    stride(from: scale.low, through: scale.high, by: 4).map { exponent in
      let x = percent(Double(exponent - scale.low) / Double(scale.high - scale.low))
      let anchor =
        exponent == scale.low ? "start" : exponent + 4 > scale.high ? "end" : "middle"
      let text = exponent == 0 ? "1" : "1e\(exponent)"
      return "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"18\" y2=\"\(height)\"/>"
        + "<text class=\"tick\" x=\"\(x)\" y=\"12\" text-anchor=\"\(anchor)\">\(text)</text>"
    }.joined()
  }

  private func picture(_ name: String, _ bars: [StageComparison], at y: Int) -> String {
    let values = bars.map { bar in
      let kind = bar.outcome == .fail ? "bad" : bar.engine.rawValue
      return "<tspan class=\"\(kind)\">\(bar.outcome == .fail ? "fail " : "")"
        + "\(Self.size(bar))</tspan>"
    }
    let text =
      "<text x=\"0\" y=\"\(y + 14)\">\(HTMLPage.escape(name))</text>"
      + "<text x=\"100%\" y=\"\(y + 14)\" text-anchor=\"end\">\(values.joined(separator: " · "))</text>"
    return text
      + bars.enumerated().map { index, bar in
        self.bar(bar, at: y + Self.label + index * Self.bar)
      }.joined()
  }

  /// A few characters: the table below says more.
  private static func size(_ comparison: StageComparison) -> String {
    if comparison.error == nil { return "shape" }
    return VerifyReport.nonFinite(comparison) > 0 ? "NaN/Inf" : VerifyReport.size(comparison)
  }

  private func bar(_ comparison: StageComparison, at y: Int) -> String {
    guard let error = comparison.error?.real.maxAbs else { return "" }
    let kind = comparison.outcome == .fail ? "bad" : comparison.engine.rawValue
    let end = percent(max(0.003, scale.position(error)))
    let mark = percent(scale.position(comparison.tolerance))
    return "<g><title>\(HTMLPage.escape(VerifyReport.story(comparison)))</title>"
      + "<rect class=\"\(kind)\" x=\"0\" y=\"\(y)\" width=\"\(end)\" height=\"\(Self.bar - 3)\"/>"
      + "<line class=\"mark\" x1=\"\(mark)\" x2=\"\(mark)\" y1=\"\(y - 1)\" y2=\"\(y + Self.bar - 2)\"/></g>"
  }

  private func percent(_ share: Double) -> String { Numbers.fixed(share * 100, 2) + "%" }
}

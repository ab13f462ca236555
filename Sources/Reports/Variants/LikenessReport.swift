package import AlbertArchitecture
internal import AlbertComparison
package import AlbertJSON

/// Which published variant a model is nearest to, and in what they differ, as text and as JSON.
package struct LikenessReport: Sendable {
  /// The model, as the user named it.
  package let model: String
  package let config: AlbertConfig
  /// What is known of every variant, the nearest first.
  private let ranked: [VariantLikeness]

  package init(model: String, config: AlbertConfig) {
    self.model = model
    self.config = config
    ranked = VariantLikeness.ranked(config)
  }

  private var nearest: [VariantLikeness] { VariantLikeness.nearest(of: ranked) }

  /// The result in words.
  package func lines(terminal: Terminal) -> [String] {
    let names = nearest.map(\.variant.name).joined(separator: " or ")
    guard let first = nearest.first else { return [] }
    let isSame = first.differences.isEmpty
    var lines = [terminal.styled(Terminal.shown(model), .bold)]
    lines += ConfigReport.lines(config).map { "  " + $0 }
    lines += ["", (isSame ? "  is " : "  nearest to ") + names]
    if isSame, nearest.count > 1 { lines.append("  nothing in a config tells these apart") }
    if let remark = first.variant.remark { lines.append("  \(remark)") }
    // Variants that are equally near differ from the model in the same keys, or there is a table of each.
    for likeness in distinct(nearest) where !likeness.differences.isEmpty {
      var table = TextTable(
        [.left, .right, .right], titles: ["key", "this", likeness.variant.name])
      for difference in likeness.differences {
        table.add([
          difference.key, Self.text(difference.mine), Self.text(difference.published),
        ])
      }
      let counts = [config, likeness.variant.config].map {
        Numbers.grouped(ParameterCount($0, .backbone).total)
      }
      table.add(["parameters"] + counts)
      lines += [""] + table.lines(terminal: terminal)
    }
    let others = ranked.dropFirst(nearest.count).prefix(3).map(\.variant.name)
    if !isSame { lines += ["", "  then \(others.joined(separator: ", "))"] }
    return lines
  }

  /// One of each that differ from the model alike.
  private func distinct(_ all: [VariantLikeness]) -> [VariantLikeness] {
    var result: [VariantLikeness] = []
    for likeness in all where !result.contains(where: { $0.differences == likeness.differences }) {
      result.append(likeness)
    }
    return result
  }

  static func text(_ value: JSONValue) -> String {
    value.integer.map { Numbers.grouped($0) } ?? value.string ?? value.text()
  }

  /// The member that `--json` has for it.
  package var json: JSONValue {
    [
      "model": .string(model),
      "config": ConfigReport.json(config),
      "parameters": VariantsReport.parameters(config),
      "nearest": .array(nearest.map(Self.json)),
      "others": .array(ranked.dropFirst(nearest.count).map(Self.json)),
    ]
  }

  static func json(_ likeness: VariantLikeness) -> JSONValue {
    [
      "name": .string(likeness.variant.name),
      "distance": .number(likeness.distance),
      "differences": .array(of: likeness.differences) {
        ["key": .string($0.key), "mine": $0.mine, "published": $0.published]
      },
    ]
  }
}

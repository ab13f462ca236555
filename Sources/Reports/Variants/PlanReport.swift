package import AlbertArchitecture
internal import AlbertComparison
package import AlbertJSON

/// What a variant that does not exist yet would have and cost, as text and as JSON.
package final class PlanReport: Sendable {
  /// The config that is counted.
  package let config: AlbertConfig
  /// The published variant from which it takes what was not stated.
  package let base: Variant
  /// What followed from what was stated, in sentences.
  package let derived: [String]

  package init(config: AlbertConfig, base: Variant, derived: [String]) {
    self.config = config
    self.base = base
    self.derived = derived
  }

  /// Parameters of one way to build the model.
  private struct Way {
    let key: String
    let title: String
    let parameters: Int
  }

  /// The backbone as it is and without what ALBERT saves.
  private var ways: [Way] {
    var wide = config
    wide.embeddingSize = config.hiddenSize
    wide.embeddingProjectionIsIdentity = true
    return [
      Way(
        key: "backbone", title: "this model",
        parameters: ParameterCount(config, .backbone).total),
      Way(
        key: "unfactorised_equivalent", title: "embeddings of full width",
        parameters: ParameterCount(wide, .backbone).total),
      Way(
        key: "unshared_equivalent", title: "each layer its own",
        parameters: ParameterCount.unsharedEquivalent(config)),
      Way(
        key: "bert_equivalent", title: "both: a BERT",
        parameters: ParameterCount.bertEquivalent(config)),
    ]
  }

  /// Powers of two up to the longest sequence, and that.
  private var lengths: [Int] {
    let longest = config.maxPositionEmbeddings
    let powers = (4..<24).map { 1 << $0 }.filter { $0 < longest }
    return Array((powers + [longest]).suffix(8))
  }

  /// The result in words, with charts.
  package func lines(terminal: Terminal) -> [String] {
    var lines = ["  as \(base.name), but for what is stated"]
    lines += ConfigReport.lines(config).map { "  " + $0 }
    lines += derived.flatMap { terminal.wrapped("  \($0)", indentation: 4) }
    lines += [""] + componentLines(terminal)
    lines += ["", "  parameters without sharing, or without factorization"] + wayLines(terminal)
    lines += ["", "  memory of the weights, with the heads of pre-training"]
    lines += memoryLines(terminal)
    lines += ["", "  a forward pass of one sequence"] + passLines(terminal)
    if let nearest = VariantLikeness.nearest(config).first {
      let keys = nearest.differences.map(\.key)
      lines += [""]
      lines += terminal.wrapped(
        "  nearest published: \(nearest.variant.name)"
          + (keys.isEmpty
            ? ", which it is" : ", which has another \(keys.joined(separator: ", "))"),
        indentation: 4)
    }
    return lines
  }

  private func componentLines(_ terminal: Terminal) -> [String] {
    let count = ParameterCount(config, .backbone)
    var table = TextTable([.left, .right, .bar])
    let rows = Component.allCases.compactMap { component in
      count.byComponent[component].map { (component.rawValue, $0) }
    }
    let most = rows.map(\.1).max() ?? 1
    for (name, parameters) in rows {
      table.add([name, Numbers.grouped(parameters), bar(parameters, of: most, terminal)])
    }
    table.add(["backbone", Numbers.grouped(count.total)])
    for (name, contents) in [("masked LM", ModelContents.maskedLM), ("pre-training", .preTraining)]
    {
      table.add([name, Numbers.grouped(ParameterCount(config, contents).total)])
    }
    return table.lines(terminal: terminal)
  }

  private func wayLines(_ terminal: Terminal) -> [String] {
    let ways = ways
    let own = ways.first?.parameters ?? 1
    let most = ways.map(\.parameters).max() ?? 1
    var table = TextTable([.left, .right, .right, .bar])
    for way in ways {
      let times = Numbers.fixed(Double(way.parameters) / Double(max(1, own)), 1) + "x"
      table.add([
        way.title, Numbers.short(way.parameters), times, bar(way.parameters, of: most, terminal),
      ])
    }
    return table.lines(terminal: terminal)
  }

  private func memoryLines(_ terminal: Terminal) -> [String] {
    let memory = MemoryCost(config, .preTraining)
    var table = TextTable([.left, .right, .bar])
    for (name, bytes) in [("F32", memory.f32), ("F16, BF16", memory.f16), ("I8", memory.i8)] {
      table.add([name, Numbers.bytes(bytes), bar(bytes, of: memory.f32, terminal)])
    }
    return table.lines(terminal: terminal)
  }

  private func passLines(_ terminal: Terminal) -> [String] {
    let rows = lengths.map { ($0, ForwardCost.flops(config, length: $0)) }
    let most = rows.map(\.1).max() ?? 1
    var table = TextTable(
      [.right, .right, .right, .bar], titles: ["tokens", "operations", "activations", ""])
    for (length, flops) in rows {
      table.add([
        Numbers.grouped(length), Numbers.short(flops) + "FLOP",
        Numbers.bytes(MemoryCost.activations(config, length: length)),
        bar(flops, of: most, terminal),
      ])
    }
    return table.lines(terminal: terminal)
  }

  private func bar(_ value: Int, of most: Int, _ terminal: Terminal) -> String {
    let length = Int((Double(value) / Double(max(1, most)) * 30).rounded())
    return terminal.styled(String(repeating: "█", count: max(1, length)), .cyan)
  }

  /// The member that `--json` has for it.
  package var json: JSONValue {
    let count = ParameterCount(config, .backbone)
    return [
      "base": .string(base.name),
      "config": ConfigReport.json(config),
      "derived": .array(derived.map { .string($0) }),
      "parameters": VariantsReport.parameters(config),
      "by_component": ConfigReport.json(count.byComponent),
      "saved": .object(
        ways.dropFirst().map { JSONMember($0.key, .count($0.parameters - count.total)) }),
      "memory_bytes": ConfigReport.json(MemoryCost(config, .preTraining)),
      "flops": .array(of: lengths) {
        [
          "sequence_length": .count($0),
          "forward": .count(ForwardCost.flops(config, length: $0)),
          "activation_bytes": .count(MemoryCost.activations(config, length: $0)),
        ]
      },
      "nearest": .array(VariantLikeness.nearest(config).map(LikenessReport.json)),
    ]
  }
}

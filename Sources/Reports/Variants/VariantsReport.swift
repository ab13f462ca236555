package import AlbertArchitecture
package import AlbertJSON

/// The published variants and their counts, as text and as JSON.
package struct VariantsReport: Sendable {
  /// The variants, in order of publication.
  package let variants: [Variant]

  package init(_ variants: [Variant]) {
    self.variants = variants
  }

  /// A table, or the details of a single variant.
  package func lines(terminal: Terminal) -> [String] {
    if variants.count == 1, let variant = variants.first { return details(variant, terminal) }
    var table = TextTable(
      [.left, .right, .right, .right, .right, .right],
      titles: ["variant", "backbone", "masked LM", "pre-train.", "unshared", "as BERT"])
    // Where the terminal is too narrow for every digit, it is still wide enough for most.
    let count = (terminal.limit ?? 80) < 78 ? Numbers.short : Numbers.grouped
    for variant in variants {
      let config = variant.config
      table.add([
        variant.name, count(ParameterCount(config, .backbone).total),
        count(ParameterCount(config, .maskedLM).total),
        count(ParameterCount(config, .preTraining).total),
        Numbers.short(ParameterCount.unsharedEquivalent(config)),
        Numbers.short(ParameterCount.bertEquivalent(config)),
      ])
    }
    let notes = [
      "Unshared: each layer with weights of its own. As BERT: no factorization either.",
      "The paper prints 12 M, 18 M, 60 M and 235 M, the last not what its sizes give.",
    ]
    return table.lines(indentation: 0, terminal: terminal) + [""]
      + notes.flatMap { terminal.wrapped($0, indentation: 0) }
  }

  private func details(_ variant: Variant, _ terminal: Terminal) -> [String] {
    let config = variant.config
    var table = TextTable([.left, .right])
    let contents: [(String, ModelContents)] = [
      ("backbone without pooler", .backboneWithoutPooler), ("backbone", .backbone),
      ("masked LM", .maskedLM), ("pre-training", .preTraining),
    ]
    for (name, contents) in contents {
      table.add([name, Numbers.grouped(ParameterCount(config, contents).total)])
    }
    table.add(["unshared", Numbers.grouped(ParameterCount.unsharedEquivalent(config))])
    table.add(["as BERT", Numbers.grouped(ParameterCount.bertEquivalent(config))])
    if let paper = variant.paperParameters {
      table.add(["the paper's figure", Numbers.grouped(paper)])
    }
    var lines = [terminal.styled(variant.name, .bold) + "  \(variant.publisher)"]
    lines += ConfigReport.lines(config).map { "  " + $0 } + [""] + table.lines(terminal: terminal)
    if let remark = variant.remark { lines += ["", "  \(remark)"] }
    return lines
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "variants": .array(of: variants) { variant in
        let config = variant.config
        return [
          "name": .string(variant.name),
          "publisher": .string(variant.publisher),
          "config": ConfigReport.json(config),
          "parameters": Self.parameters(config),
          "paper_parameters": .count(variant.paperParameters),
          "trained_with": .string(variant.trainedWith.rawValue),
          "remark": .optional(variant.remark),
        ]
      }
    ])
  }

  static func parameters(_ config: AlbertConfig) -> JSONValue {
    [
      "backbone": .count(ParameterCount(config, .backbone).total),
      "backbone_without_pooler": .count(ParameterCount(config, .backboneWithoutPooler).total),
      "masked_lm": .count(ParameterCount(config, .maskedLM).total),
      "pretraining": .count(ParameterCount(config, .preTraining).total),
      "unshared_equivalent": .count(ParameterCount.unsharedEquivalent(config)),
      "bert_equivalent": .count(ParameterCount.bertEquivalent(config)),
    ]
  }
}

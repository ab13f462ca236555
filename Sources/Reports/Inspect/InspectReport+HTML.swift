internal import AlbertArchitecture
internal import AlbertReading
internal import AlbertTensors

extension InspectReport {
  /// The page that `--html` writes; `tool` made it, of `files`.
  package func html(tool: String, files: [FileFacts]) -> String {
    let names = variants.map(\.name).joined(separator: " or ")
    var page = HTMLPage(
      title: path.split(separator: "/").last.map(String.init) ?? path,
      subtitle: [names, "\(title) (\(format))"].filter { !$0.isEmpty }.joined(separator: " · "),
      tool: tool)
    if !findings.isEmpty { page.add("Findings", HTMLPage.findings(findings)) }
    page.add("Parameters", parametersMarkup)
    if let fold { page.add("Graph", GraphPicture(fold).markup) }
    if let config {
      page.add("What factorization and sharing saved", savingMarkup(config))
      page.add("Which layers use which weights", LayerSharing(config: config).markup)
      page.add("Config", configMarkup(config))
    }
    if let rows = statistics?.wordRows, !rows.norms.isEmpty {
      page.add("Norms of the word embeddings' rows", normsMarkup(rows))
    }
    if !assignments.isEmpty { page.add("Tensors", tensorsMarkup) }
    if !files.isEmpty { page.add("Files", FileFacts.table(files)) }
    return page.text
  }

  private var parametersMarkup: String {
    let components = Component.allCases.compactMap { component in
      count.byComponent[component].map {
        (label: component.rawValue, value: Double($0), text: Numbers.grouped($0))
      }
    }
    var big = [(label: "parameters", value: Numbers.grouped(count.unique))]
    if count.stored > count.unique { big.append(("stored", Numbers.grouped(count.stored))) }
    if count.optimizer > 0 { big.append(("training state", Numbers.grouped(count.optimizer))) }
    if count.surrounding > 0 { big.append(("around it", Numbers.grouped(count.surrounding))) }
    return HTMLPage.big(big) + HTMLPage.bars(components)
  }

  private func savingMarkup(_ config: AlbertConfig) -> String {
    let own = ParameterCount(config, .backbone).total
    let unshared = ParameterCount.unsharedEquivalent(config)
    let bert = ParameterCount.bertEquivalent(config)
    let bars = HTMLPage.bars([
      ("this backbone", Double(own), Numbers.short(own)),
      ("each layer its own", Double(unshared), Numbers.short(unshared)),
      ("a BERT of this width", Double(bert), Numbers.short(bert)),
    ])
    let sentence =
      "\(ConfigReport.sharing(config)): "
      + "\(Numbers.fixed(Double(bert) / Double(own), 1)) times fewer parameters than a BERT."
    let flops = ForwardCost.flops(config, length: sequenceLength)
    return bars + "<p>\(sentence)</p><p class=\"dim\">A forward pass of \(sequenceLength) tokens "
      + "still costs \(Numbers.short(flops))FLOP: sharing saves memory, not work.</p>"
  }

  private func configMarkup(_ config: AlbertConfig) -> String {
    let rows = ConfigReport.rows(config).map { ($0.key, HTMLPage.escape($0.value)) }
    return HTMLPage.keys(rows) + "<p>\(ConfigReport.words(MemoryCost(config, contents)))</p>"
  }

  private func normsMarkup(_ rows: RowStatistics) -> String {
    let intervals = 60
    let low = rows.norms.min() ?? 0
    let high = rows.norms.max() ?? 0
    guard low.isFinite, high.isFinite, low < high else { return "<p>All norms are equal.</p>" }
    var shares = [Double](repeating: 0, count: intervals)
    for norm in rows.norms where norm.isFinite {
      let index = Int((norm - low) / (high - low) * Double(intervals))
      shares[min(intervals - 1, index)] += 1 / Double(rows.norms.count)
    }
    let picture = HTMLPage.histogram(
      shares, width: 600, height: 120, isWide: true, label: "distribution of the rows' norms")
    return picture + "<p class=\"dim\">\(Numbers.grouped(rows.norms.count)) rows, norms from "
      + "\(Numbers.compact(low)) to \(Numbers.compact(high)); "
      + "\(Numbers.grouped(rows.duplicates)) rows repeat another.</p>"
  }

  private var tensorsMarkup: String {
    let measured = statistics != nil
    let rows = assignments.map { assignment -> [HTMLPage.Cell] in
      let tensor = assignment.tensor
      let purpose = purpose(assignment)
      var name = HTMLPage.code(tensor.name)
      if purpose != tensor.name {
        name += "<br><span class=\"dim\">\(HTMLPage.escape(purpose))</span>"
      }
      let cells = [
        HTMLPage.Cell(name), HTMLPage.Cell(HTMLPage.escape(tensor.shape.description)),
        HTMLPage.Cell(tensor.type.name),
        HTMLPage.Cell(Numbers.bytes(tensor.byteCount), Double(tensor.byteCount)),
      ]
      return cells + (measured ? Self.statisticsCells(statistics(of: assignment)) : [])
    }
    return HTMLPage.sortable(
      label: "tensors",
      head: ["tensor", "shape", "type", "size"]
        + (measured ? ["distribution", "norm", "min", "max", "mean", "std"] : []),
      rows: rows)
  }

  private static func statisticsCells(_ statistics: TensorStatistics?) -> [HTMLPage.Cell] {
    guard let statistics else {
      return [HTMLPage.Cell("")] + Array(repeating: HTMLPage.Cell("", nil), count: 5)
    }
    let histogram = Histogram(statistics, intervals: 40)
    let picture = HTMLPage.histogram(
      histogram.shares, width: 120, height: 28,
      label: "from \(Numbers.compact(histogram.range.lowerBound)) "
        + "to \(Numbers.compact(histogram.range.upperBound))")
    let (mean, deviation) = (statistics.mean, statistics.standardDeviation)
    let norm = (Double(statistics.finite) * (mean * mean + deviation * deviation)).squareRoot()
    return [HTMLPage.Cell(picture)]
      + [norm, statistics.min, statistics.max, mean, deviation].map {
        HTMLPage.Cell(Numbers.compact($0), $0)
      }
  }
}

internal import AlbertArchitecture
internal import AlbertReading
internal import AlbertTensors

extension InspectReport {
  /// The result in words, within 80 columns but for names that are longer.
  package func lines(showsTensors: Bool, terminal: Terminal) -> [String] {
    var lines = [terminal.styled(Terminal.shown(path), .bold), "  \(title) (\(format))"]
    if !prefix.isEmpty { lines.append("  under '\(Terminal.shown(prefix))' inside a larger model") }
    if !variants.isEmpty {
      lines.append("  " + variants.map(\.name).joined(separator: " or "))
    }
    if let config {
      lines += ConfigReport.lines(config).map { "  " + $0 }
      let parts =
        (contents.pooler ? ["pooler"] : []) + contents.heads
        + (contents.untiedDecoder ? ["a decoder of its own"] : [])
      if !parts.isEmpty { lines.append("  with \(parts.joined(separator: ", "))") }
    }
    lines += [""] + parameterLines(terminal: terminal)
    if let config { lines += [""] + savingLines(config, terminal) }
    if showsTensors { lines += [""] + tensorLines(terminal: terminal) }
    if statistics != nil { lines += [""] + statisticsLines(terminal: terminal) }
    if !findings.isEmpty {
      lines += [""] + FindingReport.lines(findings, terminal: terminal)
    }
    return lines
  }

  private func parameterLines(terminal: Terminal) -> [String] {
    var table = TextTable([.left, .right, .bar])
    let most = max(1, count.byComponent.values.max() ?? 1)
    for component in Component.allCases {
      guard let parameters = count.byComponent[component] else { continue }
      let bar = String(repeating: "█", count: max(1, parameters * 30 / most))
      table.add([
        component.rawValue, Numbers.grouped(parameters), terminal.styled(bar, .cyan),
      ])
    }
    let isUnused = decoder.map { $0.differs && !$0.isUsed } ?? false
    let repeats =
      count.stored > count.unique
      ? "stored \(Numbers.grouped(count.stored)), "
        + (isUnused ? "with a decoder that is not used" : "tied ones repeated") : ""
    var notes = [(what: "total", count: count.unique, note: repeats)]
    if count.optimizer > 0 {
      notes.append(("training state", count.optimizer, "not counted above"))
    }
    if count.surrounding > 0 {
      notes.append(("around it", count.surrounding, "in the larger model"))
    }
    for row in notes { table.add([row.what, Numbers.grouped(row.count), row.note]) }
    let lines = table.lines(terminal: terminal)
    // Without bars what stands in their column is said beneath.
    let isShown = lines.contains { $0.contains("█") }
    return lines
      + (isShown ? [] : notes.filter { !$0.note.isEmpty }.map { "  \($0.what): \($0.note)" })
  }

  private func savingLines(_ config: AlbertConfig, _ terminal: Terminal) -> [String] {
    let own = Numbers.short(ParameterCount(config, .backbone).total)
    let unshared = Numbers.short(ParameterCount.unsharedEquivalent(config))
    let bert = Numbers.short(ParameterCount.bertEquivalent(config))
    let flops = ForwardCost.flops(config, length: sequenceLength)
    let activations = MemoryCost.activations(config, length: sequenceLength)
    var table = TextTable([.left, .text])
    table.add(["sharing", "\(ConfigReport.sharing(config)): \(own) instead of \(unshared)"])
    table.add(["BERT", "of the same width, without factorization: \(bert)"])
    table.add(["memory", ConfigReport.words(MemoryCost(config, contents))])
    table.add([
      "forward",
      "\(Numbers.short(flops))FLOP, \(Numbers.bytes(activations)) of activations "
        + "for \(sequenceLength) tokens",
    ])
    return table.lines(terminal: terminal)
  }

  /// One row per tensor, its parameter beneath where the names differ.
  private func tensorLines(terminal: Terminal) -> [String] {
    var table = TextTable(
      [.left, .left, .right, .name], titles: ["type", "shape", "bytes", "tensor"])
    for assignment in assignments {
      let tensor = assignment.tensor
      table.add([
        tensor.type.name, tensor.shape.description, Numbers.grouped(tensor.byteCount),
        Terminal.shown(tensor.name),
      ])
      let purpose = purpose(assignment)
      if purpose != tensor.name { table.add(["", "", "", terminal.styled("  \(purpose)", .dim)]) }
    }
    return table.lines(indentation: 0, terminal: terminal)
  }

  private func statisticsLines(terminal: Terminal) -> [String] {
    var table = TextTable(
      [.right, .right, .right, .right, .bar, .name],
      titles: ["min", "max", "mean", "std", "distribution", "tensor"])
    for assignment in assignments {
      guard let statistics = statistics(of: assignment) else { continue }
      table.add([
        Numbers.compact(statistics.min), Numbers.compact(statistics.max),
        Numbers.compact(statistics.mean), Numbers.compact(statistics.standardDeviation),
        Histogram(statistics, intervals: 10).sparkline,
        Self.short(parameter(of: assignment)?.name ?? Terminal.shown(assignment.tensor.name)),
      ])
    }
    return table.lines(indentation: 0, gap: 1, terminal: terminal)
  }

  /// A parameter's name with the words that every block repeats cut down: `0.0.attention.query…`.
  static func short(_ name: String) -> String {
    let rest = name.hasPrefix("albert.") ? name.dropFirst("albert.".count) : Substring(name)
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 5, parts[1] == "albert_layer_groups", parts[3] == "albert_layers" else {
      // The module's name adds nothing where the parameter's own says it.
      let isClear = parts.count > 1 && parts[1].contains("embedding")
      return parts.dropFirst(isClear ? 1 : 0).joined(separator: ".")
    }
    return "\(parts[2]).\(parts[4])." + parts[5...].joined(separator: ".")
  }

  /// What a tensor is there for, in words or as its parameter's name.
  func purpose(_ assignment: TensorAssignment) -> String {
    switch assignment.purpose {
    case .parameter(let parameter, let layout):
      parameter.name + (layout == .canonical ? "" : " (\(layout.rawValue))")
    case .copy: "repeats \(self.parameter(of: assignment)?.name ?? "")"
    case .buffer(let what): "no parameter: \(what)"
    case .training: "training state"
    case .surrounding: "of the larger model"
    case .unexpected: "unexpected"
    }
  }
}

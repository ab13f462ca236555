public import Albert
public import Conversion
internal import Tensors

/// What `albert inspect` found out about a source.
public struct InspectReport: Sendable {
  /// The source.
  public let inspection: Inspection
  /// Its parameters.
  public let count: StoredCount
  /// The published variants whose sizes and activation it has.
  public let variants: [Variant]
  /// The sequence length for which operations are counted.
  public let sequenceLength: Int
  /// Whether the table of tensors is wanted.
  public let showsTensors: Bool

  /// Measures an inspected source.
  public init(_ inspection: Inspection, showsTensors: Bool = false) {
    self.inspection = inspection
    self.showsTensors = showsTensors
    count = StoredCount(inspection)
    variants = inspection.config.map(Variant.matching) ?? []
    sequenceLength = min(128, inspection.config?.maxPositionEmbeddings ?? 128)
  }

  /// The variant, where exactly one fits.
  public var variant: Variant? { variants.count == 1 ? variants.first : nil }

  /// The result in words.
  public func lines(terminal: Terminal) -> [String] {
    var lines = [terminal.styled(inspection.path.string, .bold)]
    lines.append("  \(inspection.candidate.upstream.title) (\(inspection.format))")
    if !inspection.prefix.isEmpty { lines.append("  under '\(inspection.prefix)'") }
    if !variants.isEmpty {
      lines.append("  " + variants.map(\.name).joined(separator: " or "))
    }
    if let config = inspection.config {
      lines += ConfigReport.lines(config).map { "  " + $0 }
      let heads = (inspection.contents.pooler ? ["pooler"] : []) + inspection.contents.heads
      if !heads.isEmpty { lines.append("  with \(heads.joined(separator: ", "))") }
    }
    lines += [""] + parameterLines(terminal: terminal)
    if let config = inspection.config { lines += [""] + savingLines(config, terminal: terminal) }
    if showsTensors { lines += [""] + tensorLines(terminal: terminal) }
    if !inspection.findings.isEmpty {
      lines += [""] + FindingReport.lines(inspection.findings, terminal: terminal)
    }
    return lines
  }

  private func parameterLines(terminal: Terminal) -> [String] {
    var table = TextTable([.left, .right, .left])
    let most = max(1, count.byComponent.values.max() ?? 1)
    for component in Component.allCases {
      guard let parameters = count.byComponent[component] else { continue }
      let bar = String(repeating: "█", count: max(1, parameters * 30 / most))
      table.add([
        component.rawValue, Numbers.grouped(parameters), terminal.styled(bar, .cyan),
      ])
    }
    table.add([
      "total", Numbers.grouped(count.unique), count.stored == count.unique ? "" : storedNote,
    ])
    if count.optimizer > 0 {
      table.add(["training state", Numbers.grouped(count.optimizer), "not counted above"])
    }
    if count.surrounding > 0 {
      table.add(["around it", Numbers.grouped(count.surrounding), "in the larger model"])
    }
    return table.lines()
  }

  private var storedNote: String { "stored \(Numbers.grouped(count.stored)), tied ones repeated" }

  private func savingLines(_ config: AlbertConfig, terminal: Terminal) -> [String] {
    let own = Numbers.short(ParameterCount(config, .backbone).total)
    let unshared = Numbers.short(ParameterCount.unsharedEquivalent(config))
    let bert = Numbers.short(ParameterCount.bertEquivalent(config))
    let sets = config.numHiddenGroups * config.innerGroupNum
    let memory = MemoryCost(config, inspection.contents)
    let flops = ForwardCost.flops(config, length: sequenceLength)
    var table = TextTable([.left, .left])
    table.add([
      "sharing",
      "\(config.numHiddenLayers) layers use \(sets) set\(sets == 1 ? "" : "s") of weights: "
        + "\(own) instead of \(unshared)",
    ])
    table.add(["BERT", "of the same width, without factorization: \(bert)"])
    table.add([
      "memory",
      "\(Numbers.bytes(memory.f32)) in F32, \(Numbers.bytes(memory.f16)) in F16, "
        + "\(Numbers.bytes(memory.i8)) in I8",
    ])
    table.add([
      "forward",
      "\(Numbers.short(flops))FLOP and "
        + "\(Numbers.bytes(MemoryCost.activations(config, length: sequenceLength))) of activations"
        + " for \(sequenceLength) tokens",
    ])
    return table.lines()
  }

  private func tensorLines(terminal: Terminal) -> [String] {
    var table = TextTable(
      [.left, .left, .left, .right], titles: ["tensor", "shape", "type", "bytes"])
    for assignment in inspection.assignments {
      let tensor = assignment.tensor
      table.add([
        tensor.name, tensor.shape.description, tensor.type.name,
        Numbers.grouped(tensor.byteCount),
      ])
    }
    return table.lines(terminal: terminal)
  }
}

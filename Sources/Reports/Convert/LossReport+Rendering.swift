internal import AlbertExporters
internal import AlbertJSON

extension LossReport {
  /// The tensors that lost most, and every stage of the forward pass, as tables.
  func lines(terminal: Terminal) -> [String] {
    var lines: [String] = []
    if !tensors.isEmpty {
      let shown = tensors.sorted { $0.relL2 > $1.relL2 }.prefix(Self.maxShown)
      let more = tensors.count - shown.count
      var table = TextTable(
        [.right, .right, .right, .name], titles: ["max abs", "rel L2", "SNR dB", "lost most"])
      for tensor in shown {
        table.add([
          Numbers.scientific(tensor.maxAbs), Numbers.scientific(tensor.relL2),
          Numbers.fixed(tensor.decibels, 1), Columns.end(of: tensor.name, Self.widestName),
        ])
      }
      lines += [""] + table.lines(terminal: terminal)
      if more > 0 { lines.append("  and \(more) more, each with less: see --json") }
    }
    if !stages.isEmpty {
      var table = TextTable([.right, .right, .name], titles: ["max abs", "rel L2", "stage"])
      for stage in stages {
        table.add([
          Numbers.scientific(stage.maxAbs), Numbers.scientific(stage.relL2), stage.name,
        ])
      }
      lines += [""] + table.lines(terminal: terminal)
    }
    return lines
  }

  /// Tensors in the text; all are in the document.
  private static let maxShown = 8
  /// Columns of a name, so that a line has 80.
  private static let widestName = 50

  /// The report as a member of the document.
  var json: JSONValue {
    [
      "max_abs": .finite(maxAbs),
      "tensors": .array(of: tensors) {
        [
          "parameter": .string($0.name), "max_abs": .finite($0.maxAbs),
          "rel_l2": .finite($0.relL2), "snr_db": .finite($0.decibels),
        ]
      },
      "stages": .array(of: stages) {
        ["name": .string($0.name), "max_abs": .finite($0.maxAbs), "rel_l2": .finite($0.relL2)]
      },
    ]
  }
}

internal import AlbertBytes
package import AlbertArchitecture
internal import AlbertTensors

extension SourceStatistics {
  /// What the numbers themselves make doubtful.
  package func findings(_ inspection: Inspection) -> [Finding] {
    var findings: [Finding] = []
    for assignment in inspection.assignments {
      guard case .parameter(let parameter, _) = assignment.purpose,
        let statistics = byTensor[assignment.tensor.name]
      else { continue }
      let name = assignment.tensor.name
      if statistics.nan + statistics.infinite > 0 {
        findings.add(
          .warning, code: "non-finite",
          "'\(name)' holds \(statistics.nan) NaN and \(statistics.infinite) infinite numbers",
          remedy: "train or export the model again; no forward pass gives numbers with it",
          tensor: name)
      }
      findings += constants(parameter, name, statistics)
    }
    if let rows = wordRows, rows.duplicates > 0 {
      findings.add(
        .note, code: "duplicate-rows",
        "\(rows.duplicates) rows of the word embeddings repeat an earlier row"
          + (rows.zeroRows > 0 ? " (\(rows.zeroRows) are all zero)" : ""),
        remedy: "expect these tokens to be indistinguishable")
    }
    return findings.sorted { $0.severity < $1.severity }
  }

  /// Tensors whose numbers are all alike, which training does not leave.
  private func constants(_ parameter: Parameter, _ name: String, _ statistics: TensorStatistics)
    -> [Finding]
  {
    guard statistics.isConstant, statistics.count > 1 else { return [] }
    let isLayerNorm = name.contains("LayerNorm") || parameter.role.rawValue.contains("LayerNorm")
    if isLayerNorm && (statistics.max == 0 || statistics.max == 1) {
      return [
        Finding(
          .note, code: "initial-layer-norm",
          "'\(name)' is \(statistics.max == 1 ? "all ones" : "all zeros"), as before any training",
          tensor: name)
      ]
    }
    if statistics.max == 0 { return [.allZero(name)] }
    return [
      Finding(
        .warning, code: "constant", "'\(name)' holds the same number \(statistics.max) throughout",
        remedy: "check that it was loaded before it was saved", tensor: name)
    ]
  }
}

extension Finding {
  /// A tensor that no training leaves so.
  package static func allZero(_ tensor: String) -> Finding {
    Finding(
      .warning, code: "all-zero", "'\(tensor)' holds nothing but zeros",
      remedy: "check that the file is whole, and that it was loaded before it was saved",
      tensor: tensor)
  }
}

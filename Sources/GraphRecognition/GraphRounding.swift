internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors

/// Where a graph itself rounds activations to integers while it runs, so that it computes something
/// else than the float weights that are read from it.
struct GraphRounding {
  private var counts: [Kind: [String: Int]] = [:]
  /// Scales by which it rounds that are no finite numbers.
  private var endless: [String] = []

  /// How a graph comes by the scale of what it rounds.
  private enum Kind: String, CaseIterable {
    case dynamic = "with scales that are measured in each run"
    case fixed = "with scales that were fixed when it was quantised"
  }

  init(_ view: GraphView) {
    for node in view.graph.nodes {
      guard let kind = Self.kind(of: node, view) else { continue }
      counts[kind, default: [:]][node.operation, default: 0] += 1
      if node.operation == "QuantizeLinear", let scale = node.input(1),
        view.constant(scale)?.values?.contains(where: { !$0.isFinite }) == true
      {
        endless.append(view.root(scale))
      }
    }
  }

  private static func kind(of node: OperatorNode, _ view: GraphView) -> Kind? {
    switch node.operation {
    case "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "HybridFullyConnected":
      return .dynamic
    // The runtime may round what goes in to 8 bits, and does.
    case "MatMulNBits": return node.integer("accuracy_level") == 4 ? .dynamic : nil
    case "QuantizeLinear":
      let isWeight = node.input(0).map { view.constant($0) != nil } ?? true
      return isWeight ? nil : .fixed
    case "QGemm", "QAttention", "QEmbedLayerNormalization": return .fixed
    default: return node.operation.hasPrefix("QLinear") ? .fixed : nil
    }
  }

  /// The warning, empty where the graph computes with the numbers that are read.
  var findings: [Finding] {
    var findings = rounding
    if !endless.isEmpty {
      findings.add(
        .warning, code: "scale-not-finite",
        "the graph rounds by scales that are no finite numbers (\(endless.firstFew)), which leaves nothing "
          + "of what it rounds: what a mask of -inf makes of a static quantiser's measurement",
        remedy:
          "export the model with attn_implementation=\"eager\", whose mask is finite, and quantise that"
      )
    }
    return findings
  }

  private var rounding: [Finding] {
    Kind.allCases.compactMap { kind in
      guard let operators = counts[kind] else { return nil }
      let list = operators.ordered(by: \.key).map { "\($0.value) \($0.key)" }
      return Finding(
        .warning, code: "activations-quantized",
        "the graph rounds activations to integers, \(kind.rawValue) (\(list.joined(separator: ", "))): "
          + "it computes something else than its weights, which are what is read here",
        remedy:
          "expect other outputs from a runtime; for its exact weights, convert the model that it was "
          + "quantised from")
    }
  }
}

internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// PaddleNLP's classes (paddlenlp/transformers/albert/modeling.py): Hugging Face's names with
/// `transformer` for the part without heads and, in its own files, `layer_norm`; kernels are [in, out].
enum PaddleNLP: Upstream {
  static let name = "paddlenlp"
  static let title = "PaddleNLP's classes"
  static let gelu: Activation? = .geluErf
  static let backbonePrefix: String? = "transformer"

  /// The masked-LM head's LayerNorm is made with its class's own.
  static let mlmLayerNormEps: Double? = 1e-5

  static let tables = ["layer_norm", "LayerNorm"].flatMap { layerNorm in
    [
      table(layerNorm, decoder: .canonical), table(layerNorm, decoder: .transposed),
      table(layerNorm, decoder: .canonical).part(under: "transformer."),
      table(layerNorm, decoder: .canonical, model: "albert."),
    ]
  }

  /// The decoder is a linear layer like the others in old versions, later one of its own kind, [out,
  /// in].
  private static func table(
    _ layerNorm: String, decoder: Layout, model: String = "transformer."
  ) -> NameTable {
    NameTable(
      rows: HuggingFace.withHeads.rows.map { row in
        let start = "albert."
        let name =
          row.template.hasPrefix(start)
          ? model + row.template.dropFirst(start.count) : row.template
        let layout =
          switch row.target {
          case .parameter(let role) where role.isLinearWeight: Layout.transposed
          case .copy(of: .mlmDecoderWeight, _): decoder
          default: row.layout
          }
        return NameTable.Row(
          row.target, name.exchanging(".LayerNorm.", for: ".\(layerNorm)."), layout)
      }, training: PyTorchTraining.names)
  }
}

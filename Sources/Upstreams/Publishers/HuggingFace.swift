internal import AlbertArchitecture

/// Hugging Face's PyTorch classes (transformers, modeling_albert.py), whose names are the canonical
/// ones.
enum HuggingFace: Upstream {
  static let name = "huggingface"
  static let title = "Hugging Face's PyTorch classes"
  static let gelu: Activation? = .geluErf
  static let dialect: (any ConfigDialect.Type)? = HuggingFaceConfig.self
  static let tables = [withHeads, bare, oldNames(withHeads), oldNames(bare)]
  static let backbonePrefix: String? = "albert"

  /// Files of the classes with heads: the backbone under `albert.`.
  static let withHeads = NameTable(
    rows: ParameterRole.allCases.filter { $0 != .mlmDecoderWeight && $0 != .mlmBias }.map {
      NameTable.Row($0, $0.nameTemplate)
    } + [
      // The code computes with the decoder's bias; the head's own is its tied twin.
      .init(.mlmBias, "predictions.decoder.bias"),
      .init(.copy(of: .mlmBias, yields: true), "predictions.bias"),
      .init(.copy(of: .mlmDecoderWeight, yields: true), "predictions.decoder.weight"),
      .init(.buffer("the positions 0, 1, 2, …"), "albert.embeddings.position_ids"),
      .init(.buffer("segment zeros"), "albert.embeddings.token_type_ids"),
    ], training: PyTorchTraining.names)

  /// Files of `AlbertModel` alone: no prefix.
  static let bare = withHeads.part(under: "albert.")

  /// The spelling of LayerNorm's two parameters that came over from TensorFlow.
  private static func oldNames(_ table: NameTable) -> NameTable {
    NameTable(
      rows: table.rows.map { row in
        switch row.target {
        case .parameter(let role) where role.isLayerNormWeight: row.renamed("weight", "gamma")
        case .parameter(let role) where role.isLayerNormBias: row.renamed("bias", "beta")
        default: row
        }
      }, training: table.training)
  }
}

extension NameTable.Row {
  /// The same row with another last component.
  fileprivate func renamed(_ old: String, _ new: String) -> NameTable.Row {
    template.hasSuffix(old) ? named(template.dropLast(old.count) + new) : self
  }
}

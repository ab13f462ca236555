internal import Albert

/// Hugging Face's PyTorch classes (transformers, modeling_albert.py), whose names are the canonical ones.
enum HuggingFace: Upstream {
  static let name = "huggingface"
  static let title = "Hugging Face's PyTorch classes"
  static let tables = [withHeads, bare]

  /// Files of the classes with heads: the backbone under `albert.`.
  static let withHeads = NameTable(
    rows: ParameterRole.allCases.filter { $0 != .mlmDecoderWeight }.map {
      NameTable.Row($0, $0.nameTemplate)
    } + [
      // The code computes with the decoder's own bias; the head's is its tied twin.
      .init(.copy(of: .mlmDecoderWeight, yields: true), "predictions.decoder.weight"),
      .init(.copy(of: .mlmBias, yields: false), "predictions.decoder.bias"),
      .init(.buffer("the positions 0, 1, 2, …"), "albert.embeddings.position_ids"),
      .init(.buffer("segment zeros"), "albert.embeddings.token_type_ids"),
    ], trainingPrefixes: ["optimizer.", "lr_scheduler.", "scheduler."])

  /// Files of `AlbertModel` alone: no prefix.
  static let bare = NameTable(
    rows: withHeads.rows.compactMap { row in
      let prefix = "albert."
      guard row.template.hasPrefix(prefix) else { return nil }
      return NameTable.Row(row.target, String(row.template.dropFirst(prefix.count)), row.layout)
    }, trainingPrefixes: withHeads.trainingPrefixes)
}

/// This project's own native file: the canonical names, never anything else.
enum Native: Upstream {
  static let name = "native"
  static let title = "a native file"
  static let tables = [
    NameTable(rows: ParameterRole.allCases.map { NameTable.Row($0, $0.nameTemplate) })
  ]
}

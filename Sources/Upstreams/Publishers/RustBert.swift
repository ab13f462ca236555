internal import AlbertArchitecture
internal import AlbertBytes

/// rust-bert's `rust_model.ot`: Hugging Face's names with `|` for each dot, since libtorch's archives
/// of tensors allow no dot in a name (tch-rs, nn/var_store.rs).
enum RustBert: Upstream {
  static let name = "rust-bert"
  static let title = "rust-bert's files"
  static let gelu: Activation? = .geluErf
  static let dialect: (any ConfigDialect.Type)? = HuggingFaceConfig.self
  static let backbonePrefix: String? = "albert"

  /// Its decoder is a layer of its own (models/albert/albert_model.rs).
  static let decodesWithStored = true

  static let tables = HuggingFace.tables.map { table in
    NameTable(
      rows: table.rows.map { $0.named($0.template.exchanging(".", for: "|")) },
      training: table.training)
  }
}

internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

extension HuggingFaceTF {
  /// Keras 2.12's and later `.weights.h5` and `.keras` files: layers by their classes, numbered where a container
  /// holds several of one class, and variables by their place in the layer.
  ///
  /// What a model's `layers` reach is under their classes, what only an attribute reaches under its name;
  /// the masked-LM head reaches the embeddings before the model itself does. Keras 2.12 itself goes by the
  /// alphabet: what is called like a word before `layers` is under its own name.
  static let weights: [NameTable] = [
    weights(embeddings: "predictions/decoder/"), whole, whole.part(under: mainLayer),
    inUsersModel, byAlphabet,
  ]

  private static let mainLayer = "layers/tf_albert_main_layer/"
  private static let whole = weights(embeddings: mainLayer + "embeddings/")

  /// The main layer among layers of a user's own, of which the first dense one is named as the classifier.
  private static let inUsersModel = NameTable(
    rows: whole.rows.filter { $0.template.hasPrefix(mainLayer) }, training: training,
    territory: [mainLayer])

  /// The head for answers comes behind `layers`, where any dense layer of a user's own has its name.
  private static let byAlphabet = NameTable(
    rows: whole.rows.filter { !$0.template.hasPrefix("qa_outputs/") }.map { row in
      let ways = [
        (mainLayer, "albert/"), ("predictions/", "layers/tf_albert_mlm_head/"),
        ("sop_classifier/", "layers/tf_albert_sop_head/"), ("layers/dense/", "classifier/"),
      ]
      guard let (later, own) = ways.first(where: { row.template.hasPrefix($0.0) }) else {
        return row
      }
      return row.named(own + row.template.dropFirst(later.count))
    }, training: training, foreignGroups: usersLayers)

  /// Inputs are layers in functional models alone, and no class here has two dense layers.
  private static let usersLayers = ["layers/input_layer", "layers/dense_1"]

  private static func weights(embeddings: String) -> NameTable {
    let rows = names.compactMap { row -> NameTable.Row? in
      let role: ParameterRole
      switch row.target {
      case .parameter(let target), .copy(of: let target, _): role = target
      case .buffer: return nil
      }
      return place(role, row, embeddings: embeddings).map { row.named($0) }
    }
    return NameTable(rows: rows, training: training, foreignGroups: usersLayers)
  }

  /// Where the file has what `row` names.
  private static func place(
    _ role: ParameterRole, _ row: NameTable.Row, embeddings: String
  ) -> String? {
    switch role {
    case .wordEmbeddings: return embeddings + "vars/0"
    case .tokenTypeEmbeddings: return embeddings + "vars/1"
    case .positionEmbeddings: return embeddings + "vars/2"
    case .embeddingLayerNormWeight: return embeddings + "LayerNorm/vars/0"
    case .embeddingLayerNormBias: return embeddings + "LayerNorm/vars/1"
    // The head's own bias comes before the decoder's.
    case .mlmBias: return "predictions/vars/" + (row.target == .parameter(role) ? "1" : "0")
    case .classifierWeight: return "layers/dense/vars/0"
    case .classifierBias: return "layers/dense/vars/1"
    default: break
    }
    let template = row.template
      .exchanging(blockNames, for: "albert/" + block).exchanging("albert/", for: mainLayer)
    guard let slash = template.lastIndex(of: "/") else { return nil }
    let isBias = ["bias", "beta"].contains(template[template.index(after: slash)...])
    return template[..<slash] + "/vars/" + (isBias ? "1" : "0")
  }

  private static let block =
    "encoder/albert_layer_groups/tf_albert_layer_group{_group}/albert_layers/tf_albert_layer{_inner}/"
}

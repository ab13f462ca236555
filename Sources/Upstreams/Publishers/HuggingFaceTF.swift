package import AlbertArchitecture

/// Hugging Face's TensorFlow 2 classes (transformers, modeling_tf_albert.py).
///
/// Kernels are [in, out]. The MLM head has two biases of which the code adds the decoder's alone,
/// so that one counts. The tables differ only in where the names begin and how they end.
enum HuggingFaceTF: Upstream {
  static let name = "huggingface-tf"
  static let title = "Hugging Face's TensorFlow classes"
  static let gelu: Activation? = .geluErf
  static let dialect: (any ConfigDialect.Type)? = HuggingFaceConfig.self
  static let tables =
    [
      h5(scope: "{scope}/"), h5(scope: ""), plain, plain.part(under: "albert/"), savedModel,
      savedLayer, objectGraph, oldObjectGraph,
    ] + weights

  /// H5 files name the class where its object was given no name, such as `tf_albert_for_multiple_choice_1`;
  /// older versions' configs do not.
  static func head(statedBy name: String) -> TaskHead? {
    let start = "tf_albert_for_"
    return name.split(separator: "/").lazy.filter { $0.hasPrefix(start) }.compactMap { part in
      TaskHead.allCases.first { part.dropFirst(start.count).hasPrefix($0.rawValue) }
    }.first
  }

  /// `tf_model.h5`: each name under its top layer's group and the model's own scope.
  ///
  /// The group of the MLM head repeats the embeddings, since that layer holds their object.
  private static func h5(scope: String) -> NameTable {
    let copies = names.prefix { $0.target != .parameter(.projectionWeight) }.map { row in
      guard case .parameter(let role) = row.target else { return row }
      return NameTable.Row(
        .copy(of: role, yields: false), "predictions/" + scope + row.template, row.layout)
    }
    let rows = names.map { row in
      row.named(row.template.prefix { $0 != "/" } + "/" + scope + row.template)
    }
    return NameTable(rows: rows + copies, suffix: ":0", training: training)
  }

  /// safetensors and sharded H5 files: nothing before the names.
  ///
  /// Where a user's model called the main layer alone, `save_pretrained` takes the layer's name for the
  /// model's and leaves it out of safetensors.
  private static let plain = NameTable(rows: names, suffix: ":0", training: training)

  /// The names that the variables of a SavedModel had in the program.
  private static let savedModel = NameTable(
    rows: names.map { $0.named("{scope}/" + $0.template) }, training: training,
    buffers: TensorFlowObjects.buffers, territory: ["{scope}/"])

  /// The same where a program's model holds the main layer alone.
  private static let savedLayer = NameTable(
    rows: names.filter { $0.template.hasPrefix("albert/") }, training: training,
    buffers: TensorFlowObjects.buffers, territory: ["albert/"])

  static let training = TensorFlowObjects.training

  /// The paths through the objects that a TensorFlow 2 checkpoint uses.
  private static let objectGraph = paths(embeddingsAreLayers: false)

  /// Those of TensorFlow 2.2's days, when two embeddings were layers of their own.
  private static let oldObjectGraph = paths(embeddingsAreLayers: true)

  private static func paths(embeddingsAreLayers: Bool) -> NameTable {
    let block = "albert/encoder/albert_layer_groups/{group}/albert_layers/{inner}/"
    let rows = names.map { row -> NameTable.Row in
      switch row.target {
      case .parameter(.wordEmbeddings): return row.named("albert/embeddings/weight")
      case .parameter(.positionEmbeddings) where !embeddingsAreLayers:
        return row.named("albert/embeddings/embeddings")
      case .parameter(.tokenTypeEmbeddings) where !embeddingsAreLayers:
        return row.named("albert/embeddings/token_type_embeddings")
      // The variable's own name holds a slash, which paths write as `.S`.
      case .parameter(.mlmBias): return row.named("predictions/decoder.Sbias")
      case .parameter(let role) where role.isPerBlock:
        return row.named(block + row.template.dropFirst(blockNames.count))
      default: return row
      }
    }
    return NameTable(
      rows: rows, suffix: TensorFlowObjects.suffix, training: training,
      buffers: TensorFlowObjects.buffers)
  }

  static let blockNames =
    "albert/encoder/albert_layer_groups_._{group}/albert_layers_._{inner}/"

  /// The names of the variables below the model, in the order in which the code makes them.
  static let names: [NameTable.Row] = embeddings + blocks + heads

  private static let embeddings: [NameTable.Row] =
    [.init(.wordEmbeddings, "albert/embeddings/word_embeddings/weight")]
    + FrameworkNames.tensorFlow.rows(
      under: "albert/",
      [
        (.tokenTypeEmbeddings, "embeddings/token_type_embeddings"),
        (.positionEmbeddings, "embeddings/position_embeddings"),
        (.embeddingLayerNormWeight, "embeddings/LayerNorm"),
        (.projectionWeight, "encoder/embedding_hidden_mapping_in"),
      ])

  private static let blocks = FrameworkNames.tensorFlow.rows(
    under: blockNames,
    [
      (.queryWeight, "attention/query"), (.keyWeight, "attention/key"),
      (.valueWeight, "attention/value"), (.attentionOutputWeight, "attention/dense"),
      (.attentionLayerNormWeight, "attention/LayerNorm"), (.ffnWeight, "ffn"),
      (.ffnOutputWeight, "ffn_output"), (.fullLayerNormWeight, "full_layer_layer_norm"),
    ])

  private static let heads: [NameTable.Row] =
    FrameworkNames.tensorFlow.rows([(.poolerWeight, "albert/pooler")]) + [
      .init(.copy(of: .mlmBias, yields: true), "predictions/bias"),
      .init(.mlmBias, "predictions/decoder/bias"),
    ]
    + FrameworkNames.tensorFlow.rows([
      (.mlmDenseWeight, "predictions/dense"), (.mlmLayerNormWeight, "predictions/LayerNorm"),
      (.sopWeight, "sop_classifier/classifier"), (.classifierWeight, "classifier"),
      (.qaOutputsWeight, "qa_outputs"),
    ])
}

extension OutputNames {
  /// The TensorFlow class of Hugging Face's that has these parts, in `tf_model.h5`.
  package static func huggingFaceTF(_ contents: ModelContents, innerLayers: Int) -> OutputNames {
    OutputNames(
      HuggingFaceTF.tables[0], place: NamePlace(scope: HuggingFaceTF.scope(of: contents)),
      innerLayers: innerLayers)
  }
}

extension HuggingFaceTF {
  /// What Keras calls the first model of a class: the class's name in snake case.
  fileprivate static func scope(of contents: ModelContents) -> String {
    switch contents.taskHead {
    case .sequenceClassification: "tf_albert_for_sequence_classification"
    case .tokenClassification: "tf_albert_for_token_classification"
    case .questionAnswering: "tf_albert_for_question_answering"
    case .multipleChoice: "tf_albert_for_multiple_choice"
    case nil where contents.mlm:
      contents.sop ? "tf_albert_for_pre_training" : "tf_albert_for_masked_lm"
    case nil: "tf_albert_model"
    }
  }
}

internal import AlbertArchitecture

/// KerasNLP, as KerasHub was called, on Keras 2: the same classes, whose variables bear the names that Keras
/// gave to the layers within, in H5 files, checkpoints and SavedModels of TensorFlow.
extension KerasHub {
  static let kerasNLP =
    [
      h5(KerasLayer.backbone), task,
      NameTable(
        rows: (KerasLayer.backbone + KerasLayer.heads).map(row),
        training: TensorFlowObjects.training, buffers: TensorFlowObjects.buffers,
        territory: layers(of: (KerasLayer.backbone + KerasLayer.heads).map(row), components: 1)),
    ]
    + [false, true].flatMap { isOld in
      [
        byClass(isOld: isOld, place: "", heads: []),
        byClass(isOld: isOld, place: "layers/{scope}/", heads: KerasLayer.heads),
      ]
    }

  private static let training = TrainingNames(prefixes: ["optimizer_weights/"])

  /// Each variable under its layer's name, which is part of its own.
  private static func h5(_ layers: [KerasLayer]) -> NameTable {
    let rows = layers.map(underLayer)
    return NameTable(
      rows: rows, suffix: ":0", training: training, territory: Self.layers(of: rows, components: 1))
  }

  /// A task, which has the backbone as one of its layers, and whose head holds the embeddings' object.
  private static let task: NameTable = {
    let backbone = KerasLayer.backbone.map { layer in
      let row = row(layer)
      return row.named("{scope}/" + row.template)
    }
    let copy = NameTable.Row(
      .copy(of: .wordEmbeddings, yields: false), "mlm_head/token_embedding/embeddings")
    let rows = backbone + KerasLayer.heads.map(underLayer) + [copy]
    return NameTable(
      rows: rows, suffix: ":0", training: training, territory: layers(of: rows, components: 1))
  }()

  private static func underLayer(_ layer: KerasLayer) -> NameTable.Row {
    let row = row(layer)
    return row.named(row.template.prefix { $0 != "/" } + "/" + row.template)
  }

  /// `.weights.h5` and `.keras` of Keras 2.13 to 2.15, layers by their classes as Keras 3 has them, but for the word
  /// table, which an attribute alone reaches, and in KerasNLP before 0.6.2 some words of attributes.
  private static func byClass(isOld: Bool, place: String, heads: [KerasLayer]) -> NameTable {
    func row(_ layer: KerasLayer, under place: String) -> NameTable.Row {
      let row = layer.row(\.byClass, under: place)
      let template = row.template.exchanging("attention_layer/", for: "attention_layer/_")
      return row.named(isOld ? older(template) : template)
    }
    let rows = KerasLayer.backbone.map { layer in
      layer.role == .wordEmbeddings
        ? NameTable.Row(.wordEmbeddings, place + "token_embedding/vars/0")
        : row(layer, under: place)
    }
    let ends = heads.map { layer in
      // The word table came before the bias.
      isOld && layer.role == .mlmBias
        ? NameTable.Row(.mlmBias, "layers/masked_lm_head/vars/1") : row(layer, under: "")
    }
    let copy = NameTable.Row(
      .copy(of: .wordEmbeddings, yields: false), "layers/masked_lm_head/vars/0")
    return NameTable(
      rows: rows + ends + (isOld && !heads.isEmpty ? [copy] : []),
      training: TrainingNames(prefixes: ["optimizer/", "metrics/"]))
  }

  private static func older(_ template: String) -> String {
    template.exchanging("attention_layer_norm/", for: "attention_layernorm/")
      .exchanging("feedforward_layer_norm/", for: "feedforward_layernorm/")
      .exchanging("masked_lm_head/_intermediate_", for: "masked_lm_head/_")
  }

  /// The variable's own name: Keras called the layers within by their classes.
  private static func row(_ layer: KerasLayer) -> NameTable.Row {
    var path = layer.own
    for (own, byClass) in within where path.hasSuffix(own) || path.holds(own + "/") {
      path = path.exchanging(own, for: byClass)
      break
    }
    return NameTable.Row(layer.role, path + "/" + layer.variableName, layer.layout)
  }

  private static let within = [
    ("self_attention_layer_norm", "layer_normalization"),
    ("feedforward_layer_norm", "layer_normalization_1"),
    ("self_attention_layer", "multi_head_attention"), ("feedforward_intermediate_dense", "dense"),
    ("feedforward_output_dense", "dense_1"), ("mlm_head/intermediate_dense", "mlm_head/dense"),
    ("mlm_head/intermediate_layer_norm", "mlm_head/layer_normalization"),
  ]
}

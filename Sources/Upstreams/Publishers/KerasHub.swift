internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// KerasHub's classes (keras_hub, models/albert), saved by Keras 3.
///
/// Files hold layers by class and number (`layers/dense_1`), so that one name means a backbone's
/// projection in one file and a task's output layer in another; the layers' own names are in
/// attributes. Where those are at hand they count.
enum KerasHub: Upstream {
  static let name = "keras-hub"
  static let title = "KerasHub's classes"
  static let gelu: Activation? = .geluTanh
  static let layerNormEps: Double? = 1e-12
  static let classifierHead: TaskHead? = .sequenceClassification

  /// The layer before it, and the model's own name, which Keras makes of the class and perhaps a number.
  static let classifierSigns = ["output_dropout", "albert_text_classifier"]
  static let classifierAttribute: String? = "output_dense"

  static let tables =
    [
      backbone(\.own), task(\.own), preset(\.own), backbone(\.byClass), task(\.byClass),
      preset(\.byClass), legacy, exported, legacyTask,
    ] + kerasNLP

  /// The code has no other activation, whatever a config says.
  static func activation(_ stated: Activation?) -> Activation? { .geluTanh }

  /// `MaskedLMHead` is made without an epsilon and has its class's own.
  static let mlmLayerNormEps: Double? = 1e-5

  /// A backbone saved alone.
  static func backbone(_ name: KeyPath<KerasLayer, String>) -> NameTable {
    table(KerasLayer.backbone.map { $0.row(name, under: "") }, own: name == \.own)
  }

  /// A task saved whole: the backbone is one of its layers.
  static func task(_ name: KeyPath<KerasLayer, String>) -> NameTable {
    table(
      KerasLayer.backbone.map { $0.row(name, under: "layers/{scope}/") }
        + KerasLayer.heads.map { $0.row(name, under: "") }, own: name == \.own)
  }

  /// A preset with a task: the head alone is in a second file.
  private static func preset(_ name: KeyPath<KerasLayer, String>) -> NameTable {
    table(
      KerasLayer.backbone.map { $0.row(name, under: "") }
        + KerasLayer.heads.map { $0.row(name, under: "task/") })
  }

  /// With layers' `own` names, others than the classes' are those of a user who goes on from the backbone's
  /// outputs: Keras then saves the layers of both as one model.
  static func table(_ rows: [NameTable.Row], own: Bool = false) -> NameTable {
    NameTable(
      rows: rows, training: TrainingNames(prefixes: ["optimizer/", "task/optimizer/"]),
      territory: own ? layers(of: rows, components: 2) : [])
  }

  /// Where the layers of `rows` begin, each by its first components, up to a block's number.
  static func layers(of rows: [NameTable.Row], components: Int) -> [String] {
    let starts = rows.map { row in
      let parts = row.template.split(separator: "/").prefix(components)
      let start = parts.joined(separator: "/")
      return start.holds("{group}") ? String(start.prefix { $0 != "{" }) : start + "/"
    }
    return Array(Set(starts)).sorted()
  }

  private static let legacyTraining = TrainingNames(prefixes: ["optimizer_weights/"])

  /// Keras 3's older whole-model H5: each variable under its layer's name, twice.
  private static let legacy = NameTable(
    rows: legacyRows(KerasLayer.backbone), training: legacyTraining,
    territory: layers(of: legacyRows(KerasLayer.backbone), components: 1))

  /// The same of a task, which has the backbone as one of its layers.
  private static let legacyTask: NameTable = {
    let backbone = KerasLayer.backbone.map { layer in
      NameTable.Row(layer.role, "{scope}/\(layer.own)/\(layer.variableName)", layer.layout)
    }
    // The head holds the embeddings' object.
    let copy = NameTable.Row(
      .copy(of: .wordEmbeddings, yields: false), "mlm_head/token_embedding/embeddings")
    let rows = backbone + legacyRows(KerasLayer.heads) + [copy]
    return NameTable(
      rows: rows, training: legacyTraining, territory: layers(of: rows, components: 1))
  }()

  private static func legacyRows(_ layers: [KerasLayer]) -> [NameTable.Row] {
    layers.map { layer in
      let top = layer.own.prefix { $0 != "/" }
      return NameTable.Row(
        layer.role, "\(top)/\(layer.own)/\(layer.variableName)", layer.layout)
    }
  }
}

extension KerasHub {
  /// `model.export`: a SavedModel that numbers its variables, twice, and states the paths of the layers' own
  /// names.
  private static let exported: NameTable = {
    let layers = KerasLayer.backbone + KerasLayer.heads
    let rows = layers.map { layer in
      NameTable.Row(layer.role, "\(layer.own)/\(layer.variableName)", layer.layout)
    }
    let copies = zip(layers, rows).map { layer, row in
      NameTable.Row(.copy(of: layer.role, yields: false), again + row.template, row.layout)
    }
    return NameTable(
      rows: rows + copies, training: TensorFlowObjects.training,
      buffers: TensorFlowObjects.buffers,
      territory: Self.layers(of: rows, components: 1) + Self.layers(of: copies, components: 2))
  }()

  private static let again = "_all_variables/"
}

/// One variable of KerasHub's layers, by the layer's class and by its own name.
struct KerasLayer: Sendable {
  let role: ParameterRole
  /// The path of the layer by classes, numbered.
  let byClass: String
  /// The path of the layer by the layers' own names.
  let own: String
  /// The variable's place among the layer's.
  let variable: Int

  /// How Keras lays the variable out.
  var layout: Layout { FrameworkNames.keras.layout(of: role) }

  /// What Keras calls the variable.
  var variableName: String {
    // The masked-LM head makes this one itself.
    role == .mlmBias ? "output_bias" : FrameworkNames.keras.tensor(role)
  }

  func row(_ name: KeyPath<KerasLayer, String>, under start: String) -> NameTable.Row {
    NameTable.Row(role, "\(start)layers/\(self[keyPath: name])/vars/\(variable)", layout)
  }
}

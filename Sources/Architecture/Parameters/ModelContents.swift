/// Which optional parts a model has beside embeddings and encoder.
public struct ModelContents: Equatable, Hashable, Sendable {
  /// The pooler over the first token.
  public package(set) var pooler: Bool
  /// The masked-LM head.
  public package(set) var mlm: Bool
  /// The sentence-order head.
  public package(set) var sop: Bool
  /// A vocabulary projection of its own, instead of the word embeddings.
  package var untiedDecoder: Bool
  /// A task head.
  public package(set) var taskHead: TaskHead?

  /// States the parts.
  package init(
    pooler: Bool, mlm: Bool = false, sop: Bool = false, untiedDecoder: Bool = false,
    taskHead: TaskHead? = nil
  ) {
    self.pooler = pooler
    self.mlm = mlm
    self.sop = sop
    self.untiedDecoder = untiedDecoder
    self.taskHead = taskHead
  }

  /// The bare model with its pooler.
  package static let backbone = ModelContents(pooler: true)
  /// The bare model without its pooler.
  package static let backboneWithoutPooler = ModelContents(pooler: false)
  /// `AlbertForMaskedLM`, which has no pooler.
  package static let maskedLM = ModelContents(pooler: false, mlm: true)
  /// `AlbertForPreTraining`.
  package static let preTraining = ModelContents(pooler: true, mlm: true, sop: true)

  /// The heads by the names that reports use.
  package var heads: [String] {
    (mlm ? ["mlm"] : []) + (sop ? ["sop"] : []) + (taskHead.map { [$0.rawValue] } ?? [])
  }

  /// Whether a model with these parts has the role.
  package func contains(_ role: ParameterRole) -> Bool {
    switch role {
    case .mlmDecoderWeight: mlm && untiedDecoder
    case .classifierWeight, .classifierBias: taskHead != nil && taskHead != .questionAnswering
    case .qaOutputsWeight, .qaOutputsBias: taskHead == .questionAnswering
    default:
      switch role.component {
      case .embeddings, .projection, .encoder: true
      case .pooler: pooler
      case .mlmHead: mlm
      case .sopHead: sop
      case .taskHead: false
      }
    }
  }
}

internal import AlbertArchitecture

/// A part of the model, as far as defects tell parts apart.
enum ModelRegion: Hashable, Sendable {
  case embeddings
  case projection
  /// One inner layer of one group.
  case block(Int, Int)
  case pooler
  case mlm
  case sop
  case task

  /// Where a parameter enters the computation.
  init(_ parameter: Parameter) {
    switch parameter.role.component {
    case .embeddings: self = .embeddings
    case .projection: self = .projection
    case .encoder: self = .block(parameter.group, parameter.inner)
    case .pooler: self = .pooler
    case .mlmHead: self = .mlm
    case .sopHead: self = .sop
    case .taskHead: self = .task
    }
  }

  init(_ block: Block) { self = .block(block.group, block.inner) }

  /// What messages call it.
  func words(in config: AlbertConfig) -> String {
    switch self {
    case .embeddings: "the embeddings"
    case .projection: "the projection"
    case .block(let group, let inner):
      config.numHiddenGroups > 1 || config.innerGroupNum > 1
        ? "the block of group \(group), inner layer \(inner)" : "the encoder"
    case .pooler: "the pooler"
    case .mlm: "the masked-LM head"
    case .sop: "the sentence-order head"
    case .task: "the task head"
    }
  }
}

/// One inner layer of one group.
typealias Block = (group: Int, inner: Int)

extension AlbertConfig {
  /// Every block, in order.
  var blocks: [Block] {
    (0..<numHiddenGroups).flatMap { group in (0..<innerGroupNum).map { (group, $0) } }
  }
}

extension Parameter {
  /// The parameter that a role has in a block.
  init(_ role: ParameterRole, in block: Block) {
    self.init(role, group: block.group, inner: block.inner)
  }
}

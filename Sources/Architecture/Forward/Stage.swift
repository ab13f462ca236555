/// A result of the forward pass that can be looked at, by the name that files use.
public enum Stage: Hashable, Sendable {
  /// The sum of the three embeddings after its LayerNorm, [sequences, sequence, E].
  case embeddings
  /// 0: after the projection; N: after layer N's last inner layer; [sequences, sequence, H].
  case hiddenStates(Int)
  /// The probabilities of the N-th block (layer x inner layers + inner), [sequences, heads, s, s].
  case attentions(Int)
  /// The last hidden state.
  case lastHiddenState
  /// The pooler over the first token, [sequences, H].
  case poolerOutput
  /// The masked-LM head, [sequences, sequence, V].
  case predictionLogits
  /// The sentence-order head, [sequences, 2].
  case sopLogits
  /// A classification head: [sequences, labels], [sequences, sequence, labels] or [batch, choices].
  case logits
  /// The start of the answer, [sequences, sequence].
  case startLogits
  /// The end of the answer, [sequences, sequence].
  case endLogits
}

extension Stage: CustomStringConvertible {
  /// The name in files and reports.
  public var name: String {
    switch self {
    case .embeddings: "embeddings"
    case .hiddenStates(let index): "hidden_states.\(index)"
    case .attentions(let index): "attentions.\(index)"
    case .lastHiddenState: "last_hidden_state"
    case .poolerOutput: "pooler_output"
    case .predictionLogits: "prediction_logits"
    case .sopLogits: "sop_logits"
    case .logits: "logits"
    case .startLogits: "start_logits"
    case .endLogits: "end_logits"
    }
  }

  /// The name in files and reports.
  public var description: String { name }

  /// The stage of a name; nil for any other array.
  ///
  /// - Parameter name: The name in files, such as `hidden_states.3`.
  package init?(name: String) {
    for stage in Self.plain where stage.name == name {
      self = stage
      return
    }
    for make in [Stage.hiddenStates, Stage.attentions] {
      let prefix = make(0).name.dropLast()
      if name.hasPrefix(prefix), let index = Int(name.dropFirst(prefix.count)), index >= 0,
        make(index).name == name
      {
        self = make(index)
        return
      }
    }
    return nil
  }

  private static let plain: [Stage] = [
    .embeddings, .lastHiddenState, .poolerOutput, .predictionLogits, .sopLogits, .logits,
    .startLogits, .endLogits,
  ]
}

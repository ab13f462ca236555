internal import AlbertArchitecture

extension Parameter {
  /// The bias that belongs to a weight, in the same block.
  var bias: Parameter? { role.bias.map { Parameter($0, group: group, inner: inner) } }

  /// What messages call the parameter, such as `the attention's query weight`; where a model has
  /// several blocks, with the block behind.
  func words(in config: AlbertConfig) -> String {
    guard role.isPerBlock, config.numHiddenGroups > 1 || config.innerGroupNum > 1,
      role.component == .encoder
    else { return role.words }
    return "\(role.words) (group \(group), inner layer \(inner))"
  }
}

internal import AlbertArchitecture

extension Parameter {
  /// What messages call the parameter, such as `the attention's query weight`; where a model has
  /// several blocks, with the block behind.
  func words(in config: AlbertConfig) -> String {
    guard role.isPerBlock, config.numHiddenGroups > 1 || config.innerGroupNum > 1,
      role.component == .encoder
    else { return role.words }
    return role.words + blockWords
  }

  /// How messages name its block.
  private var blockWords: String { " (group \(group), inner layer \(inner))" }

  /// What `text` says of this parameter, said of another one in a model of `config`.
  func renaming(_ text: String, to other: Parameter, in config: AlbertConfig) -> String {
    text.replacing(role.words + blockWords, with: other.words(in: config))
  }
}

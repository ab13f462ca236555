package import AlbertTensors

/// One line of the list of what a model must contain.
package struct ParameterSpec: Equatable, Sendable {
  /// The parameter.
  package let parameter: Parameter
  /// Its canonical shape.
  package let shape: Shape

  /// Its canonical name.
  package var name: String { parameter.name }

  /// The one list: every parameter of a model of `config` with `contents`, in order of use.
  package static func all(_ config: AlbertConfig, _ contents: ModelContents) -> [ParameterSpec] {
    parameters(config, contents).map {
      ParameterSpec(parameter: $0, shape: $0.role.shape(in: config))
    }
  }

  /// The parameters alone: outside the encoder one per role, in it one per block and role.
  private static func parameters(_ config: AlbertConfig, _ contents: ModelContents) -> [Parameter] {
    let roles = ParameterRole.allCases.filter(contents.contains)
    let before = roles.prefix { !$0.isPerBlock }
    let block = roles.filter(\.isPerBlock)
    let after = roles.drop { !$0.isPerBlock }.drop { $0.isPerBlock }
    var result = before.map { Parameter($0) }
    for group in 0..<config.numHiddenGroups {
      for inner in 0..<config.innerGroupNum {
        result += block.map { Parameter($0, group: group, inner: inner) }
      }
    }
    return result + after.map { Parameter($0) }
  }
}

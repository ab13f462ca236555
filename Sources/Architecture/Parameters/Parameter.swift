/// One parameter of a model: its role, and for those of the encoder its group and inner layer.
package struct Parameter: Hashable, Sendable, CustomStringConvertible {
  /// What it is for.
  package let role: ParameterRole
  /// The group, 0 outside the encoder.
  package let group: Int
  /// The inner layer within the group, 0 outside the encoder.
  package let inner: Int

  /// Names a parameter; group and inner count only in the encoder.
  package init(_ role: ParameterRole, group: Int = 0, inner: Int = 0) {
    self.role = role
    self.group = role.isPerBlock ? group : 0
    self.inner = role.isPerBlock ? inner : 0
  }

  /// The bias that belongs to a weight, in the same block; nil for what has none.
  package var bias: Parameter? { role.bias.map { Parameter($0, group: group, inner: inner) } }

  /// The canonical name, that of Hugging Face's classes.
  package var name: String { fill(role.nameTemplate) }

  /// A name template with this parameter's group and inner layer filled in.
  package func fill(_ template: String) -> String {
    guard role.isPerBlock else { return template }
    return template.replacingPlaceholders { name in
      switch name {
      case "group": String(group)
      case "inner": String(inner)
      default: nil
      }
    }
  }

  /// The canonical name.
  package var description: String { name }
}

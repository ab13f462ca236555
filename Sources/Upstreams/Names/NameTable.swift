package import AlbertArchitecture
internal import AlbertBytes
package import AlbertTensors

/// How one publisher names and lays out the parameters, as rows that read both ways.
///
/// Templates may hold `{group}` and `{inner}`; `{_group}`, `{_inner}` and `{block}` for Keras' numbering
/// of equal layers (nothing for the first, `_1`, `_2`, … after it), the last counted over groups and
/// inner layers; `{group*6+1}` where it numbers six layers of each block on and on; and `{scope}` for one path
/// component that a file chooses itself, the same in all rows.
package struct NameTable: Sendable {
  /// One name that may occur in a file.
  package struct Row: Sendable {
    /// What the name stands for.
    package let target: Target
    /// The name, with its placeholders.
    package let template: String
    /// How the file lays it out.
    package let layout: Layout
    /// Whether the name begins the file's names, wherever the others begin.
    package let isAtRoot: Bool

    /// Makes a row for a parameter.
    package init(
      _ role: ParameterRole, _ template: String, _ layout: Layout = .canonical,
      atRoot: Bool = false
    ) {
      self.init(.parameter(role), template, layout, atRoot: atRoot)
    }

    /// Makes a row.
    package init(
      _ target: Target, _ template: String, _ layout: Layout = .canonical, atRoot: Bool = false
    ) {
      self.target = target
      self.template = template
      self.layout = layout
      isAtRoot = atRoot
    }

    /// The same row under another name.
    func named(_ template: String) -> Row {
      Row(target, template, layout, atRoot: isAtRoot)
    }
  }

  /// What a name stands for.
  package enum Target: Equatable, Sendable {
    /// A parameter of the model.
    case parameter(ParameterRole)
    /// A further copy of a parameter, which must hold the same numbers.
    ///
    /// Where it alone is there, it is the parameter. Where `yields` is true a difference is only
    /// warned about, since upstream's own code ignores this copy.
    case copy(of: ParameterRole, yields: Bool)
    /// No parameter: a buffer that the code computes, with what it is.
    case buffer(String)
  }

  /// The rows.
  package let rows: [Row]
  /// What follows every template in a file, such as TensorFlow 2's `/.ATTRIBUTES/VARIABLE_VALUE`.
  package let suffix: String
  /// What a training run adds to the model's variables.
  package let training: TrainingNames
  /// Whole names, suffix included, of what is not a parameter, and what it is.
  package let buffers: [String: String]
  /// What the code computes as if it were zero where a file has no tensor for it.
  package let zeros: Set<ParameterRole>
  /// Beginnings of the names that are the model's, after the prefix.
  ///
  /// Any other belongs to a larger model around it. Where there are none, all names under the prefix
  /// are the model's.
  package let territory: [String]
  /// Whether the names number layers, each with a block of its own, where they number more than one.
  package let numbersLayers: Bool
  /// Groups that a file of this table never has: where there is one, names like its own mean something else.
  package let foreignGroups: [String]

  /// Makes a table.
  package init(
    rows: [Row], suffix: String = "", training: TrainingNames = TrainingNames(),
    buffers: [String: String] = [:], zeros: Set<ParameterRole> = [], territory: [String] = [],
    numbersLayers: Bool = false, foreignGroups: [String] = []
  ) {
    self.rows = rows
    self.suffix = suffix
    self.training = training
    self.buffers = buffers
    self.zeros = zeros
    self.territory = territory
    self.numbersLayers = numbersLayers
    self.foreignGroups = foreignGroups
  }

  /// The row by which a file of this table is known: that of the word embeddings.
  package var anchor: Row? {
    rows.first { $0.target == .parameter(.wordEmbeddings) }
  }

  /// The rows under a prefix, without it.
  func part(under prefix: String) -> NameTable {
    NameTable(
      rows: rows.compactMap { row in
        guard row.template.hasPrefix(prefix) else { return nil }
        return row.named(String(row.template.dropFirst(prefix.count)))
      }, suffix: suffix, training: training, buffers: buffers, zeros: zeros,
      territory: territory.filter { $0.hasPrefix(prefix) }.map {
        String($0.dropFirst(prefix.count))
      },
      numbersLayers: numbersLayers)
  }

  /// Whether a name is one of the model's, or of a larger model around it.
  func owns(_ name: String, at place: NamePlace) -> Bool {
    guard name.hasPrefix(place.prefix) else { return false }
    let rest = name.dropFirst(place.prefix.count)
    return territory.isEmpty
      || territory.contains { rest.hasPrefix($0.exchanging("{scope}", for: place.scope)) }
  }

  /// The full name of a row for one block.
  package func name(
    _ row: Row, group: Int = 0, inner: Int = 0, innerLayers: Int = 1, place: NamePlace
  ) -> String {
    let block = group * innerLayers + inner
    let name = row.template.replacingPlaceholders { name in
      switch name {
      case "group": String(group)
      case "inner": String(inner)
      case "_group": group == 0 ? "" : "_\(group)"
      case "_inner": inner == 0 ? "" : "_\(inner)"
      case "block": block == 0 ? "" : "_\(block)"
      case "scope": place.scope
      case let sum where sum.hasPrefix("group*6+"):
        Int(sum.dropFirst("group*6+".count)).map { String(group * 6 + $0) }
      default: nil
      }
    }
    return (row.isAtRoot ? "" : place.prefix) + name + suffix
  }
}

/// Where in a file a table's names begin.
package struct NamePlace: Equatable, Hashable, Sendable {
  /// What precedes every name, separator included; empty for a file that is nothing but ALBERT.
  package let prefix: String
  /// The path component that the file chose, where the table has one.
  package let scope: String

  /// Makes a place.
  package init(prefix: String = "", scope: String = "") {
    self.prefix = prefix
    self.scope = scope
  }
}

public import Albert
public import Tensors

/// How one publisher names and lays out the parameters, as rows that read both ways.
///
/// Templates may hold `{group}` and `{inner}`; `{block}` for Keras' numbering of equal layers
/// (nothing for the first, `_1`, `_2`, … after it, counted over groups and inner layers); and
/// `{scope}` for one path component that a file chooses itself, the same in all rows.
public struct NameTable: Sendable {
  /// One name that may occur in a file.
  public struct Row: Sendable {
    /// What the name stands for.
    public let target: Target
    /// The name, with its placeholders.
    public let template: String
    /// How the file lays it out.
    public let layout: Layout

    /// Makes a row for a parameter.
    public init(_ role: ParameterRole, _ template: String, _ layout: Layout = .canonical) {
      self.init(.parameter(role), template, layout)
    }

    /// Makes a row.
    public init(_ target: Target, _ template: String, _ layout: Layout = .canonical) {
      self.target = target
      self.template = template
      self.layout = layout
    }
  }

  /// What a name stands for.
  public enum Target: Equatable, Sendable {
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
  public let rows: [Row]
  /// What follows every template in a file, such as TensorFlow 2's `/.ATTRIBUTES/VARIABLE_VALUE`.
  public let suffix: String
  /// What a training run appends to a variable's name for its own state, before `suffix`.
  public let slots: [String]
  /// Other names of training state, whole, suffix included.
  public let trainingNames: Set<String>
  /// Beginnings of names that hold nothing but training state.
  public let trainingPrefixes: [String]

  /// Makes a table.
  public init(
    rows: [Row], suffix: String = "", slots: [String] = [], trainingNames: Set<String> = [],
    trainingPrefixes: [String] = []
  ) {
    self.rows = rows
    self.suffix = suffix
    self.slots = slots
    self.trainingNames = trainingNames
    self.trainingPrefixes = trainingPrefixes
  }

  /// The row by which a file of this table is known: that of the word embeddings.
  public var anchor: Row? {
    rows.first { $0.target == .parameter(.wordEmbeddings) }
  }

  /// The full name of a row's template for one block.
  public func name(
    _ template: String, group: Int, inner: Int, innerLayers: Int, place: NamePlace
  ) -> String {
    let block = group * innerLayers + inner
    return place.prefix
      + fill(
        template,
        [
          "group": String(group), "inner": String(inner), "block": block == 0 ? "" : "_\(block)",
          "scope": place.scope,
        ]) + suffix
  }

  /// A template with its placeholders replaced; unknown ones stay.
  private func fill(_ template: String, _ values: [String: String]) -> String {
    guard template.contains("{") else { return template }
    var result = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      result +=
        values[String(rest[rest.index(after: open)..<close])] ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}

/// Where in a file a table's names begin.
public struct NamePlace: Equatable, Hashable, Sendable {
  /// What precedes every name, separator included; empty for a file that is nothing but ALBERT.
  public let prefix: String
  /// The path component that the file chose, where the table has one.
  public let scope: String

  /// Makes a place.
  public init(prefix: String = "", scope: String = "") {
    self.prefix = prefix
    self.scope = scope
  }
}

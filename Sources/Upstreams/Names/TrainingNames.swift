/// How a training run names what it keeps beside the model's variables.
public struct TrainingNames: Sendable {
  /// Last components that it appends to a variable's name, such as `adam_m`.
  public let slots: Set<String>
  /// A component that it appends to a variable's name, with anything behind it.
  public let slotMark: String?
  /// Whole names, without the table's suffix.
  public let names: Set<String>
  /// Beginnings of names.
  public let prefixes: [String]

  /// States the names.
  public init(
    slots: Set<String> = [], slotMark: String? = nil, names: Set<String> = [],
    prefixes: [String] = []
  ) {
    self.slots = slots
    self.slotMark = slotMark
    self.names = names
    self.prefixes = prefixes
  }

  /// Whether `prefix`, under which a model seems to be, is a place of training state only: copies
  /// of all parameters, such as an optimizer's moments.
  func covers(prefix: String) -> Bool {
    prefixes.contains { prefix.hasPrefix($0) }
  }
}

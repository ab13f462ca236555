/// How a training run names what it keeps beside the model's variables.
package struct TrainingNames: Sendable {
  /// Whether it appends components of any name to a variable's, such as `adam_m` or `RMSProp_1`: each
  /// optimizer has words of its own.
  package let appendsSlots: Bool
  /// A component that it appends to a variable's name, with anything behind it.
  package let slotMark: String?
  /// The component behind which an optimizer, whatever its own name, numbers its state:
  /// `KEY.state.0.exp_avg`.
  package let stateMark: String?
  /// Whole names, without the table's suffix.
  package let names: Set<String>
  /// Beginnings of names.
  package let prefixes: [String]

  /// States the names.
  package init(
    appendsSlots: Bool = false, slotMark: String? = nil, stateMark: String? = nil,
    names: Set<String> = [], prefixes: [String] = []
  ) {
    self.appendsSlots = appendsSlots
    self.slotMark = slotMark
    self.stateMark = stateMark
    self.names = names
    self.prefixes = prefixes
  }

  /// Whether `prefix`, under which a model seems to be, is a place of training state only: copies
  /// of all parameters, such as an optimizer's moments.
  func covers(prefix: String) -> Bool {
    prefixes.contains { prefix.hasPrefix($0) }
  }

  /// Whether a name is that of a number in an optimizer's state.
  func isNumberedState(_ name: String) -> Bool {
    guard let stateMark, name.contains(stateMark) else { return false }
    let parts = name.split { "./".contains($0) }
    return parts.indices.dropFirst().contains { index in
      parts[index - 1] == stateMark && parts[index].allSatisfy(\.isNumber)
    }
  }
}

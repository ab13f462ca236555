/// Values by name.
///
/// Their places are looked up, not they: a dictionary of each kind of value would be compiled anew, at more
/// than what a whole reader takes.
struct ByName<Value> {
  private var places: [String: Int] = [:]
  /// All of them, in the order in which they were added.
  private(set) var values: [Value] = []

  /// The value of a name; nil where there is none.
  subscript(name: String) -> Value? { places[name].map { values[$0] } }

  /// Adds a value; false, and nothing is added, where the name is taken.
  @discardableResult
  mutating func insert(_ value: Value, as name: String) -> Bool {
    guard places[name] == nil else { return false }
    places[name] = values.count
    values.append(value)
    return true
  }
}

extension ByName: Sendable where Value: Sendable {}

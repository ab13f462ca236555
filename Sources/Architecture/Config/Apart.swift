/// A value that is kept apart from the struct that has it, whose copies share it until one of them changes
/// its own: what is read seldom makes no copy larger.
@propertyWrapper
package struct Apart<Value: Equatable & Sendable>: Equatable, Sendable {
  private final class Place: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private var place: Place

  /// Keeps a value apart.
  package init(wrappedValue: Value) { place = Place(wrappedValue) }

  /// The value.
  package var wrappedValue: Value {
    get { place.value }
    set { place = Place(newValue) }
  }

  /// Whether two hold equal values.
  package static func == (left: Apart, right: Apart) -> Bool {
    left.wrappedValue == right.wrappedValue
  }
}

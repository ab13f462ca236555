/// A JSON document as a value.
///
/// Objects keep the order of their members and have no duplicate keys.
package indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number written without fraction or exponent.
  case integer(Int64)
  /// A number written with fraction or exponent; finite.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])
}

/// One member of a JSON object.
package struct JSONMember: Equatable, Sendable {
  /// The key.
  package let key: String
  /// The value.
  package let value: JSONValue

  /// Makes a member.
  package init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

extension JSONValue {
  /// The member of an object under `key`; nil for other kinds.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The members of an object; nil for other kinds.
  package var members: [JSONMember]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of an array; nil for other kinds.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text of a string; nil for other kinds.
  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// The value of a number written without fraction or exponent; nil for other kinds.
  package var integer: Int? {
    if case .integer(let value) = self { Int(value) } else { nil }
  }

  /// The value of any number; nil for other kinds.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value of true or false; nil for other kinds.
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

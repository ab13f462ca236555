/// Members of an object in the order in which they are added; what is nil is left out.
package struct JSONObject {
  private var members: [JSONMember] = []

  /// An object without members.
  package init() {}

  /// Adds a member.
  package mutating func add(_ key: String, _ value: JSONValue) {
    members.append(JSONMember(key, value))
  }

  /// Adds a string.
  package mutating func add(_ key: String, _ value: String?) {
    if let value { add(key, .string(value)) }
  }

  /// Adds a whole number.
  package mutating func add(_ key: String, _ value: Int?) {
    if let value { add(key, .integer(Int64(value))) }
  }

  /// Adds a number.
  package mutating func add(_ key: String, _ value: Double?) {
    if let value { add(key, .number(value)) }
  }

  /// The object.
  package var value: JSONValue { .object(members) }
}

package import AlbertBytes
package import AlbertJSON

/// What all JSON documents of the tool have in common.
package enum JSONReport {
  /// The version of the documents, raised when a field changes its meaning.
  package static let schemaVersion: Int64 = 1

  /// A document: the version first, then the members.
  package static func document(_ members: JSONValue) -> JSONValue {
    let document: JSONValue = ["schema_version": .integer(schemaVersion)]
    return document.adding(members)
  }

  /// The document that says why there is no other.
  package static func error(_ error: FileError) -> JSONValue {
    document([
      "result": .string("error"),
      "error": [
        "code": .string(error.code),
        "path": .string(error.path),
        "message": .string(error.message),
        "remedy": .string(error.advice.text(\.option)),
      ],
    ])
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// An object, as in `["name": .string(name), "size": .count(size)]`.
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(members.map(JSONMember.init))
  }

  /// An object with the members of another one behind its own.
  func adding(_ other: JSONValue) -> JSONValue {
    .object((members ?? []) + (other.members ?? []))
  }

  /// An array of what `json` makes of each of `items`.
  static func array<Item>(
    of items: some Sequence<Item>, _ json: (Item) -> JSONValue
  ) -> JSONValue {
    .array(items.map(json))
  }

  /// A whole number, or null where there is none.
  static func count(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }

  /// A number, or null where there is none or it is not finite.
  static func finite(_ value: Double?) -> JSONValue {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// A text, or null where there is none.
  static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}

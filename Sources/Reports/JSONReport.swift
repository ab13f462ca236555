package import AlbertBytes
package import AlbertJSON

/// What all JSON documents of the tool have in common.
package enum JSONReport {
  /// The version of the documents, raised when a field changes its meaning.
  package static let schemaVersion: Int64 = 1

  /// A document: the version first, then the members.
  package static func document(_ members: [JSONMember]) -> JSONValue {
    .object([JSONMember("schema_version", .integer(schemaVersion))] + members)
  }

  /// The document that says why there is no other.
  package static func error(_ error: FileError) -> JSONValue {
    document([
      JSONMember("result", .string("error")),
      JSONMember(
        "error",
        .object([
          JSONMember("code", .string(error.code)),
          JSONMember("path", .string(error.path)),
          JSONMember("message", .string(error.message)),
          JSONMember("remedy", .string(error.advice.text(\.option))),
        ])),
    ])
  }
}

extension JSONValue {
  /// A whole number.
  package static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

  /// A number, or null where it is not finite.
  package static func finite(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .null
  }

  /// A text, or null where there is none.
  package static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}

import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// A JSON Schema of this package, able to say what in a document breaks it.
///
/// Knows the keywords that the schemas use and fails on any other, so that no rule is passed over.
struct SchemaValidator {
  private let root: JSONValue

  /// The schema of one command.
  init(_ name: String) throws {
    let path = PackageFiles.root.appending("schemas").appending("\(name).schema.json")
    let file = try SourceFile(path)
    root = try JSONValue.parse(try file.bytes(at: 0, count: file.size), path: path.string)
  }

  /// The lists of words that the schema allows for a key or its elements, wherever it lists them.
  func words(of key: String) -> [[String]] { Self.words(of: key, in: root) }

  private static func words(of key: String, in schema: JSONValue) -> [[String]] {
    let rule = schema["properties"]?[key]
    let list = (rule?["enum"] ?? rule?["items"]?["enum"])?.elements
    let own = list.map { [$0.compactMap(\.string)] } ?? []
    let below = (schema.members?.map(\.value) ?? []) + (schema.elements ?? [])
    return own + below.flatMap { words(of: key, in: $0) }
  }

  /// What breaks the schema; empty for a valid document.
  func violations(_ document: JSONValue) -> [String] { check(document, root, at: "$") }

  private func check(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    var found: [String] = []
    for rule in schema.members ?? [] {
      switch rule.key {
      case "$schema", "title", "description", "$defs": continue
      case "$ref":
        let name = rule.value.string?.split(separator: "/").last.map(String.init) ?? ""
        found += check(value, root["$defs"]?[name] ?? .null, at: place)
      case "anyOf":
        let branches = rule.value.elements ?? []
        if !branches.contains(where: { check(value, $0, at: place).isEmpty }) {
          found.append("\(place): fits no branch")
        }
      case "oneOf":
        let attempts = (rule.value.elements ?? []).map { check(value, $0, at: place) }
        if attempts.count(where: \.isEmpty) != 1 {
          found += ["\(place): not exactly one alternative fits"] + (attempts.first ?? [])
        }
      case "type":
        let names = rule.value.string.map { [$0] } ?? rule.value.elements?.compactMap(\.string)
        if !(names ?? []).contains(where: { Self.isOf(value, type: $0) }) {
          found.append("\(place): \(value.text()) is not of type \(rule.value.text())")
        }
      case "const":
        if value != rule.value { found.append("\(place): \(value.text()) != \(rule.value.text())") }
      case "enum":
        if !(rule.value.elements ?? []).contains(value) {
          found.append("\(place): \(value.text()) is none of \(rule.value.text())")
        }
      case "minimum":
        if let number = value.double, let least = rule.value.double, number < least {
          found.append("\(place): \(number) is less than \(least)")
        }
      case "maximum":
        if let number = value.double, let most = rule.value.double, number > most {
          found.append("\(place): \(number) is more than \(most)")
        }
      case "required":
        guard value.members != nil else { continue }
        for key in (rule.value.elements ?? []).compactMap(\.string) where value[key] == nil {
          found.append("\(place): '\(key)' is missing")
        }
      case "properties":
        for member in value.members ?? [] {
          guard let inner = rule.value[member.key] else { continue }
          found += check(member.value, inner, at: "\(place).\(member.key)")
        }
      case "additionalProperties":
        for member in value.members ?? [] where schema["properties"]?[member.key] == nil {
          if rule.value == .bool(false) {
            found.append("\(place): '\(member.key)' is not described")
          } else {
            found += check(member.value, rule.value, at: "\(place).\(member.key)")
          }
        }
      case "items":
        for (index, element) in (value.elements ?? []).enumerated() {
          found += check(element, rule.value, at: "\(place)[\(index)]")
        }
      default: found.append("\(place): the schema's keyword '\(rule.key)' is not known here")
      }
    }
    return found
  }

  private static func isOf(_ value: JSONValue, type: String) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array),
      ("object", .object), ("integer", .integer), ("number", .integer), ("number", .number):
      true
    default: false
    }
  }
}

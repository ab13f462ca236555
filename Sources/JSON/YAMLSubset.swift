package import AlbertBytes

/// The part of YAML in which configs of training code are written: mappings by indentation, lists of
/// scalars, `[…]`, and scalars on one line.
///
/// Everything else is an error, so that nothing is misread.
package struct YAMLSubset {
  /// A line without its comment.
  private struct Line {
    let number: Int
    let indent: Int
    let text: String
  }

  private let path: String
  private var lines: [Line] = []
  private var next = 0

  private static let deepest = 32

  /// Parses a document.
  package static func parse(_ bytes: [UInt8], path: String) throws(FileError) -> JSONValue {
    var reader = try YAMLSubset(bytes, path)
    guard let first = reader.lines.first else { return .object([]) }
    let value = try reader.block(first.indent, depth: 0)
    if reader.next < reader.lines.count {
      throw reader.malformed("is indented as nothing above it", reader.lines[reader.next].number)
    }
    return value
  }

  private init(_ bytes: [UInt8], _ path: String) throws(FileError) {
    self.path = path
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path, .malformed("the file is not valid UTF-8"))
    }
    let start = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    // A line's end is one character, in either way of writing it.
    let written = start.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in written.enumerated() {
      let content = Self.withoutComment(line)
      guard !content.isEmpty else { continue }
      if content == "---", lines.isEmpty { continue }
      let spaces = content.prefix { $0 == " " }.count
      let text = String(content.dropFirst(spaces))
      if text.hasPrefix("\t") { throw malformed("is indented by a tab", index + 1) }
      lines.append(Line(number: index + 1, indent: spaces, text: text))
    }
  }

  /// The line without its comment and the blanks at its end.
  private static func withoutComment(_ line: Substring) -> Substring {
    var quote: Character?
    var before: Character = " "
    var end = line.endIndex
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "#", before == " " || before == "\t" {
        end = index
        break
      } else if character == "\"" || character == "'", " :[,-".contains(before) {
        quote = character
      }
      before = character
    }
    var content = line[..<end]
    while let last = content.last, last == " " || last == "\t" { content.removeLast() }
    return content
  }

  private mutating func block(_ indent: Int, depth: Int) throws(FileError) -> JSONValue {
    let first = lines[next]
    guard depth < Self.deepest else { throw malformed("is nested too deeply", first.number) }
    return first.text == "-" || first.text.hasPrefix("- ")
      ? try list(indent) : try mapping(indent, depth: depth)
  }

  private mutating func list(_ indent: Int) throws(FileError) -> JSONValue {
    var elements: [JSONValue] = []
    while next < lines.count, lines[next].indent == indent, lines[next].text.hasPrefix("- ") {
      let line = lines[next]
      elements.append(try value(line.text.dropFirst(2), line.number))
      next += 1
    }
    return .array(elements)
  }

  private mutating func mapping(_ indent: Int, depth: Int) throws(FileError) -> JSONValue {
    var members: [JSONMember] = []
    var keys: Set<String> = []
    while next < lines.count, lines[next].indent == indent {
      let line = lines[next]
      guard let colon = line.text.firstIndex(of: ":"),
        case let rest = line.text[line.text.index(after: colon)...],
        rest.isEmpty || rest.hasPrefix(" ")
      else { throw malformed("is no 'key: value'", line.number) }
      let key = Self.key(line.text[..<colon])
      guard keys.insert(key).inserted else {
        throw malformed("states '\(key)' again", line.number)
      }
      next += 1
      if !rest.allSatisfy({ $0 == " " }) {
        members.append(JSONMember(key, try value(rest, line.number)))
      } else if next < lines.count,
        lines[next].indent > indent
          || lines[next].indent == indent && lines[next].text.hasPrefix("- ")
      {
        members.append(JSONMember(key, try block(lines[next].indent, depth: depth + 1)))
      } else {
        members.append(JSONMember(key, .null))
      }
    }
    return .object(members)
  }

  /// A key, which is a text whatever it looks like.
  private static func key(_ text: Substring) -> String {
    let isQuoted = text.count >= 2 && text.first == text.last && "\"'".contains(text.first ?? " ")
    return String(isQuoted ? text.dropFirst().dropLast() : text)
  }

  private func value(_ text: Substring, _ line: Int) throws(FileError) -> JSONValue {
    var rest = text.drop { $0 == " " }
    let value = try flow(&rest, line, within: false, depth: 0)
    guard rest.allSatisfy({ $0 == " " }) else { throw malformed("goes on after its value", line) }
    return value
  }

  /// A scalar, or a list in brackets.
  private func flow(
    _ rest: inout Substring, _ line: Int, within: Bool, depth: Int
  ) throws(FileError) -> JSONValue {
    guard depth < Self.deepest else { throw malformed("is nested too deeply", line) }
    guard let first = rest.first else { throw malformed("ends within a list", line) }
    switch first {
    case "[":
      rest.removeFirst()
      var elements: [JSONValue] = []
      while true {
        rest = rest.drop { $0 == " " || $0 == "," }
        if rest.first == "]" {
          rest.removeFirst()
          return .array(elements)
        }
        elements.append(try flow(&rest, line, within: true, depth: depth + 1))
      }
    case "\"", "'":
      rest.removeFirst()
      guard let end = rest.firstIndex(of: first) else {
        throw malformed("has no closing quote", line)
      }
      let text = rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard !(first == "\"" && text.contains("\\")), rest.first != first else {
        throw malformed("has a quote or an escape within quotes", line)
      }
      return .string(String(text))
    case "{", "&", "*", "!", "|", ">", "%", "@", "`":
      throw malformed("uses '\(first)', which is not read", line)
    default:
      var text = within ? rest.prefix { $0 != "," && $0 != "]" } : rest
      rest = rest[text.endIndex...]
      while text.last == " " { text.removeLast() }
      guard within || !text.contains(": ") && !text.hasPrefix("- ") else {
        throw malformed("has two values", line)
      }
      return Self.scalar(String(text))
    }
  }

  private static func scalar(_ text: String) -> JSONValue {
    switch text {
    case "null", "~", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    // What begins with 0 is octal to some.
    let digits = text.drop { $0 == "-" || $0 == "+" }
    if digits.count > 1, digits.first == "0", digits.dropFirst().first?.isNumber == true {
      return .string(text)
    }
    if let integer = Int64(text) { return .integer(integer) }
    let isNumber = text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
    if isNumber, let number = Double(text), number.isFinite { return .number(number) }
    return .string(text)
  }

  private func malformed(_ what: String, _ line: Int) -> FileError {
    FileError(path, .malformed("line \(line) \(what)"), remedy: "write the config as JSON")
  }
}

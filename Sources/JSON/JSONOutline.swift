/// A document of which long parts stay where they lie: a vocabulary, or a file within a header, has
/// megabytes, and most readers ask for something else.
package struct JSONOutline: Sendable {
  /// Which parts are left.
  package struct Rule: Sendable {
    /// The member of the root whose members may be left; nil for the root's own members.
    let parent: String?
    /// The longest text in bytes that is read at once.
    let longest: Int

    /// Leaves members of the root's member `parent`, or of the root, whose text is longer.
    package init(within parent: String? = nil, longerThan longest: Int) {
      self.parent = parent
      self.longest = longest
    }

    /// Whether it speaks of the members of an object that lies so deep.
    func covers(depth: Int, rootKey: String?) -> Bool {
      parent == nil ? depth == 1 : depth == 2 && rootKey == parent
    }
  }

  /// The document, in which what was left is null.
  package let value: JSONValue
  /// What was left, by key.
  package let parts: [String: JSONPart]
}

/// A value's text within a document that is strict JSON.
package struct JSONPart: Sendable {
  /// The document.
  let document: [UInt8]
  /// Where the value stands in it.
  package let range: Range<Int>

  /// A string as `JSONValue.text` writes it.
  package init(writing string: String) {
    document = Array(JSONValue.string(string).text().utf8)
    range = document.indices
  }

  /// A part of a document that passed the strict scan.
  init(document: [UInt8], range: Range<Int>) {
    self.document = document
    self.range = range
  }

  /// The value's text.
  package var text: ArraySlice<UInt8> { document[range] }

  /// Whether the value is a string.
  package var isString: Bool { document[range.lowerBound] == UInt8(ascii: "\"") }

  /// The bytes that a string means in UTF-8, their place in the document where that is what they are;
  /// nil where the value is not a string.
  package var contents: ArraySlice<UInt8>? {
    guard isString else { return nil }
    var scan = StrictScan(document, path: "", base: 0, remedy: nil)
    scan.position = range.lowerBound
    guard let (plain, resolved) = try? scan.contents(resolving: true) else { return nil }
    return resolved.map { $0[...] } ?? document[plain]
  }

  /// The text that a string means; nil where the value is not a string.
  package var string: String? { contents.map { String(decoding: $0, as: UTF8.self) } }
}

extension JSONPart {
  /// Whether it is a string with those escapes that `JSONValue.text` writes, and no others.
  package var isCanonicalString: Bool {
    guard isString else { return false }
    var index = range.lowerBound + 1
    while true {
      index = PlainText.end(in: document.span, from: index)
      let byte = document[index]
      if byte == UInt8(ascii: "\"") { return true }
      if byte >= 0x80 {
        index += 1
      } else if byte == UInt8(ascii: "\\"), let length = Self.escapeLength(document[index...]) {
        index += length
      } else {
        return false
      }
    }
  }

  /// The length of the canonical escape that `text` begins with.
  private static func escapeLength(_ text: ArraySlice<UInt8>) -> Int? {
    let text = text.prefix(6)
    guard let kind = text.dropFirst().first else { return nil }
    guard kind == UInt8(ascii: "u") else {
      return "\"\\nrtbf".utf8.contains(kind) ? 2 : nil
    }
    let digits = String(decoding: text.dropFirst(2), as: UTF8.self)
    guard let value = UInt8(digits, radix: 16), value < 0x20 || value == 0x7F,
      ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value)
    else { return nil }
    return digits == digits.lowercased() && digits.utf8.count == 4 ? 6 : nil
  }
}

extension JSONPart: Equatable {
  /// Whether the two values are written in the same way.
  package static func == (left: JSONPart, right: JSONPart) -> Bool {
    left.text.elementsEqual(right.text)
  }
}

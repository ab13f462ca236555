internal import AlbertBytes

/// The law that a JSON text must keep before json-c sees it: RFC 8259, its whole grammar and
/// nothing beside it, and the numbers and keys that survive being read.
///
/// json-c is lenient: it accepts comments, single quotes and NaN, clamps large integers and keeps
/// the last of two equal keys. After this scan it has nothing left to be lenient about.
struct StrictScan {
  let bytes: [UInt8]
  let path: String
  /// Where the text begins in the file, for errors.
  let base: Int
  /// What to do instead of correcting the text, where no person wrote it.
  let remedy: Remedy?
  /// Whether integers beyond 64 bits pass, as the nearest that fit.
  var clampsIntegers = false
  /// Whether keys that Unicode holds to be the same text are two.
  var tellsFormsApart = false
  /// Which parts are left where they are.
  var leaving: JSONOutline.Rule?
  /// The parts that the rule leaves, in their order.
  private(set) var left: [(key: String, range: Range<Int>)] = []
  /// Integers beyond 64 bits that pass.
  var large: [Range<Int>] = []

  var position = 0
  /// The key of the root's member that is being scanned.
  private var rootKey: String?
  private var depth = 0
  private var values = 0
  private var containers = 0
  private var members = 0

  init(_ bytes: [UInt8], path: String, base: Int, remedy: Remedy?) {
    self.bytes = bytes
    self.path = path
    self.base = base
    self.remedy = remedy
  }

  /// Throws the first thing that is wrong.
  mutating func run() throws(FileError) {
    try refuseOtherEncodings()
    skipWhitespace()
    guard position < bytes.count else {
      throw malformed("there is no JSON text", "check that this is the file you meant")
    }
    try value()
    skipWhitespace()
    if position < bytes.count {
      try refuseComment()
      throw malformed(
        "something follows the end of the JSON text", "remove what comes after the first value")
    }
  }

  private func refuseOtherEncodings() throws(FileError) {
    let fix: Remedy = "save the file as UTF-8 without a byte order mark"
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw malformed("the JSON text begins with a byte order mark", fix)
    }
    let head = bytes.prefix(2)
    if head.elementsEqual([0xFE, 0xFF]) || head.elementsEqual([0xFF, 0xFE])
      || (head.count == 2 && head.contains(0) && !head.elementsEqual([0, 0]))
    {
      throw malformed("the JSON text is not in UTF-8 but in UTF-16 or UTF-32", fix)
    }
  }

  private mutating func value() throws(FileError) {
    values += 1
    guard values <= JSONValue.maxValues else {
      throw limit("the number of values in the JSON text", values, JSONValue.maxValues)
    }
    switch peek {
    case UInt8(ascii: "{"): try container { (scan) throws(FileError) in try scan.object() }
    case UInt8(ascii: "["): try container { (scan) throws(FileError) in try scan.array() }
    case UInt8(ascii: "\""): _ = try string(decoding: false)
    case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): try number()
    default: try literal()
    }
  }

  private mutating func container(
    _ content: (inout StrictScan) throws(FileError) -> Void
  ) throws(FileError) {
    depth += 1
    guard depth <= JSONValue.maxLevels else {
      throw limit("the nesting of the JSON text", depth, JSONValue.maxLevels)
    }
    containers += 1
    guard containers <= JSONValue.maxContainers else {
      throw limit(
        "the number of objects and arrays in the JSON text", containers, JSONValue.maxContainers)
    }
    position += 1
    try content(&self)
    depth -= 1
  }

  private mutating func object() throws(FileError) {
    // Keys that Unicode holds to be the same text are one key to Swift's dictionaries, so they are
    // one key here, but where a vocabulary tells them apart; escapes are resolved first.
    var keys: Set<String> = []
    var spellings: Set<Spelling> = []
    let rule = leaving.flatMap { $0.covers(depth: depth, rootKey: rootKey) ? $0 : nil }
    skipWhitespace()
    if take("}") { return }
    repeat {
      members += 1
      guard members <= JSONValue.maxMembers else {
        throw limit("the number of members in the JSON text", members, JSONValue.maxMembers)
      }
      let start = position
      guard peek == UInt8(ascii: "\"") else {
        try refuseComment()
        throw badKey
      }
      let key = try string(decoding: true)
      // json-c keeps keys as C strings, which end at U+0000.
      guard !key.utf8.contains(0) else {
        throw malformed("a key holds the character U+0000", "rename the key", start)
      }
      let isNew =
        tellsFormsApart ? spellings.insert(Spelling(text: key)).inserted : keys.insert(key).inserted
      guard isNew else {
        throw malformed("the key \"\(key)\" occurs twice in one object", "keep one of them", start)
      }
      skipWhitespace()
      guard take(":") else { throw unexpected("a colon after the key \"\(key)\"") }
      skipWhitespace()
      if depth == 1 { rootKey = key }
      let first = position
      try value()
      if let rule, position - first > rule.longest { left.append((key, first..<position)) }
    } while try goesOn(until: "}", "an object")
  }

  private mutating func array() throws(FileError) {
    skipWhitespace()
    if take("]") { return }
    repeat { try value() } while try goesOn(until: "]", "an array")
  }

  /// Whether a comma leads to one entry more, instead of the bracket to the end.
  private mutating func goesOn(
    until bracket: Unicode.Scalar, _ place: String
  ) throws(FileError) -> Bool {
    skipWhitespace()
    if take(bracket) { return false }
    guard take(",") else { throw unexpected("a comma or '\(bracket)' in \(place)") }
    skipWhitespace()
    if peek == UInt8(ascii: bracket) {
      throw malformed("a comma stands before the closing bracket", "remove the comma")
    }
    return true
  }

  private mutating func literal() throws(FileError) {
    for word in ["true", "false", "null"] where starts(with: word) {
      position += word.utf8.count
      return
    }
    try refuseComment()
    for word in ["NaN", "Infinity", "nan", "inf", "Inf"] where starts(with: word) {
      throw malformed("JSON has no \(word)", "write null or a finite number")
    }
    for (word, right) in [("True", "true"), ("False", "false"), ("None", "null")]
    where starts(with: word) {
      throw malformed("JSON has no \(word)", "write \(right)")
    }
    if peek == UInt8(ascii: "'") { throw singleQuotes }
    throw unexpected("a value")
  }
}

/// A text that equals only those of the same bytes.
private struct Spelling: Hashable {
  let text: String

  static func == (left: Spelling, right: Spelling) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension StrictScan {
  /// The byte at the position; nil at the end.
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Moves past `character` if it is next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  func starts(with word: String) -> Bool {
    bytes[position...].starts(with: word.utf8)
  }

  mutating func skipWhitespace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func refuseComment() throws(FileError) {
    if starts(with: "//") || starts(with: "/*") || starts(with: "#") {
      throw malformed("JSON has no comments", "remove the comment")
    }
  }

  private var badKey: FileError {
    peek == UInt8(ascii: "'") ? singleQuotes : unexpected("a key in double quotes")
  }

  private var singleQuotes: FileError {
    malformed("a string stands in single quotes", "put it in double quotes")
  }

  func unexpected(_ expected: String) -> FileError {
    guard let byte = peek else {
      return malformed(
        "the JSON text ends where \(expected) should be", "check that the file is complete")
    }
    let found =
      byte > 0x20 && byte < 0x7F
      ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
    return malformed("\(found) stands where \(expected) should be")
  }

  func malformed(_ what: String, _ fix: Remedy? = nil, _ offset: Int? = nil) -> FileError {
    FileError(
      path, .malformed(what), offset: base + (offset ?? position),
      remedy: remedy ?? fix ?? "correct the JSON text there")
  }

  func limit(_ what: String, _ value: Int, _ most: Int) -> FileError {
    FileError(
      path, .limit(of: what, value: value, most: most), offset: base + position, remedy: remedy)
  }
}

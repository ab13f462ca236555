package import AlbertBytes

extension JSONValue {
  /// The bytes of the largest document that is parsed.
  package static let largestDocument = 100 << 20
  /// The deepest nesting of objects and arrays that is parsed; a config has 3 levels.
  package static let maxLevels = 128
  /// The most values of all kinds in one document, which bounds the memory of its tree.
  package static let maxValues = 1 << 20
  /// The most objects and arrays in one document: json-c gives each some hundred bytes.
  package static let maxContainers = 1 << 18
  /// The most members of all objects in one document, each with a name of its own.
  package static let maxMembers = 1 << 18
  /// The longest number, in characters.
  package static let maxDigits = 1024

  /// Parses a whole document strictly (`StrictScan` says how), then through json-c.
  ///
  /// Throws `malformed` or `limit` with the offset, to which `offset` is added: where the text
  /// begins in the file. `remedy` replaces the usual advice where no person wrote the text.
  /// The integer `-0` is read as 0. One beyond 64 bits is an error, or with `clampsIntegers` the nearest
  /// that fits: Python's libraries write 10^30 for "no limit". With `tellsFormsApart`, keys that Unicode
  /// holds to be the same text are two, as the pieces of a vocabulary are.
  package static func parse(
    _ bytes: [UInt8], path: String, offset: Int = 0, remedy: Remedy? = nil,
    clampsIntegers: Bool = false, tellsFormsApart: Bool = false
  ) throws(FileError) -> JSONValue {
    try outline(
      bytes, path: path, offset: offset, remedy: remedy, leaving: nil,
      clampsIntegers: clampsIntegers, tellsFormsApart: tellsFormsApart
    ).value
  }

  /// Scans a whole document, but builds no values of the parts that a rule leaves.
  package static func outline(
    _ bytes: [UInt8], path: String, offset: Int = 0, remedy: Remedy? = nil,
    leaving rule: JSONOutline.Rule?, clampsIntegers: Bool = false, tellsFormsApart: Bool = false
  ) throws(FileError) -> JSONOutline {
    guard bytes.count <= largestDocument else {
      throw FileError(
        path, .limit(of: "the size of the JSON text", value: bytes.count, most: largestDocument),
        offset: offset, remedy: remedy)
    }
    var scan = StrictScan(bytes, path: path, base: offset, remedy: remedy)
    scan.clampsIntegers = clampsIntegers
    scan.tellsFormsApart = tellsFormsApart
    scan.leaving = rule
    try scan.run()
    // Versions of json-c differ in what they make of an integer that they cannot hold.
    let changes =
      scan.left.map { (range: $0.range, text: "null") }
      + scan.large.map {
        (range: $0, text: String(bytes[$0.lowerBound] == UInt8(ascii: "-") ? Int64.min : .max))
      }
    let document = JSONCDocument(changing(changes, in: bytes))
    let complaint = document.complaint
    guard complaint == nil, let value = document.value() else {
      throw FileError(
        path, .malformed("json-c refuses the JSON text: \(complaint ?? "a value has no type")"),
        offset: offset, remedy: remedy ?? "write the text with another JSON library")
    }
    return JSONOutline(
      value: value,
      parts: Dictionary(
        firstOfEach: scan.left.map { ($0.key, JSONPart(document: bytes, range: $0.range)) }))
  }

  /// The document with other texts in the place of some values.
  private static func changing(
    _ changes: [(range: Range<Int>, text: String)], in bytes: [UInt8]
  ) -> [UInt8] {
    guard !changes.isEmpty else { return bytes }
    var rest: [UInt8] = []
    var end = 0
    for (range, text) in changes.ordered(by: \.range.lowerBound)
    where range.lowerBound >= end {
      rest += bytes[end..<range.lowerBound]
      rest += text.utf8
      end = range.upperBound
    }
    return rest + bytes[end...]
  }

  /// Parses a whole file.
  package static func parse(_ file: SourceFile) throws(FileError) -> JSONValue {
    let path = file.path.string
    guard file.size <= largestDocument else {
      throw FileError(
        path, .limit(of: "the size of the JSON text", value: file.size, most: largestDocument))
    }
    return try parse(try file.bytes(at: 0, count: file.size), path: path)
  }
}

extension JSONPart {
  /// The pairs of an array such as `[["a", -1.5], ["b", 2]]`, as a vocabulary states pieces and scores,
  /// their numbers as `serde_json` reads them.
  ///
  /// Nil where the value is anything else.
  package func pairs() -> [(text: String, number: Double)]? {
    var walk = JSONWalk(self)
    var pairs: [(text: String, number: Double)] = []
    guard walk.take("[") else { return nil }
    if walk.take("]") { return walk.isAtEnd ? pairs : nil }
    repeat {
      guard walk.take("["), let text = walk.string(), walk.take(","), let number = walk.number(),
        walk.take("]")
      else { return nil }
      pairs.append((text, number))
    } while walk.take(",")
    return walk.take("]") && walk.isAtEnd ? pairs : nil
  }

  /// The members of an object such as `{"a": 0, "b": 1}`, as a vocabulary states pieces and ids.
  ///
  /// Nil where the value is anything else.
  package func integers() -> [(key: String, integer: Int)]? {
    var walk = JSONWalk(self)
    var members: [(key: String, integer: Int)] = []
    guard walk.take("{") else { return nil }
    if walk.take("}") { return walk.isAtEnd ? members : nil }
    repeat {
      guard let key = walk.string(), walk.take(":"), let integer = walk.integer() else {
        return nil
      }
      members.append((key, integer))
    } while walk.take(",")
    return walk.take("}") && walk.isAtEnd ? members : nil
  }
}

/// Walks a text that passed the strict scan, so that it need not ask what a mistake is.
private struct JSONWalk {
  private var scan: StrictScan
  private let end: Int

  init(_ part: JSONPart) {
    scan = StrictScan(part.document, path: "", base: 0, remedy: nil)
    scan.position = part.range.lowerBound
    end = part.range.upperBound
  }

  var isAtEnd: Bool { scan.position == end }

  /// Moves past a mark and the white space around it.
  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    scan.skipWhitespace()
    guard scan.position < end else { return false }
    return scan.take(mark)
  }

  mutating func string() -> String? {
    scan.skipWhitespace()
    guard scan.peek == UInt8(ascii: "\"") else { return nil }
    return try? scan.string(decoding: true)
  }

  mutating func integer() -> Int? { Int(String(decoding: digits(), as: UTF8.self)) }

  mutating func number() -> Double? { Double(serde: digits()) }

  /// What stands up to the end of a number.
  private mutating func digits() -> ArraySlice<UInt8> {
    scan.skipWhitespace()
    let start = scan.position
    while let byte = scan.peek, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"),
      byte != UInt8(ascii: "}")
    {
      scan.position += 1
    }
    return scan.bytes[start..<scan.position]
  }
}

import AlbertBytes
@testable import AlbertJSON
import Testing

@Suite struct OutlineTests {
  private func outline(_ text: String, _ rule: JSONOutline.Rule) throws -> JSONOutline {
    try JSONValue.outline(Array(text.utf8), path: "x.json", leaving: rule)
  }

  @Test func leavesLongMembersWhereTheyLie() throws {
    let text =
      #"{"a": {"long": "0123456789", "short": "0", "b": {"long": "0123456789"}}, "c": "0123456789"}"#
    let within = try outline(text, JSONOutline.Rule(within: "a", longerThan: 10))
    #expect(within.value["a"]?["long"] == .null)
    #expect(within.value["a"]?["short"] == .string("0"))
    #expect(within.value["c"] == .string("0123456789"))
    #expect(within.parts.keys.sorted() == ["b", "long"])
    #expect(within.parts["long"]?.string == "0123456789")
    #expect(within.parts["b"]?.string == nil)
    let root = try outline(text, JSONOutline.Rule(longerThan: 10))
    #expect(root.value == .object([JSONMember("a", .null), JSONMember("c", .null)]))
    #expect(root.parts["c"]?.string == "0123456789")
    let none = try outline(text, JSONOutline.Rule(within: "a", longerThan: 100))
    #expect(none.value == (try JSONValue.parse(Array(text.utf8), path: "x.json")))
    #expect(none.parts.isEmpty)
  }

  /// What is left is no less strict.
  @Test func refusesWhatParsingRefuses() {
    for text in [
      #"{"a": {"b": "\x"}}"#, #"{"a": {"b": [1, 2,]}}"#, #"{"a": {"b": 1, "b": 2}}"#,
      #"{"a": {"b": 0123}}"#, "{\"a\": {\"b\": \"\n\"}}", #"{"a": {"b": "\ud800"}}"#,
    ] {
      #expect(throws: FileError.self) {
        try outline(text, JSONOutline.Rule(within: "a", longerThan: 0))
      }
    }
  }

  @Test func resolvesEscapesOnDemand() throws {
    let text = #"{"t": "{\"a\":\"\u00e9\ud83d\ude00\n\"}", "u": "plain é"}"#
    let parts = try outline(text, JSONOutline.Rule(longerThan: 0)).parts
    #expect(parts["t"]?.string == "{\"a\":\"é😀\n\"}")
    #expect(parts["u"]?.string == "plain é")
    #expect(
      parts["t"].map { String(decoding: $0.text, as: UTF8.self) }
        == #""{\"a\":\"\u00e9\ud83d\ude00\n\"}""#)
  }

  @Test func knowsTheOneFormOfAString() throws {
    func isCanonical(_ text: String) throws -> Bool {
      try #require(try outline("{\"v\": \(text)}", JSONOutline.Rule(longerThan: 0)).parts["v"])
        .isCanonicalString
    }
    let all = String(String.UnicodeScalarView((0..<0x250).compactMap(Unicode.Scalar.init))) + "é😀"
    #expect(try isCanonical(JSONValue.string(all).text()))
    #expect(try isCanonical("\"\""))
    for text in [
      #""\/""#, #""\u0041""#, #""\u000A""#, #""\u001F""#, #""\u0022""#, #""\u00e9""#,
      #""\ud83d\ude00""#, "\"\u{7F}\"", "[1]", #""\u007F""#,
    ] {
      #expect(try !isCanonical(text), "\(text)")
    }
  }

  @Test func readsRows() throws {
    func part(_ text: String) throws -> JSONPart {
      try #require(try outline("{\"v\": \(text)}", JSONOutline.Rule(longerThan: 0)).parts["v"])
    }
    let pairs = try #require(
      try part(#"[["<pad>", 0.0], [ "\u2581a\"" , -3.5341901779174805 ],["b",-1e-3]]"#).pairs())
    #expect(pairs.map(\.text) == ["<pad>", "▁a\"", "b"])
    #expect(pairs.map(\.number) == [0, -3.5341901779174805, -1e-3])
    #expect(try part("[]").pairs()?.isEmpty == true)
    #expect(try part("{}").integers()?.isEmpty == true)
    let integers = try #require(try part("{\"a\": 0,\n \"\\\\b\" : 17}").integers())
    #expect(integers.map(\.key) == ["a", "\\b"])
    #expect(integers.map(\.integer) == [0, 17])
    for text in [
      #"[["a", 1], ["b"]]"#, #"[["a", 1, 2]]"#, #"[["a", "1"]]"#, #"[1]"#, #""x""#, "{}", "null",
      #"[["a", 1], null]"#,
    ] {
      #expect(try part(text).pairs() == nil, "\(text)")
    }
    for text in [
      #"{"a": 1.5}"#, #"{"a": "1"}"#, #"{"a": null}"#, "[1]", #"{"a": 99999999999999999999e1}"#,
    ] {
      #expect(try part(text).integers() == nil, "\(text)")
    }
  }

  /// What tokenizers 0.22.2 writes of numbers that it read: most are none of the nearest.
  @Test(arguments: [
    ("-7.4820009081734185", -7.482000908173419), ("-7.7471319906659435", -7.747131990665944),
    ("22.37398687924832876e-61", 2.2373986879248327e-60),
    ("-9.421451830283154", -9.421451830283154),
    ("-22.5500203383534692063630748e-187", -2.255002033835347e-186),
    ("14.53293432774942613e67", 1.453293432774943e68),
    ("-11.61925191271045980946", -11.619251912710459),
    ("-63.74488535674439170404e15", -6.37448853567444e16), ("1e-5", 0.00001), ("-1E+2", -100),
    ("7", 7),
    ("-12345678901234567890.5", -1.2345678901234567e19), ("1.0e-400", 0), ("2.5e-307", 2.5e-307),
    ("-123456789012345678901234567890", -1.2345678901234568e29),
    ("4.9e-324", .leastNonzeroMagnitude),
    ("-0.000000000000000000000012345", -1.2345e-23),
    ("18446744073709551615.5", 1.8446744073709552e19),
    ("-1.7976931348623157e308", -1.7976931348623157e308), ("0", 0),
  ]) func numbersAreThoseOfTheTokenizersLibrary(_ text: String, _ expected: Double) {
    #expect(Double(serde: Array(text.utf8)[...]) == expected)
  }

  @Test(arguments: ["", "-", ".", "+1", "1-2", "1e", "1.2.3", "1e400", "nan", "1e99999999999"])
  func whatIsNoNumberIsNone(_ text: String) {
    #expect(Double(serde: Array(text.utf8)[...]) == nil)
  }

  /// Never more than the last bits from the nearest number.
  @Test func numbersAreNearTheNearest() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<5000 {
      let value = Double.random(in: -20...20, using: &random)
      let read = Double(serde: Array(value.description.utf8)[...])
      #expect(read.map { abs($0 - value) <= 2 * value.ulp } == true, "\(value)")
    }
  }
}

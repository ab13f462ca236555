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

  /// The short way for decimal fractions rounds as the C library does.
  @Test func roundsDecimalFractionsExactly() {
    var random = SystemRandomNumberGenerator()
    var taken = 0
    for round in 0..<20_000 {
      let text: String
      switch round % 4 {
      case 0: text = Double(Float.random(in: -20...20, using: &random)).description
      case 1: text = Double.random(in: -1...1, using: &random).description
      case 2: text = Double.random(in: 0...1e15, using: &random).description
      default:
        // Half way between two doubles, and just beside it.
        let step = UInt64.random(in: 1 << 53...1 << 54, using: &random)
        text = "\(step | 1).\(["0", "1", "00", "5"][round / 4 % 4])"
      }
      guard let value = Double(decimal: Array(text.utf8)[...]) else { continue }
      taken += 1
      #expect(value == Double(text), "\(text)")
    }
    #expect(taken > 15_000)
    for text in [
      "1e3", "", "-", ".", "12345678901234567890", "+1", "0", "0.000000000000000001", "1-2",
    ] {
      #expect(Double(decimal: Array(text.utf8)[...]) == nil, "\(text)")
    }
  }
}

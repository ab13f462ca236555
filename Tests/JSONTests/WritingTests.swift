import AlbertBytes
import AlbertJSON
import Testing

@Suite struct WritingTests {
  private let document = JSONValue.object([
    JSONMember("z", .integer(-7)),
    JSONMember("a", .array([.null, .bool(true), .array([]), .object([])])),
    JSONMember("k\"ey", .object([JSONMember("eps", .number(1e-12))])),
  ])

  @Test func writesCompactly() {
    #expect(
      document.text()
        == #"{"z":-7,"a":[null,true,[],{}],"k\"ey":{"eps":1e-12}}"#)
  }

  @Test func writesPrettily() {
    #expect(
      document.text(pretty: true) == """
        {
          "z": -7,
          "a": [
            null,
            true,
            [],
            {}
          ],
          "k\\"ey": {
            "eps": 1e-12
          }
        }
        """)
  }

  @Test func escapesWhatHidesForReaders() {
    let text = "a\u{9B}31m\u{202E}\u{2066}\u{200F}\u{61C}\u{2028}é"
    let value = JSONValue.object([JSONMember(text, .array([.string(text)]))])
    let escaped = #"a\u009b31m\u202e\u2066\u200f\u061c\u2028é"#
    #expect(value.text(escaping: .whatHides) == "{\"\(escaped)\":[\"\(escaped)\"]}")
    // Files keep the one form that their readers compare.
    #expect(value.text() == "{\"\(text)\":[\"\(text)\"]}")
  }

  @Test func escapesWhatJSONDemands() {
    #expect(
      JSONValue.string("\"\\/\u{8}\u{C}\n\r\t\0\u{1F}\u{7F}é😀").text()
        == #""\"\\/\b\f\n\r\t\u0000\u001f\u007fé😀""#)
  }

  @Test(
    arguments: [
      (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (1e16, "1e+16"), (1e-12, "1e-12"),
      (0.1 + 0.2, "0.30000000000000004"), (.leastNonzeroMagnitude, "5e-324"), (.nan, "null"),
      (.infinity, "null"),
      (-.infinity, "null"),
    ] as [(Double, String)])
  func writesTheShortestDigits(_ value: Double, _ text: String) {
    #expect(JSONValue.number(value).text() == text)
  }

  /// Bit patterns of all exponents, from a fixed generator.
  @Test func doublesReadBackBitForBit() throws {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<5_000 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let value = Double(bitPattern: state)
      guard value.isFinite else { continue }
      let text = JSONValue.number(value).text()
      let back = try JSONValue.parse(Array(text.utf8), path: "t.json")
      guard case .number(let number) = back else {
        Issue.record("\(text) is no fraction")
        continue
      }
      #expect(number.bitPattern == value.bitPattern)
    }
  }

  @Test(arguments: [true, false]) func readsBackWhatItWrote(_ pretty: Bool) throws {
    let text = document.text(pretty: pretty)
    #expect(try JSONValue.parse(Array(text.utf8), path: "t.json") == document)
  }

  /// Plain text is passed over eight characters at a time; what is none is found at each place.
  @Test func findsWhatMeansMoreThanItselfAtEachPlace() throws {
    let others = ["\"", "\\", "\n", "\u{1}", "\u{1F}", "\u{7F}", "\u{80}", "é", "語", "😀"]
    for length in 0..<26 {
      for place in 0...length {
        for other in others {
          let text =
            String(repeating: "~", count: place) + other
            + String(repeating: " ", count: length - place)
          let written = JSONValue.string(text).text()
          #expect(try JSONValue.parse(Array(written.utf8), path: "") == .string(text))
          let isEscaped = ["\"", "\\", "\n", "\u{1}", "\u{1F}"].contains(other)
          #expect(written.utf8.count > text.utf8.count + (isEscaped ? 2 : 1))
        }
      }
    }
  }
}

import AlbertBytes
import Testing

struct TextSearchTests {
  @Test(arguments: [
    ("a.b.c", ".", ["a", "b", "c"]), (".a..", ".", ["", "a", "", ""]), ("abc", "abc", ["", ""]),
    ("aaa", "aa", ["", "a"]), ("ab", "abc", ["ab"]), ("", "x", [""]), ("ab", "", ["ab"]),
    ("x{scope}/y{scope}", "{scope}", ["x", "/y", ""]),
  ])
  func partsAreWhatStandsBetween(text: String, separator: String, parts: [String]) {
    #expect(text.parts(between: separator) == parts)
    if !separator.isEmpty { #expect(parts.joined(separator: separator) == text) }
  }

  @Test func theRestComesBehindTheFirstOccurrence() {
    #expect("a.b.c".rest(behind: ".") == "b.c")
    #expect("albert_layers.3"[...].rest(behind: "layers.") == "3")
    #expect("ab".rest(behind: "b") == "")
    #expect("ab".rest(behind: "ba") == nil)
    #expect("a".rest(behind: "ab") == nil)
  }

  /// A dot that an accent follows is another character, but the same byte.
  @Test func textsAreBytes() {
    #expect("a.\u{301}b".exchanging(".", for: "|") == "a|\u{301}b")
    #expect("é/ü"[...].exchanging("/", for: "::") == "é::ü")
  }

  @Test func whatIsExchangedIsNotSearchedAgain() {
    #expect("aXa".exchanging("a", for: "aa") == "aaXaa")
  }
}

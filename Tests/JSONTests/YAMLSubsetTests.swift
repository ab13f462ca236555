import AlbertBytes
import AlbertJSON
import Testing

/// The part of YAML in which configs are written, and the refusal of the rest.
@Suite struct YAMLSubsetTests {
  @Test func readsWhatConfigsAreWrittenIn() throws {
    let text = "---\na: 1 # one\nb:\n  c: \"x # y\"\n  d: [1, [2.5, yes]]\ne:\n- 1e-3\n- ~\nf: -7\n"
    #expect(
      try YAMLSubset.parse(Array(text.utf8), path: "c.yml").text()
        == "{\"a\":1,\"b\":{\"c\":\"x # y\",\"d\":[1,[2.5,\"yes\"]]},\"e\":[0.001,null],\"f\":-7}")
  }

  @Test(arguments: [
    ("\u{FEFF}a: 1\r\nb:\r\n  c: 'd'\r\n", "{\"a\":1,\"b\":{\"c\":\"d\"}}"),
    ("a: 010\nb: 0.5\nc: 0\nd: -0x1", "{\"a\":\"010\",\"b\":0.5,\"c\":0,\"d\":\"-0x1\"}"),
    ("a:\n  b:\n    c: 1\n  d: 2\ne:", "{\"a\":{\"b\":{\"c\":1},\"d\":2},\"e\":null}"),
    ("'a': True\n\"b\": null\n# c\n\nd: a#b", "{\"a\":true,\"b\":null,\"d\":\"a#b\"}"), ("", "{}"),
  ]) func readsTheSameEverywhere(_ text: String, _ json: String) throws {
    #expect(try YAMLSubset.parse(Array(text.utf8), path: "c.yml").text() == json)
  }

  @Test(arguments: [
    ("a: 1\na: 2", "line 2 states 'a' again"), ("a: *x", "line 1 uses '*', which is not read"),
    ("a: |\n  x", "line 1 uses '|', which is not read"), ("a: {b: 1}", "line 1 uses '{'"),
    ("a: 1\n  b: 2", "line 2 is indented as nothing above it"), ("a", "line 1 is no 'key: value'"),
    ("\ta: 1", "line 1 is indented by a tab"), ("a: [1", "line 1 ends within a list"),
    ("a: \"x", "line 1 has no closing quote"), ("a: b: c", "line 1 has two values"),
    ("- - 1", "line 1 has two values"), ("a: x\n  y", "line 2 is indented as nothing above it"),
    ("a: \"\\u0041\"", "line 1 has a quote or an escape within quotes"),
    (String(repeating: "[", count: 99), "line 1"),
    ("a: " + String(repeating: "[", count: 99), "line 1 is nested too deeply"),
  ]) func refusesOtherYAML(_ text: String, _ message: String) {
    #expect {
      try YAMLSubset.parse(Array(text.utf8), path: "c.yml")
    } throws: { error in
      "\(error)".contains(message) && "\(error)".hasSuffix("write the config as JSON")
    }
  }
}

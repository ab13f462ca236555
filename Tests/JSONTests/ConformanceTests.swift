import AlbertBytes
import AlbertJSON
import Testing

/// The cases of JSONTestSuite, written out: what every parser must accept and must reject.
@Suite struct ConformanceTests {
  static let accepted: [String] = [
    "[[]   ]", "[\"\"]", "[]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[null]", "[1\n]",
    " [1]", "[1,null,null,null,2]", "[2] ", "[123e65]", "[0e+1]", "[0e1]", "[ 4]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    "[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]",
    "[1e-2]", "[1e+2]", "[123]", "[123.456789]", #"{"asd":"sdf", "dasd":"fghj"}"#,
    #"{"asd":"sdf"}"#, "{}", #"{"":0}"#, #"{"min": -1.0e+28, "max": 1.0e+28}"#,
    #"{"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}]}"#, #"{"a":[]}"#,
    #"{"title":"Полтора"}"#, "{\n\"a\": \"b\"\n}",
    "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
    #"["\"\\\/\b\f\n\r\t"]"#, #"["\\u0000"]"#, #"["\""]"#, "[\"a/*b*/c/*d//e\"]", #"["\\a"]"#,
    #"["\\n"]"#, #"["\u0012"]"#, #"["\uFFFF"]"#, "[\"asd\"]", "[ \"asd\"]", "[\"\u{10FFFF}\"]",
    "[\"\u{FFFF}\"]", #"["\u0000"]"#, #"["\u002c"]"#, "[\"π\"]", "[\"asd \"]", "\" \"",
    #"["\uD834\uDd1e"]"#, #"["\u0821"]"#, #"["\u0123"]"#, "[\"\u{2028}\"]", "[\"\u{2029}\"]",
    #"["\u0061\u30af\u30EA\u30b9"]"#, "[\"new\\u00A0line\"]", "[\"\u{7F}\"]", "[\"\u{1BFFF}\"]",
    #"["\uA66D"]"#, #"["\u005C"]"#, "[\"⍂㈴⍂\"]", #"["\u0022"]"#, #"["\uDBFF\uDFFE"]"#,
    #"["\u200B"]"#, #"["\u2064"]"#, #"["\uFDD0"]"#, #"["\uFFFE"]"#, "false", "42", "-0.1", "null",
    "\"asd\"", "true", "\"\"", "[\"a\"]\n", "[true]", " [] ", "\t[\r\n]",
  ]

  @Test(arguments: accepted) func accepts(_ text: String) throws {
    _ = try JSONValue.parse(Array(text.utf8), path: "t.json")
  }

  static let rejected: [String] = [
    "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]",
    "[\"x\"", "[x", "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]",
    "[1,,]", "[\"\u{B}a\"\\f]", "[*]", "[\"\"", "[1,", "[1,\n1\n,1", "[{}", "[fals]", "[nul]",
    "[tru]", "123\0", "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[-NaN]", "[.-1]",
    "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]",
    "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]",
    "[9.e+]", "[Inf]", "[NaN]", "[\u{FF11}]", "[1+2]", "[0x1]", "[0x42]", "[Infinity]",
    "[0e+-1]", "[-123.123foo]", "[-Infinity]", "[-foo]", "[- 1]", "[-012]", "[-.123]", "[-1x]",
    "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]", "[012]",
    "[\"x\", truth]", "{[: \"x\"}\n", #"{"x", null}"#, #"{"x"::"b"}"#, "{🇨🇭}", #"{"a":"a" 123}"#,
    "{key: 'value'}", #"{"a" b}"#, "{:\"b\"}", #"{"a" "b"}"#, #"{"a":"#, #"{"a""#, "{1:1}",
    "{9999E9999:1}", "{null:null,null:null}", #"{"id":0,,,,,}"#, "{'a':0}", #"{"id":0,}"#,
    #"{"a":"b"}/**/"#, #"{"a":"b"}/**//"#, #"{"a":"b"}//"#, #"{"a":"b"}/"#, #"{"a":"b",,"c":"d"}"#,
    "{a: \"b\"}", #"{"a":"a"#, #"{ "foo" : "bar", "a" }"#, #"{"a":"b"}#"#, " ", #"["\uD800\"]"#,
    #"["\uD800\u"]"#, #"["\uD800\u1"]"#, #"["\uD800\u1x"]"#, "[é]", #"["\x00"]"#, #"["\\\"]"#,
    "[\"\\\t\"]", "[\"\\🌀\"]", #"["\"]"#, #"["\u00A"]"#, #"["\uD834\uDd"]"#,
    #"["\uD800\uD800\x"]"#, #"["\a"]"#, #"["\uqqqq"]"#, "[\\u0020\"asd\"]", "[\\n]", "\"",
    "['single quote']", "abc", "[\"\\", "[\"a\0a\"]", "[\"new\nline\"]", "[\"\t\"]", #""\UA66D""#,
    "\"\"x", "<.>", "[<null>]", "[1]x", "[1]]", "[\"asd]", "aå", "[True]", "1]", "{\"x\": true,",
    "[][]", "]", "{}}", #"{"":"#, "", "[", #"{"a": true} "x""#, "['", "[\"a", "[\"a\"", "{", "{]",
    "{,", "{[", "{\"a", "{'a'", #"["\{["\{["\{["\{"#, "é", "*", #"{"a":"b"}#{}"#, "[\\u000A\"\"]",
    "[1", "[ false, nul", "[ true, fals", "[ false, tru", #"{"asd":"asd""#, "[\u{2060}]",
    "\u{FEFF}", "[\u{C}]", "{\"a\":/*comment*/\"b\"}", "[1,2", "[nan]", "nullx",
    // Left to the parser by the suite, and refused here.
    #"["\uDADA"]"#, #"["\uD888\u1234"]"#, #"["\uDd1e\uD834"]"#, #"["\uDFAA"]"#, #"["\ud800"]"#,
    #"["\uD800\n"]"#, "[1e400]", "[-1e9999]", "[123123e100000]", "[123e-10000000]",
    "[100000000000000000000]", "[-123123123123123123123123123123]", "\u{FEFF}{}",
    #"{"a":"b","a":"c"}"#, #"{"a":"b","a":"b"}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0000":1}"#,
    "{\"\u{E9}\":1,\"e\u{301}\":2}",
  ]

  @Test(arguments: rejected) func rejects(_ text: String) {
    #expect(throws: FileError.self) { try JSONValue.parse(Array(text.utf8), path: "t.json") }
  }

  /// Bytes that no Swift string can hold: overlong forms, encoded surrogates, lone continuations.
  static let invalidUTF8: [[UInt8]] = [
    [0xFF], [0x81], [0xE9], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
    [0xF4, 0x90, 0x80, 0x80],
    [0xF0, 0x80, 0x80, 0xAF], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    [0xC3, 0x28], [0xED, 0xB2, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x28, 0xA1],
  ]

  @Test(arguments: invalidUTF8) func rejectsInvalidUTF8(_ bytes: [UInt8]) {
    for text in [[0x5B, 0x22] + bytes + [0x22, 0x5D], [0x22] + bytes, [0x5B] + bytes + [0x5D]] {
      #expect(throws: FileError.self) { try JSONValue.parse(text, path: "t.json") }
    }
  }

  @Test func rejectsOtherEncodings() {
    for text: [UInt8] in [
      [0xFF, 0xFE, 0x5B, 0, 0x5D, 0], [0, 0x5B, 0, 0x5D], [0x5B, 0, 0x5D, 0],
    ] {
      #expect(throws: FileError.self) { try JSONValue.parse(text, path: "t.json") }
    }
  }
}

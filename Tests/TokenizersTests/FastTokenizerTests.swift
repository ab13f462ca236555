import AlbertBytes
import AlbertTokenizers
import Testing

/// The tokenizers library's: ids that transformers 4.41.2 with tokenizers 0.19.1 gave.
@Suite struct FastTokenizerTests {
  @Test func aSentencePieceModelIsReadAsTheLibraryConvertsIt() throws {
    let files = try Fixtures.files("multilingual", ["spiece.model"])
    let tokenizer = try Tokenizer(files, family: .fast)
    for (text, ids) in try Fixtures.truth("multilingual/fast.json") {
      #expect(tokenizer.encode(text).ids == ids, "\(text.debugDescription)")
    }
  }

  @Test func theDeclaredClassSaysWhich() throws {
    var files = try Fixtures.files("multilingual", ["spiece.model"])
    files.contents["tokenizer_config.json"] = Array(
      #"{"tokenizer_class":"AlbertTokenizerFast"}"#.utf8)
    let text = "\u{915}\u{93F} 1990, x"
    let fast = try Tokenizer(files).encode(text).ids
    #expect(try Tokenizer(files, family: .fast).encode(text).ids == fast)
    #expect(try Tokenizer(files, family: .slow).encode(text).ids != fast)
  }

  @Test func aPipelineFileHasItsIdsAndOffsets() throws {
    let files = try Fixtures.files("pipeline", ["tokenizer.json", "tokenizer_config.json"])
    let tokenizer = try Tokenizer(files)
    for (text, ids, offsets) in try Fixtures.truthWithOffsets("pipeline/fast.json") {
      let encoding = tokenizer.encode(text)
      #expect(encoding.ids == ids, "\(text.debugDescription)")
      let found = encoding.offsets.map { $0?.scalars ?? 0..<0 }
      #expect(found == offsets, "\(text.debugDescription)")
    }
  }

  @Test func wordPieceInBothFamilies() throws {
    let files = try Fixtures.files("wordpiece", ["vocab.txt"])
    for family in [TokenizerFamily.slow, .fast] {
      let tokenizer = try Tokenizer(files, family: family)
      for (text, ids) in try Fixtures.truth("wordpiece/\(family.rawValue).json") {
        #expect(tokenizer.encode(text).ids == ids, "\(family) \(text.debugDescription)")
      }
    }
  }

  @Test func aPairIsCutAsItsFamilyCuts() throws {
    let files = try Fixtures.files("wordpiece", ["vocab.txt"])
    let options = EncodingOptions(maximumLength: 8, addsSpecialTokens: true)
    let letters = "a a a a a a a a"
    let slow = try Tokenizer(files, family: .slow).encode(letters, pair: letters, options)
    let fast = try Tokenizer(files, family: .fast).encode(letters, pair: letters, options)
    #expect(slow.textIndices.count { $0 == 0 } == 3)
    #expect(fast.textIndices.count { $0 == 0 } == 2)
    #expect(slow.count == 8 && fast.count == 8)
    #expect(slow.cutCount == 11)
  }

  /// U+FDD0, which Swift's literals do not take, between two letters.
  private static let noncharacter = String(decoding: [0x61, 0xEF, 0xB7, 0x90, 0x62], as: UTF8.self)

  /// What tokenizers 0.23.3 makes of characters that Unicode has had since 9.0 (8.0 for BERT), or has
  /// put into another category: its tables have not followed.
  @Test(arguments: [
    ("NFKC", "\u{C04}\u{301} e\u{301}", "\u{C04}\u{301} \u{E9}"), ("NFKC", "\u{AB69}", "\u{AB69}"),
    ("NFKC", "\u{32FF} \u{3300}", "\u{32FF} \u{30A2}\u{30D1}\u{30FC}\u{30C8}"),
    ("NFD", "\u{1DF6}\u{301}", "\u{1DF6}\u{301}"), ("NFD", "\u{11938}", "\u{11938}"),
    ("NFC", "\u{11935}\u{11930}", "\u{11935}\u{11930}"),
    ("StripAccents", "\u{C04}\u{301} e\u{301}", "\u{C04} e"),
    ("StripAccents", "\u{EBA}\u{EBB}\u{1734}\u{1885}", "\u{EBA}"),
    ("BertNormalizer", "\u{EBA}\u{EBB}", "\u{EBA}"),
    ("BertNormalizer", "\u{1734}\u{1885}", "\u{1885}"),
    ("BertNormalizer", noncharacter, noncharacter),
    (
      "Nmt",
      "a\u{1}b\u{B}c\u{7F}d\u{8F}e\u{9F}f\tg\u{1680}h\u{200B}i\u{2028}j\u{2581}k\u{FEFF}l\u{A0}m",
      "abcdef g h i j k l\u{A0}m"
    ),
  ]) func newerCharactersAreTheLibrarys(_ kind: String, _ text: String, _ expected: String) throws {
    let bytes = (0..<256).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "[\"<0x\(byte < 16 ? "0" : "")\(digits)>\", -5]"
    }
    let bert =
      #", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true"#
    let rules = kind == "BertNormalizer" ? bert : ""
    let json = """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "\(kind)"\(rules)}, "pre_tokenizer": null, "post_processor": null,
       "decoder": null, "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true,
       "vocab": [["<unk>", 0], \(bytes.joined(separator: ", "))]}}
      """
    let files = TokenizerFiles(["tokenizer.json": Array(json.utf8)], path: "tables")
    let ids = try Tokenizer(files).encode(text).ids
    #expect(ids == expected.utf8.map { Int($0) + 1 })
  }

  private func unigram(_ vocabulary: String, digits isIndividual: Bool? = nil) throws -> Tokenizer {
    let splits = isIndividual.map { #"{"type": "Digits", "individual_digits": \#($0)}"# } ?? "null"
    let json = """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
       "pre_tokenizer": \(splits), "post_processor": null, "decoder": null,
       "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": \(vocabulary)}}
      """
    return try Tokenizer(TokenizerFiles(["tokenizer.json": Array(json.utf8)], path: "made"))
  }

  /// Two ways to cut 666 whose scores differ in the last bit, as tokenizers 0.22.2 reads them.
  @Test(arguments: [
    ("\u{E7}666", [4, 1, 2]), ("\u{DA}666", [5, 1, 2]),
    ("\u{DA}\u{E7}\u{DA}\u{1B0}\u{C0}666", [5, 4, 5, 6, 3, 2, 1]),
  ]) func theLastBitOfAScoreIsTheLibrarys(_ text: String, _ ids: [Int]) throws {
    let tokenizer = try unigram(
      #"""
      [["<unk>", 0.0], ["6", -6.979635513372547], ["66", -8.421451830283154],
       ["\u00c0", -9.221303112456397], ["\u00e7", -9.744506071758027],
       ["\u00da", -10.117531428853441], ["\u01b0", -10.368241395911003]]
      """#)
    #expect(tokenizer.encode(text).ids == ids)
  }

  /// Chinese numerals are letters, Roman ones and fractions are digits (tokenizers 0.22.2).
  @Test(arguments: [(true, [3, 4, 5, 7, 2]), (false, [3, 4, 9, 2])])
  func digitsAreTheLibrarys(_ isIndividual: Bool, _ ids: [Int]) throws {
    let tokenizer = try unigram(
      #"""
      [["<unk>", 0], ["\u5468", -5], ["\u4e09", -5], ["\u5468\u4e09", -4], ["1", -5], ["2", -5],
       ["12", -4], ["\u2167", -5], ["\u4e091", -1], ["2\u2167", -1]]
      """#, digits: isIndividual)
    #expect(tokenizer.encode("\u{5468}\u{4E09}12\u{2167}\u{4E09}").ids == ids)
  }
}

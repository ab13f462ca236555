import AlbertBytes
import AlbertJSON
import AlbertTokenizers
import SystemPackage
import Testing

/// The tokenizers written in Python: ids that transformers 4.41.2 with sentencepiece 0.2.3 gave.
@Suite struct SlowTokenizerTests {
  @Test func everyLineHasTheIdsOfTransformers() throws {
    let tokenizer = try Tokenizer(Fixtures.files("multilingual", ["spiece.model"]))
    #expect(tokenizer.vocabularySize == 2000)
    for (text, ids) in try Fixtures.truth("multilingual/slow.json") {
      #expect(tokenizer.encode(text).ids == ids, "\(text.debugDescription)")
    }
  }

  @Test func aPairIsTwoSegments() throws {
    let tokenizer = try Tokenizer(Fixtures.files("multilingual", ["spiece.model"]))
    let first = tokenizer.encode("one", EncodingOptions(addsSpecialTokens: false)).ids
    let second = tokenizer.encode("two, three", EncodingOptions(addsSpecialTokens: false)).ids
    let pair = tokenizer.encode("one", pair: "two, three")
    #expect(pair.ids == [2] + first + [3] + second + [3])
    #expect(
      pair.tokenTypeIDs
        == Array(repeating: 0, count: first.count + 2)
        + Array(repeating: 1, count: second.count + 1))
    #expect(pair.specialTokensMask.filter { $0 }.count == 3)
  }

  @Test func offsetsCountScalarsAndBytes() throws {
    let tokenizer = try Tokenizer(Fixtures.files("multilingual", ["spiece.model"]))
    let text = "  É\u{301} [MASK] 1,5"
    let encoding = tokenizer.encode(text)
    let scalars = Array(text.unicodeScalars)
    let bytes = Array(text.utf8)
    for span in encoding.offsets.compactMap({ $0 }) {
      let part = String(String.UnicodeScalarView(scalars[span.scalars]))
      #expect(Array(part.utf8) == Array(bytes[span.bytes]))
    }
    let mask = try #require(encoding.ids.firstIndex(of: 4))
    let span = try #require(encoding.offsets[mask])
    #expect(String(String.UnicodeScalarView(scalars[span.scalars])) == "[MASK]")
    #expect(encoding.pieces[mask] == "[MASK]")
  }
}

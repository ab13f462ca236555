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
}

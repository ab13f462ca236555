import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertJSON
import AlbertTestSupport
import AlbertTokenizers
import SystemPackage
import Testing

@testable import AlbertPipelines

/// The trained sample, as Google's code would have left it, answers as transformers' pipelines do.
@Suite struct TrainedModelTests {
  private static let folder = PackageFiles.root.appending("samples/bible")

  private static let truth: JSONValue = {
    (try? JSONValue.parse(SourceFile(Truth.folder.appending("bible.json")))) ?? .null
  }()

  private static func albert() throws -> Albert {
    let vocabulary = try SourceFile(folder.appending("30k-clean.model"))
    let bytes = try vocabulary.bytes(at: 0, count: vocabulary.size)
    let model = try LoadedModel(folder).model
    return try Albert(
      model,
      try Tokenizer(TokenizerFiles([TokenizerFiles.sentencePiece: bytes], path: folder.string)),
      try ForwardEngine(.fast, model), path: folder.string)
  }

  @Test func wordsAtEveryMask() throws {
    let albert = try Self.albert()
    let texts = try #require(Self.truth["texts"]?.elements).compactMap(\.string)
    let expected = try #require(Self.truth["masks"]?.elements)
    #expect(texts.count == 3 && expected.count == 3)
    for (text, theirs) in zip(texts, expected) {
      let masks = try albert.fillMask(text)
      // A single mask's words are not in a list of their own.
      let lists = theirs.elements ?? []
      let nested = lists.first?.elements == nil ? [lists] : lists.map { $0.elements ?? [] }
      #expect(masks.count == nested.count)
      for (mask, words) in zip(masks, nested) {
        #expect(mask.words.count == words.count)
        for (mine, word) in zip(mask.words, words) {
          #expect(mine.id == word["token"]?.integer && mine.word == word["token_str"]?.string)
          #expect(mine.probability.isClose(to: word["score"]?.double), "\(mine) \(word)")
        }
      }
    }
    #expect(try albert.fillMask(texts[0])[0].words[0].word == "israel")
  }

  @Test func orderAndVector() throws {
    let albert = try Self.albert()
    let texts = try #require(Self.truth["texts"]?.elements).compactMap(\.string)
    let order = try #require(Self.truth["order"]?.elements).compactMap(\.double)
    let found = try albert.order(texts[0], texts[2])
    #expect(found.inOrder.isClose(to: order[0]) && found.swapped.isClose(to: order[1]))
    let vector = try #require(Self.truth["embedding"]?.elements).compactMap(\.double)
    let mine = try albert.embed(texts[2])
    #expect(mine.count == vector.count)
    for (left, right) in zip(mine, vector) { #expect(abs(Double(left) - right) < 1e-5) }
  }

  @Test func aTextWithoutAMaskIsTold() throws {
    let albert = try Self.albert()
    let error = failure { try albert.fillMask("no mask at all") }
    #expect(error.contains("[MASK]"), "\(error)")
    #expect(failure { try albert.classify("x") }.contains("sequence-classification head"))
  }
}

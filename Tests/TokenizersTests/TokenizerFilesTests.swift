import AlbertBytes
import AlbertTokenizers
import Testing

/// Files that are missing, broken or hostile.
@Suite struct TokenizerFilesTests {
  @Test func aFolderWithoutOneSaysWhatWasLookedFor() throws {
    do {
      _ = try Tokenizer(TokenizerFiles([:], path: "model"))
      Issue.record("nothing was read")
    } catch {
      #expect(error.code == "missing")
      for name in ["spiece.model", "tokenizer.json", "vocab.txt", "30k-clean.model"] {
        #expect(error.remedy.contains(name))
      }
    }
  }

  @Test func everyPrefixOfAModelIsRefusedOrRead() throws {
    let model = try Fixtures.bytes("multilingual/spiece.model")
    for length in stride(from: 0, to: model.count, by: 9973) {
      let files = TokenizerFiles(["spiece.model": Array(model[..<length])], path: "x")
      if let tokenizer = try? Tokenizer(files) { _ = tokenizer.encode("abc \u{915}\u{93F}") }
    }
  }

  @Test func flippedBitsAreRefusedOrRead() throws {
    let model = try Fixtures.bytes("multilingual/spiece.model")
    var random = SystemRandomNumberGenerator()
    for _ in 0..<40 {
      var broken = model
      for _ in 0..<8 {
        let place = Int.random(in: 0..<model.count, using: &random)
        broken[place] ^= UInt8.random(in: 1...255, using: &random)
      }
      let files = TokenizerFiles(["spiece.model": broken], path: "x")
      if let tokenizer = try? Tokenizer(files) { _ = tokenizer.encode("ab\u{301}c 12, \u{FB01}") }
    }
  }

  @Test func filesGoIntoATextAndBack() throws {
    let files: [(name: String, bytes: [UInt8])] = [
      ("vocab.txt", [0, 1, 255]), ("spiece.model", []), ("tokenizer.json", [7, 8]),
    ]
    let text = try #require(EmbeddedFiles.text(files))
    let back = try TokenizerFiles(embedded: text, path: "x.albert")
    for (name, bytes) in files { #expect(back.contents[name] == bytes) }
    #expect(throws: FileError.self) {
      _ = try TokenizerFiles(embedded: #"{"../evil":"AA=="}"#, path: "x")
    }
    #expect(throws: FileError.self) {
      _ = try TokenizerFiles(embedded: #"{"vocab.txt":"A*=="}"#, path: "x")
    }
  }

  @Test func whatIsNotKnownIsNamed() throws {
    let json = #"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#
    do {
      _ = try Tokenizer(TokenizerFiles(["tokenizer.json": Array(json.utf8)], path: "x"))
      Issue.record("a BPE was read")
    } catch {
      #expect(error.message.contains("BPE"))
    }
  }

  @Test func aLongLineTakesTimeInProportion() throws {
    let tokenizer = try Tokenizer(Fixtures.files("multilingual", ["spiece.model"]))
    let clock = ContinuousClock()
    let line = String(repeating: "a", count: 1 << 18)
    let time = clock.measure { _ = tokenizer.encode(line) }
    #expect(time < .seconds(60))
  }
}

/// Two tokenizers that are not the same.
@Suite struct TokenizerComparisonTests {
  private func tokenizer(_ change: (inout [String]) -> Void) throws -> Tokenizer {
    let text = String(decoding: try Fixtures.bytes("wordpiece/vocab.txt"), as: UTF8.self)
    var lines = text.split(separator: "\n").map(String.init)
    change(&lines)
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    return try Tokenizer(TokenizerFiles(["vocab.txt": bytes], path: "x"))
  }

  private func differences(_ change: (inout [String]) -> Void) throws -> [String] {
    TokenizerComparison(try tokenizer(change), with: try tokenizer { _ in }).differences
  }

  @Test func theSameHaveNoDifference() throws {
    #expect(try differences { _ in }.isEmpty)
  }

  @Test func aShiftIsNamed() throws {
    let found = try differences { $0.insert("[new]", at: 0) }
    #expect(found.first?.contains("shifted") == true)
    #expect(found.first?.contains("1 row later") == true)
  }

  @Test func aShiftBehindARowIsNamed() throws {
    let removed = try differences { $0.remove(at: 250) }
    let words = "from row 251 on: the reference's pieces stand 1 row earlier"
    #expect(removed.first?.contains(words) == true, "\(removed)")
    let count = try differences { $0 = Array($0.dropFirst(2)) }
    #expect(count.first?.contains("2 rows earlier") == true, "\(count)")
  }

  @Test func anotherOrderIsNamed() throws {
    let found = try differences { lines in
      let part = Array(lines[200..<260].reversed())
      lines.replaceSubrange(200..<260, with: part)
    }
    let words = "60 rows of the vocabulary stand in another order, from row 200"
    #expect(found.first?.contains(words) == true, "\(found)")
  }

  @Test func aSwapIsNamed() throws {
    let found = try differences { $0.swapAt(200, 300) }
    #expect(found.first?.contains("rows 200 and 300 of the vocabulary are swapped") == true)
  }

  @Test func anotherPieceIsNamed() throws {
    let found = try differences { $0[250] = "anotherpiece" }
    #expect(found.first?.contains("1 rows of the vocabulary are other pieces: row 250") == true)
  }

  /// Another of the same tokenizer's files would be of the same algorithm.
  @Test func otherAlgorithmsAreRefusedWithWhatHelps() {
    let json = Array(
      #"{"version": "1.0", "model": {"type": "BPE", "vocab": {}, "merges": []}}"#.utf8)
    do {
      _ = try Tokenizer(TokenizerFiles(["tokenizer.json": json], path: "x"))
      Issue.record("it was read")
    } catch {
      #expect(
        "\(error)".hasSuffix(
          "the model 'BPE' is not supported; make the ids with the library that wrote it, and run the "
            + "model on them; ALBERT's own tokenizers are unigram and WordPiece models"))
    }
  }

  /// transformers' classes ask a switch for its truth in Python's sense.
  @Test(arguments: [
    ("false", true), ("0", true), ("0.0", true), ("null", true), (#""""#, true), ("[]", true),
    ("{}", true), ("true", false), ("1", false), (#""false""#, false),
  ]) func switchesAreReadAsPythonDoes(_ value: String, _ isCased: Bool) throws {
    let bytes = try Fixtures.bytes("wordpiece/vocab.txt")
    let config = Array(#"{"do_lower_case": \#(value)}"#.utf8)
    let read = try Tokenizer(
      TokenizerFiles(["vocab.txt": bytes, "tokenizer_config.json": config], path: "x"))
    let found = TokenizerComparison(read, with: try tokenizer { _ in }).differences
    #expect(found.contains("texts with upper case are cut in another way") == isCased)
  }

  @Test func anotherTreatmentIsNamed() throws {
    let bytes = try Fixtures.bytes("wordpiece/vocab.txt")
    let config = Array(#"{"do_lower_case": false}"#.utf8)
    let cased = try Tokenizer(
      TokenizerFiles(["vocab.txt": bytes, "tokenizer_config.json": config], path: "x"))
    let found = TokenizerComparison(cased, with: try tokenizer { _ in }).differences
    #expect(found.contains("texts with upper case are cut in another way"))
  }
}

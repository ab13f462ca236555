import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// `albert tokenize` as people and scripts meet it.
@Suite struct TokenizeCommandTests {
  private static let sample = PackageFiles.root.appending("samples/bible").string
  private static let text = "In the [MASK], 1990, \u{1F600}!"

  private static func document(_ arguments: [String], in scratch: Scratch) throws -> JSONValue {
    let run = try Tool.run(["tokenize"] + arguments + ["--json"], in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let document = try run.json
    #expect(try SchemaValidator("tokenize").violations(document) == [])
    return document
  }

  private static func first(_ document: JSONValue, _ key: String) -> [JSONValue] {
    document["texts"]?.elements?.first?[key]?.elements ?? []
  }

  @Test func aTableShowsPiecesIdsAndOffsets() throws {
    let scratch = try Scratch()
    let run = try Tool.run("tokenize", Self.sample, "God said", in: scratch)
    #expect(run.status == 0 && run.errors.isEmpty)
    let lines = run.output.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.contains("id piece segment characters bytes"))
    #expect(lines.contains("2 [CLS] 0") && lines.contains("3 [SEP] 0"))
    #expect(lines.contains { $0.contains("\u{2581}god 0 0") })
  }

  @Test func offsetsAreTheTextsOwn() throws {
    let scratch = try Scratch()
    let document = try Self.document([Self.sample, Self.text], in: scratch)
    let scalars = Array(Self.text.unicodeScalars)
    let bytes = Array(Self.text.utf8)
    let pieces = Self.first(document, "pieces").compactMap(\.string)
    #expect(pieces.first == "[CLS]" && pieces.last == "[SEP]" && pieces.contains("[MASK]"))
    for (index, piece) in pieces.enumerated() {
      let span = Self.first(document, "offsets")[index].elements?.compactMap(\.integer)
      let part = Self.first(document, "byte_offsets")[index].elements?.compactMap(\.integer)
      guard let span, let part else {
        #expect(["[CLS]", "[SEP]"].contains(piece))
        continue
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[span[0]..<span[1]])
      #expect(String(text) == String(decoding: bytes[part[0]..<part[1]], as: UTF8.self))
      if piece == "[MASK]" { #expect(String(text) == piece) }
    }
  }

  /// The Hub's layout: an export in `onnx`, its tokenizer above it, or in a folder of its own.
  @Test(arguments: ["", "tokenizer/", "onnx/", "onnx/tokenizer/"])
  func anExportsTokenizerIsFound(_ place: String) throws {
    let scratch = try Scratch()
    try scratch.make("hub/onnx")
    try scratch.make("hub/" + place)
    let model = scratch.path("hub/onnx/model.onnx").string
    #expect(try Tool.run("convert", Self.sample, model, "--no-verify", in: scratch).status == 0)
    let bare = try Tool.run("tokenize", model, Self.text, in: scratch)
    #expect(bare.status == 2 && bare.errors.contains("there and in a folder tokenizer"))
    let vocabulary = try SourceFile(FilePath(Self.sample).appending("30k-clean.model"))
    try scratch.write(
      "hub/\(place)30k-clean.model", vocabulary.bytes(at: 0, count: vocabulary.size))
    let expected = Self.first(try Self.document([Self.sample, Self.text], in: scratch), "ids")
    #expect(
      Self.first(try Self.document([model, Self.text], in: scratch), "ids") == expected)
    // Another name of the folder says nothing of what lies above it.
    try scratch.make("hub/other")
    try scratch.write("hub/other/model.onnx", scratch.bytes("hub/onnx/model.onnx"))
    let other = scratch.path("hub/other/model.onnx").string
    #expect(try Tool.run("tokenize", other, Self.text, in: scratch).status == 2)
  }

  @Test func everyPlaceOfATokenizerGivesTheSameIDs() throws {
    let scratch = try Scratch()
    let native = scratch.path("bible.albert").string
    let bare = scratch.path("bare.albert").string
    let folder = scratch.path("folder").string
    #expect(try Tool.run("convert", Self.sample, native, in: scratch).status == 0)
    #expect(try Tool.run("convert", native, bare, "--no-tokenizer", in: scratch).status == 0)
    #expect(
      try Tool.run("convert", native, folder, "--to", "huggingface", in: scratch).status == 0)
    let expected = Self.first(try Self.document([Self.sample, Self.text], in: scratch), "ids")
    #expect(expected.count > 8)
    for path in [native, folder, "\(folder)/spiece.model", "\(Self.sample)/30k-clean.model"] {
      #expect(
        Self.first(try Self.document([path, Self.text], in: scratch), "ids") == expected, "\(path)")
    }
    let model = try SourceFile(FilePath("\(Self.sample)/30k-clean.model"))
    let carried = try SourceFile(FilePath("\(folder)/spiece.model"))
    #expect(
      try model.bytes(at: 0, count: model.size) == carried.bytes(at: 0, count: carried.size))
    let none = try Tool.run("tokenize", bare, "a", in: scratch)
    #expect(none.status == 2)
    for name in ["spiece.model", "tokenizer.json", "vocab.txt"] {
      #expect(none.errors.contains(name), "\(none.errors)")
    }
  }

  @Test func pairsHaveSegmentsAndAreCut() throws {
    let scratch = try Scratch()
    let pair = try Self.document([Self.sample, "Who came?", "--pair", "Moses came."], in: scratch)
    let types = Self.first(pair, "token_type_ids").compactMap(\.integer)
    #expect(types == types.sorted() && types.first == 0 && types.last == 1)
    let mask = Self.first(pair, "special_tokens_mask").compactMap(\.integer)
    #expect(mask.reduce(0, +) == 3)
    let cut = try Tool.run(
      "tokenize", Self.sample, "and god said and god saw", "--max-length", "5", "--json",
      in: scratch)
    #expect(cut.status == 0 && cut.errors.contains("1 of 1 texts were cut to 5 tokens"))
    let text = try cut.json["texts"]?.elements?.first
    #expect(text?["ids"]?.elements?.count == 5 && text?["cut"]?.integer == 3)
    let plain = try Self.document([Self.sample, "God", "--no-special-tokens"], in: scratch)
    #expect(Self.first(plain, "ids").count == 1)
  }

  @Test func linesOfStandardInputGiveALineEach() throws {
    let scratch = try Scratch()
    let run = try Tool.script(
      "printf 'God\\n\\nGod said\\r\\n\\000\\n' | \"$ALBERT\" tokenize \"$SAMPLES\"/bible",
      in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == 4 && lines[1] == "2 3")
    #expect(lines.allSatisfy { $0.hasPrefix("2 ") && $0.hasSuffix(" 3") })
  }

  @Test func aVocabularyOfAnotherSizeNamesBoth() throws {
    let scratch = try Scratch()
    let heads = PackageFiles.fixtures.appending("heads/seqcls")
    for name in ["config.json", "model.safetensors"] {
      let file = try SourceFile(heads.appending(name))
      try scratch.write(name, try file.bytes(at: 0, count: file.size))
    }
    let vocabulary = try SourceFile(FilePath("\(Self.sample)/30k-clean.model"))
    try scratch.write("spiece.model", try vocabulary.bytes(at: 0, count: vocabulary.size))
    let folder = scratch.folder.string
    for arguments in [["tokenize", folder, "a"], ["run", folder, "--text", "a"]] {
      let run = try Tool.run(arguments, in: scratch)
      #expect(run.status == 2 && run.errors.contains("512") && run.errors.contains("4096"))
    }
  }

  @Test(arguments: [["--pair", "a"], ["a", "--max-length", "0"], ["a", "--as", "other"]])
  func wrongUsageIsTold(_ arguments: [String]) throws {
    let scratch = try Scratch()
    #expect(try Tool.run(["tokenize", Self.sample] + arguments, in: scratch).status == 64)
  }
}

import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// `albert verify` on texts and on the tokenizers of both sides, as a user runs it.
@Suite struct VerifyTextTests {
  private static let sample = PackageFiles.root.appending("samples/bible").string
  private static let head = PackageFiles.fixtures.appending("heads/seqcls")
  /// As many as the model has rows.
  private static let words =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + (5..<512).map { "w\($0)" }

  private static func document(
    _ arguments: [String], status: Int32, in scratch: Scratch
  ) throws -> JSONValue {
    let run = try Tool.run(["verify"] + arguments + ["--json"], in: scratch)
    #expect(run.status == status, "\(run.errors)")
    let document = try run.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    return document
  }

  /// A model's folder with a vocabulary, and with two rows of its embeddings in each other's place
  /// where that is asked.
  private static func model(
    _ name: String, _ words: [String], swapping rows: (Int, Int)? = nil, in scratch: Scratch
  ) throws -> String {
    try scratch.make(scratch.path(name))
    for file in ["config.json", "model.safetensors"] {
      let source = try SourceFile(head.appending(file))
      var bytes = try source.bytes(at: 0, count: source.size)
      if let rows, file == "model.safetensors" { try swap(rows, in: &bytes) }
      try scratch.write("\(name)/\(file)", bytes)
    }
    try scratch.write(
      "\(name)/vocab.txt", Array((words.joined(separator: "\n") + "\n").utf8))
    return scratch.path(name).string
  }

  private static func swap(_ rows: (Int, Int), in bytes: inout [UInt8]) throws {
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSONValue.parse(Array(bytes[8..<8 + length]), path: "header")
    let entry = header.members?.first { $0.key.hasSuffix("word_embeddings.weight") }?.value
    let range = try #require(entry?["data_offsets"]?.elements).compactMap(\.integer)
    let width = (range[1] - range[0]) / words.count
    let start = 8 + length + range[0]
    for byte in 0..<width {
      bytes.swapAt(start + rows.0 * width + byte, start + rows.1 * width + byte)
    }
  }

  private static func diagnosis(_ document: JSONValue) -> (code: String?, message: String) {
    let first = document["diagnosis"]?.elements?.first
    return (first?["code"]?.string, first?["message"]?.string ?? "")
  }

  @Test func linesOfTextAreProbes() throws {
    let scratch = try Scratch()
    let native = scratch.path("bible.albert").string
    #expect(try Tool.run("convert", Self.sample, native, in: scratch).status == 0)
    let long = Array(repeating: "and god said", count: 60).joined(separator: " ")
    let lines = try scratch.write(
      "lines.txt", Array("In the beginning\n\n  \nThe heaven and the earth.\r\n\(long)".utf8))
    let found = try Self.document(
      [native, "--against", Self.sample, "--text", lines.string], status: 0, in: scratch)
    #expect(found["texts"]?["lines"]?.integer == 3 && found["texts"]?["cut"]?.integer == 1)
    let cut = found["findings"]?.elements?.first { $0["code"]?.string == "text-cut" }
    #expect(cut?["message"]?.string?.contains("line 5 exceeded the 128 positions") == true)
    let forward = found["checks"]?.elements?.first { $0["name"]?.string == "forward" }
    #expect(forward?["message"]?.string?.contains("on 3 lines of \(lines.string); both") == true)
    let piped = try Tool.script(
      "printf 'one\\ntwo\\n' | \"$ALBERT\" verify '\(native)' --against \"$SAMPLES\"/bible --text - --json",
      in: scratch)
    #expect(try piped.json["texts"]?["lines"]?.integer == 2, "\(piped.errors)")
  }

  @Test func textsAreReadForARecordingToo() throws {
    let scratch = try Scratch()
    let lines = try scratch.write("lines.txt", Array("In the beginning\nGod created\n".utf8))
    let golden = scratch.path("golden.npz").string
    let recorded = try Tool.script(
      "\"$ALBERT\" run \"$SAMPLES\"/bible --text - --output '\(golden)' --engine reference < lines.txt",
      in: scratch)
    #expect(recorded.status == 0, "\(recorded.errors)")
    let found = try Self.document(
      [Self.sample, "--golden", golden, "--text", lines.string], status: 0, in: scratch)
    #expect(found["texts"]?["lines"]?.integer == 2)
    let other = try scratch.write("other.txt", Array("In the ending\nGod created\n".utf8))
    let differs = try Self.document(
      [Self.sample, "--golden", golden, "--text", other.string], status: 1, in: scratch)
    #expect(differs["first_divergence"]?.string == "embeddings")
  }

  @Test func whatIsNoTextOrHasNoTokenizerIsSaid() throws {
    let scratch = try Scratch()
    let blank = try scratch.write("blank.txt", Array("\n  \n".utf8)).string
    let empty = try Tool.run(
      "verify", Self.sample, "--against", Self.sample, "--text", blank, in: scratch)
    #expect(empty.status == 2 && empty.errors.contains("blank.txt: a line of text is missing"))
    let lines = try scratch.write("lines.txt", Array("one\n".utf8)).string
    let bare = try Tool.run(
      "verify", Self.head.string, "--against", Self.head.string, "--text", lines, in: scratch)
    #expect(bare.status == 2)
    for name in ["spiece.model", "tokenizer.json", "vocab.txt"] {
      #expect(bare.errors.contains(name), "\(bare.errors)")
    }
    let both = try Tool.run(
      "verify", Self.sample, "--against", Self.sample, "--text", lines, "--inputs", lines,
      in: scratch)
    #expect(both.status == 64)
    let gone = try Tool.run(
      "verify", Self.sample, "--against", Self.sample, "--text", "nowhere.txt", in: scratch)
    #expect(gone.status == 2 && gone.errors.contains("nowhere.txt"))
  }

  @Test func oneTokenizerReadsForBoth() throws {
    let scratch = try Scratch()
    let model = try Self.model("model", Self.words, in: scratch)
    let lines = try scratch.write("lines.txt", Array("w7 w8\nw9\n".utf8)).string
    let found = try Self.document(
      [Self.head.string, "--against", model, "--text", lines], status: 0, in: scratch)
    let shared = found["findings"]?.elements?.first { $0["code"]?.string == "tokenizer-shared" }
    #expect(shared?["message"]?.string?.contains(Self.head.string) == true)
    let less = try Self.model("less", Array(Self.words.dropLast(200)), in: scratch)
    let wrong = try Tool.run("verify", less, "--against", model, "--text", lines, in: scratch)
    #expect(wrong.status == 2 && wrong.errors.contains("512") && wrong.errors.contains("312"))
  }

  @Test(arguments: [nil, "w40 w41\n", "w60\n"] as [String?])
  func aVocabularyThatMovedIsSaidOfTheTokenizer(_ text: String?) throws {
    let scratch = try Scratch()
    let right = try Self.model("right", Self.words, in: scratch)
    var pieces = Self.words
    pieces.swapAt(40, 50)
    let swapped = try Self.model("swapped", pieces, in: scratch)
    let options = try text.map { text in
      ["--text", try scratch.write("lines.txt", Array(text.utf8)).string]
    }
    let found = try Self.document(
      [swapped, "--against", right] + (options ?? []), status: 1, in: scratch)
    let diagnosis = Self.diagnosis(found)
    #expect(diagnosis.code == "vocabulary-rows")
    let words = "in the subject's tokenizer rows 40 and 50 of the vocabulary are swapped"
    #expect(diagnosis.message.contains(words))
    #expect(found["diagnosis"]?.elements?.first?["explains"]?.double == 1)
    #expect(found["first_divergence"]?.string == "embeddings")
    pieces = Self.words
    pieces.insert("new", at: 100)
    pieces.removeLast()
    let shifted = try Self.model("shifted", pieces, in: scratch)
    let other = Self.diagnosis(
      try Self.document([shifted, "--against", right], status: 1, in: scratch))
    #expect(other.message.contains("shifted from row 100 on"), "\(other.message)")
  }

  @Test func embeddingsThatMovedAreToldBesideTheTokenizers() throws {
    let scratch = try Scratch()
    let right = try Self.model("right", Self.words, in: scratch)
    let rows = try Self.model("rows", Self.words, swapping: (40, 50), in: scratch)
    let alone = Self.diagnosis(
      try Self.document([rows, "--against", right], status: 1, in: scratch))
    #expect(alone.code == "vocabulary-rows")
    #expect(alone.message.hasSuffix("both tokenizers have the same vocabulary"), "\(alone.message)")
    var words = Self.words
    words.swapAt(40, 50)
    let both = try Self.model("both", words, swapping: (40, 50), in: scratch)
    let together = Self.diagnosis(
      try Self.document([both, "--against", right], status: 1, in: scratch))
    #expect(together.code == "vocabulary-rows")
    #expect(together.message.hasSuffix("have moved with them"), "\(together.message)")
  }
}

import AlbertBytes
import AlbertJSON
import AlbertPlatform
import AlbertTestSupport
import SystemPackage
import Testing

/// `albert run` on texts and on arrays of every kind, as a user runs it.
@Suite struct RunTextTests {
  private static let heads = PackageFiles.fixtures.appending("heads")
  private static let text = "heho cu kuvodomu ni re"

  /// A model's folder with its tokenizer, as it is published.
  private static func model(_ head: String, in scratch: Scratch) throws -> String {
    let folder = heads.appending(head)
    for name in ["config.json", "model.safetensors"] {
      let file = try SourceFile(folder.appending(name))
      try scratch.write(name, try file.bytes(at: 0, count: file.size))
    }
    let vocabulary = try SourceFile(heads.appending("spiece.model"))
    try scratch.write("spiece.model", try vocabulary.bytes(at: 0, count: vocabulary.size))
    return scratch.folder.string
  }

  private static func document(_ arguments: [String], in scratch: Scratch) throws -> JSONValue {
    let run = try Tool.run(["run"] + arguments + ["--json"], in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let document = try run.json
    #expect(try SchemaValidator("run").violations(document) == [])
    return document
  }

  private static func first(_ document: JSONValue) -> JSONValue? {
    document["texts"]?.elements?.first
  }

  @Test func everyHeadSaysWhatItIsFor() throws {
    let scratch = try Scratch()
    let classifier = try Self.document(
      [try Self.model("seqcls", in: scratch), "--text", Self.text, "--pair", "sopo?"], in: scratch)
    #expect(Self.first(classifier)?["scoring"]?.string == "softmax")
    #expect(Self.first(classifier)?["labels"]?.elements?.count == 3)
    let tokens = try Self.document(
      [try Self.model("tokencls", in: scratch), "--text", Self.text], in: scratch)
    let words = Self.first(tokens)?["words"]?.elements?.compactMap { $0["text"]?.string }
    #expect(words?.joined(separator: " ") == Self.text)
    let choices = try Self.document(
      [
        try Self.model("multichoice", in: scratch), "--text", Self.text, "--pair", "bo", "--pair",
        "sopo?",
      ], in: scratch)
    #expect(Self.first(choices)?["choices"]?.elements?.count == 2)
    let answers = try Self.document(
      [
        try Self.model("qa", in: scratch), "--question", "cu?", "--context", Self.text, "--top",
        "3",
        "--allow-no-answer",
      ], in: scratch)
    #expect(Self.first(answers)?["answers"]?.elements?.count == 3)
    #expect(Self.first(answers)?["no_answer"]?.double != nil)
  }

  @Test func thePretrainingHeadsFillMasksAndOrderTexts() throws {
    let scratch = try Scratch()
    let sample = PackageFiles.root.appending("samples/bible").string
    let native = scratch.path("bible.albert").string
    #expect(try Tool.run("convert", sample, native, in: scratch).status == 0)
    let text = "And the children of [MASK] did evil in the sight of the [MASK]."
    let document = try Self.document(
      [native, "--text", text, "--text", "no mask", "--top", "2"], in: scratch)
    let texts = document["texts"]?.elements ?? []
    let masks = texts.first?["masks"]?.elements ?? []
    #expect(masks.count == 2 && masks.allSatisfy { $0["words"]?.elements?.count == 2 })
    #expect(masks.first?["words"]?.elements?.first?["word"]?.string == "israel")
    #expect(texts.last?["embedding"]?.elements?.count == 128)
    let pair = try Self.document([native, "--text", "And God said", "--pair", "Amen"], in: scratch)
    let order = Self.first(pair)?["order"]
    let sum = (order?["in_order"]?.double ?? 0) + (order?["swapped"]?.double ?? 0)
    #expect(abs(sum - 1) < 1e-6)
    let told = try Tool.run("run", native, "--text", text, "--top", "1", in: scratch)
    #expect(told.status == 0 && told.output.contains("israel") && told.output.contains("%"))
  }

  @Test func linesOfStandardInputAreReadAsABatch() throws {
    let scratch = try Scratch()
    let model = try Self.model("seqcls", in: scratch)
    let lines = "heho\n\(Self.text)\r\n\nsopo? cu\n"
    let batch = try Tool.script(
      "printf '%s' '\(lines)' | \"$ALBERT\" run '\(model)' --text - --json", in: scratch)
    let texts = try #require(try batch.json["texts"]?.elements)
    #expect(texts.compactMap { $0["text"]?.string } == ["heho", Self.text, "", "sopo? cu"])
    for text in texts {
      let alone = try Self.document([model, "--text", text["text"]?.string ?? ""], in: scratch)
      let scores = [text, Self.first(alone)].map { document in
        document?["labels"]?.elements?.compactMap { $0["score"]?.double } ?? []
      }
      #expect(scores[0].count == 3)
      for (left, right) in zip(scores[0], scores[1]) { #expect(abs(left - right) < 1e-6) }
    }
  }

  @Test func vectorsGoToAnArray() throws {
    let scratch = try Scratch()
    let model = try Self.model("seqcls", in: scratch)
    let path = scratch.path("v.npy").string
    let document = try Self.document(
      [model, "--text", "heho", "--text", Self.text, "--output", path], in: scratch)
    let numbers = try #require(Self.first(document)?["embedding"]?.elements)
    let vector = numbers.compactMap(\.double)
    let file = try SourceFile(FilePath(path))
    #expect(vector.count == 64 && file.size == 128 + 2 * 64 * 4)
    let bits = try file.bytes(at: 128, count: 4).reversed().reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    #expect(abs(Double(Float(bitPattern: bits)) - vector[0]) < 1e-6)
    let again = try Tool.run(["run", model, "--text", "x", "--output", path], in: scratch)
    #expect(again.status == 2 && again.errors.contains("--force"))
  }

  @Test func aNativeFilePoolsAsItsSourceDid() throws {
    let scratch = try Scratch()
    let model = try Self.model("seqcls", in: scratch)
    // In the model's own folder a native file would be read before the model.
    try scratch.make("written")
    let native = scratch.path("written/mean.albert").string
    func vector(_ model: String) throws -> [Double] {
      let output = scratch.path("written/v.npy").string
      let document = try Self.document(
        [model, "--text", Self.text, "--output", output, "--force"], in: scratch)
      return Self.first(document)?["embedding"]?.elements?.compactMap(\.double) ?? []
    }
    #expect(try Tool.run("convert", model, native, in: scratch).status == 0)
    let mean = try vector(model)
    #expect(try mean == vector(native) && mean.count == 64)
    try scratch.make(scratch.path("1_Pooling"))
    try scratch.write(
      "1_Pooling/config.json",
      Array(#"{"pooling_mode_cls_token": true, "pooling_mode_max_tokens": true}"#.utf8))
    let pooled = scratch.path("written/pooled.albert").string
    #expect(try Tool.run("convert", model, pooled, in: scratch).status == 0)
    let both = try vector(model)
    #expect(both.count == 128)
    #expect(try vector(pooled) == both)
    let folder = scratch.path("written/folder").string
    #expect(
      try Tool.run("convert", pooled, folder, "--to", "huggingface", in: scratch).status == 0)
    #expect(try vector(folder) == both)
  }

  /// What sentence-transformers 6.2 writes: modes as a list, in their order, and the length at which it cuts;
  /// versions before 6 state that in `sentence_bert_config.json`.
  @Test(arguments: [
    ("sentence_bert_config.json", "max_seq_length"), ("tokenizer_config.json", "model_max_length"),
  ]) func sentenceTransformersCutsAndPoolsAsItsFilesSay(_ file: String, _ key: String) throws {
    let scratch = try Scratch()
    let model = try Self.model("seqcls", in: scratch)
    try scratch.make("1_Pooling")
    try scratch.write(
      "modules.json",
      text: """
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """)
    try scratch.write(file, text: "{\"\(key)\": 6}")
    try scratch.write(
      "config_sentence_transformers.json",
      text: #"{"prompts": {"query": "cu "}, "default_prompt_name": "query", "truncate_dim": 5}"#)
    let output = scratch.path("v.npy").string
    func vector(_ modes: String) throws -> [Double] {
      try scratch.write("1_Pooling/config.json", text: "{\"pooling_mode\": \(modes)}")
      let run = try Tool.run(
        ["run", model, "--text", Self.text, "--output", output, "--force", "--json"], in: scratch)
      #expect(run.status == 0)
      let text = try #require(Self.first(try run.json))
      #expect(text["tokens"]?.integer == 6 && (text["cut"]?.integer ?? 0) > 0)
      #expect(run.errors.contains("begins each text with the prompt 'cu ' ('query')"))
      #expect(run.errors.contains("keeps the first 5 numbers"))
      return text["embedding"]?.elements?.compactMap(\.double) ?? []
    }
    let (first, mean) = (try vector("\"cls\""), try vector("\"mean\""))
    #expect(first.count == 64 && first != mean)
    #expect(try vector(#"["mean", "cls"]"#) == mean + first)
    #expect(try vector(#"["cls", "mean"]"#) == first + mean)
    try scratch.write("1_Pooling/config.json", text: #"{"pooling_mode": ["cls", "other"]}"#)
    #expect(try Tool.run("run", model, "--text", "heho", in: scratch).status == 2)
  }

  @Test func whatExceedsThePositionsIsCutOrRefused() throws {
    let scratch = try Scratch()
    let model = try Self.model("seqcls", in: scratch)
    let long = Array(repeating: Self.text, count: 20).joined(separator: " ")
    let cut = try Tool.run(["run", model, "--text", long, "--json"], in: scratch)
    #expect(cut.status == 0 && cut.errors.contains("cut off"))
    let text = try #require(Self.first(try cut.json))
    #expect(text["tokens"]?.integer == 64 && (text["cut"]?.integer ?? 0) > 0)
    let strict = try Tool.run(["run", model, "--text", long, "--strict"], in: scratch)
    #expect(strict.status == 2 && strict.errors.contains("64"), "\(strict.errors)")
  }

  @Test func aModelWithoutItsTokenizerSaysWhatIsMissing() throws {
    let scratch = try Scratch()
    let bare = try Tool.run(
      ["run", Self.heads.appending("seqcls").string, "--text", "heho"], in: scratch)
    #expect(bare.status == 2)
    for name in ["spiece.model", "tokenizer.json", "vocab.txt"] {
      #expect(bare.errors.contains(name), "\(bare.errors)")
    }
    let model = try Self.model("seqcls", in: scratch)
    try scratch.write("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nheho\n".utf8))
    let vocabulary = scratch.path("spiece.model")
    let isGone = unsafe vocabulary.withPlatformString { unsafe unlink($0) == 0 }
    #expect(isGone)
    let other = try Tool.run(["run", model, "--text", "heho"], in: scratch)
    #expect(other.status == 2 && other.errors.contains("512") && other.errors.contains("6 "))
  }

  /// A text that gives no head anything to do is a vector, and a note says how the head is asked.
  @Test(arguments: [("qa", "--question and --context"), ("multichoice", "--pair")])
  func aHeadThatIsNotAskedIsNamed(_ head: String, _ way: String) throws {
    let scratch = try Scratch()
    let model = try Self.model(head, in: scratch)
    let run = try Tool.run(["run", model, "--text", "heho", "--text", "ni"], in: scratch)
    #expect(run.status == 0 && run.output.contains("embedding"))
    #expect(run.errors.contains("text 1 and 1 more are shown as a vector: \(way)"), "\(run.errors)")
    let output = scratch.path("v.npy").string
    let wanted = try Tool.run(["run", model, "--text", "heho", "--output", output], in: scratch)
    #expect(wanted.status == 0 && wanted.errors == "")
  }

  @Test func aTextWithoutAMaskIsAVector() throws {
    let scratch = try Scratch()
    let sample = PackageFiles.root.appending("samples/bible").string
    let run = try Tool.run(["run", sample, "--text", "the [mask] of the LORD"], in: scratch)
    #expect(run.status == 0 && run.errors.contains("[MASK] in the text asks its masked-LM head"))
    let empty = try Tool.run(["run", sample, "--text", "-"], in: scratch)
    #expect(empty.status == 0 && empty.errors.contains("standard input holds no text"))
  }

  @Test func aHeadThatIsNotThereIsNamed() throws {
    let scratch = try Scratch()
    let model = try Self.model("seqcls", in: scratch)
    let run = try Tool.run(["run", model, "--question", "a", "--context", "b"], in: scratch)
    #expect(run.status == 2 && run.errors.contains("question-answering head"), "\(run.errors)")
    #expect(run.errors.contains("sequence_classification"))
  }

  @Test func arraysComeFromEveryKindOfFile() throws {
    let scratch = try Scratch()
    let model = Self.heads.appending("seqcls").string
    let json = try scratch.write("i.json", Array(#"{"input_ids": [[2, 15, 99, 3]]}"#.utf8)).string
    let list = try scratch.write("l.json", Array("[2, 15, 99, 3]".utf8)).string
    // Version 1.0, and 118 bytes of header behind these ten.
    var array = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    array += Array("{'descr': '<i8', 'fortran_order': False, 'shape': (4,), }".utf8)
    array += Array(repeating: 0x20, count: 127 - array.count) + [0x0A]
    for id: UInt8 in [2, 15, 99, 3] { array += [id] + Array(repeating: 0, count: 7) }
    let numpy = try scratch.write("i.npy", array).string
    let expected = try Self.document([model, "--ids", "2, 15,99,3"], in: scratch)["outputs"]
    #expect(expected?.elements?.isEmpty == false)
    for path in [json, list, numpy] {
      #expect(try Self.document([model, "--inputs", path], in: scratch)["outputs"] == expected)
    }
  }

  @Test(arguments: [
    ("[[2, 3], [2]]", "rows differ"), ("{\"ids\": [2]}", "input_ids"), ("[]", "rows differ"),
    ("[2.5]", "whole numbers"),
    ("{\"input_ids\": [2, 3], \"attention_mask\": [1]}", "attention_mask"),
    ("[2, 99999]", "99999"),
  ])
  func inputsThatDoNotFitSayWhy(_ text: String, _ reason: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write("i.json", Array(text.utf8)).string
    let run = try Tool.run(
      ["run", Self.heads.appending("seqcls").string, "--inputs", path], in: scratch)
    #expect(run.status == 2 && run.errors.contains(reason), "\(run.errors)")
  }

  @Test(arguments: [
    ["--text", "a", "--ids", "1"], ["--pair", "a"], ["--question", "a"], ["--ids", "1,x"],
    ["--text", "a", "--question", "b", "--context", "c"], ["--text", "a", "--top", "0"],
  ])
  func wrongUsageIsTold(_ arguments: [String]) throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      ["run", Self.heads.appending("seqcls").string] + arguments, in: scratch)
    #expect(run.status == 64, "\(run.errors)")
  }
}

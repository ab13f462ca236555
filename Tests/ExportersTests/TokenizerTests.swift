import AlbertArchitecture
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertPlatform
import AlbertTestSupport
import SystemPackage
import Testing

/// A folder for Hugging Face's classes takes the tokenizer along, and nothing else.
@Suite struct TokenizerTests {
  /// A model's folder in `scratch`, which a test adds to.
  private func source(_ scratch: Scratch) throws -> FilePath {
    var options = Models.options("huggingface")
    options.verifies = false
    let folder = scratch.path("source")
    _ = try Export.run(Models.folder.appending("one/tf1"), to: folder, options)
    return folder
  }

  private func exported(_ source: FilePath, _ scratch: Scratch) throws -> [String: [UInt8]] {
    _ = try Export.run(source, to: scratch.path("out"), Models.options("huggingface"))
    return try scratch.contents("out")
  }

  @Test func itsFilesAreTakenAlong() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/spiece.model", text: "pieces")
    try scratch.write("source/tokenizer_config.json", text: "{}")
    try scratch.write("source/training_args.bin", text: "not the tokenizer's")
    let files = try exported(source, scratch)
    #expect(
      files.keys.sorted() == [
        "config.json", "model.safetensors", "spiece.model", "tokenizer_config.json",
      ])
    #expect(files["spiece.model"] == Array("pieces".utf8))
  }

  @Test func publishersNamesBecomeHuggingFaces() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.make(scratch.path("source/assets"))
    try scratch.make(scratch.path("source/assets/tokenizer"))
    try scratch.write("source/assets/tokenizer/vocabulary.spm", text: "pieces")
    let files = try exported(source, scratch)
    #expect(files["spiece.model"] == Array("pieces".utf8))
  }

  @Test func aLayersConfigIsNoTokenizer() throws {
    let scratch = try Scratch()
    let preset = scratch.path("source")
    var options = Models.options("keras3-h5")
    _ = try ExportPlan(try Models.inspect("one/keras3-maskedlm"), to: preset, options).run()
    try scratch.write("source/tokenizer.json", text: "{}")
    options = Models.options("huggingface")
    options.allowsInexact = true
    let inspection = try Inspection.open(preset, Models.reading())
    _ = try ExportPlan(inspection, to: scratch.path("out"), options).run()
    #expect(try scratch.names("out") == ["config.json", "model.safetensors"])
  }

  @Test func aLinkOutOfTheFolderIsNotFollowed() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    let secret = try scratch.write("secret", text: "the user's own")
    let isMade = unsafe secret.withPlatformString { secret in
      unsafe source.appending("spiece.model").withPlatformString { name in
        unsafe symlink(secret, name) == 0
      }
    }
    try #require(isMade)
    #expect(try exported(source, scratch).keys.sorted() == ["config.json", "model.safetensors"])
    let findings = try findings(source, "out.albert")
    #expect(findings.map(\.code) == ["tokenizer-unusable"])
    #expect(findings[0].severity == .warning)
    #expect(findings[0].message.contains("'spiece.model' stays behind"))
    #expect(findings[0].message.contains("not inside the model's own folder"))
  }

  @Test func aTokenizerThatDoesNotServeIsNamed() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/vocab.txt", text: "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nword\n")
    var found = try findings(source, "out.albert", unfit: true)
    #expect(found.map(\.code) == ["tokenizer-unfit"])
    #expect(found[0].message.contains("6 pieces"), "\(found[0].message)")
    try scratch.write("source/vocab.txt", text: "")
    found = try findings(source, "out2.albert", unfit: true)
    #expect(found.map(\.code) == ["tokenizer-unfit"])
    #expect(found[0].message.contains("the vocabulary is empty"), "\(found[0].message)")
  }

  @Test func aLinkThatLeadsNowhereIsNamed() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    let isMade = unsafe source.appending("tokenizer.json").withPlatformString { name in
      unsafe symlink("../blobs/gone", name) == 0
    }
    try #require(isMade)
    #expect(try findings(source, "out").map(\.code) == ["tokenizer-unusable"])
  }

  @Test func aLinkWithinACacheIsFollowed() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    for folder in ["models--a--b", "models--a--b/blobs", "models--a--b/snapshots"] {
      try scratch.make(scratch.path(folder))
    }
    try scratch.write("models--a--b/blobs/1", text: "pieces")
    let snapshot = scratch.path("models--a--b/snapshots/main")
    let isMoved = unsafe source.withPlatformString { source in
      unsafe snapshot.withPlatformString { unsafe rename(source, $0) == 0 }
    }
    let isMade = unsafe snapshot.appending("spiece.model").withPlatformString { name in
      unsafe symlink("../../blobs/1", name) == 0
    }
    try #require(isMoved)
    try #require(isMade)
    #expect(try findings(snapshot, "out").isEmpty)
    #expect(try exported(snapshot, scratch)["spiece.model"] == Array("pieces".utf8))
  }

  @Test func whatAFormatHasNoPlaceForIsNamed() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/spiece.model", text: "pieces")
    try scratch.write("source/tokenizer_config.json", text: "{}")
    #expect(try findings(source, "out").isEmpty)
    #expect(try findings(source, "out.albert").isEmpty)
    for output in ["out.onnx", "out.safetensors"] as [FilePath] {
      let findings = try findings(source, output)
      #expect(findings.map(\.code) == ["tokenizer-left-behind"])
      #expect(findings[0].message.contains("spiece.model, tokenizer_config.json"))
    }
    let google = try findings(source, "out", "tf-checkpoint")
    #expect(google.map(\.code) == ["tokenizer-left-behind"])
    #expect(!google[0].message.contains("spiece.model"))
  }

  @Test func aNativeFileCarriesTheSameBytes() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/spiece.model", text: "pieces \u{1F600} \"quoted\" \\")
    try scratch.write("source/tokenizer_config.json", text: "{}")
    let native = scratch.path("model.albert")
    _ = try Export.run(source, to: native, Models.options("native"))
    let again = scratch.path("again.albert")
    _ = try Export.run(source, to: again, Models.options("native"))
    #expect(try scratch.bytes("model.albert") == scratch.bytes("again.albert"))
    let files = try exported(native, scratch)
    #expect(files["spiece.model"] == Array("pieces \u{1F600} \"quoted\" \\".utf8))
    #expect(files["tokenizer_config.json"] == Array("{}".utf8))
  }

  @Test func howATextsVectorIsMadeGoesAlong() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.make(scratch.path("source/1_Pooling"))
    let texts = [
      "modules.json": """
      [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
       {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
      """,
      "1_Pooling/config.json": #"{"pooling_mode_cls_token": true}"#,
      "sentence_bert_config.json": #"{"max_seq_length": 32}"#,
    ]
    for (name, text) in texts { try scratch.write("source/\(name)", text: text) }
    let native = scratch.path("model.albert")
    var options = Models.options("native")
    options.carriesTokenizer = false
    _ = try Export.run(source, to: native, options)
    let files = try exported(native, scratch)
    for (name, text) in texts { #expect(files[name] == Array(text.utf8), "\(name)") }
    let plan = try ExportPlan(
      try Inspection.open(native, Models.reading()), to: "out.safetensors", Models.options(nil))
    let left = plan.ownFindings.first { $0.code == "pooling-left-behind" }
    #expect(left?.message.contains("1_Pooling/config.json") == true)
  }

  /// What sentence-transformers loads is whole only with it.
  @Test func aModuleWithWeightsIsSaidToStayBehind() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.make(scratch.path("source/1_Pooling"))
    let start = "sentence_transformers.models."
    let modules = [
      ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"),
      ("3_Normalize", "Normalize"),
    ]
    let list = modules.map { #"{"path": "\#($0.0)", "type": "\#(start)\#($0.1)"}"# }.joined(
      separator: ", ")
    try scratch.write("source/modules.json", text: "[\(list)]")
    try scratch.write("source/1_Pooling/config.json", text: #"{"pooling_mode_cls_token": true}"#)
    let outcome = try Export.run(source, to: scratch.path("out"), Models.options("huggingface"))
    #expect(
      outcome.findings.filter { $0.code == "module-left-behind" }.map(\.sentence) == [
        "sentence-transformers' module 'Dense' stays behind, without which a text's vector is another; copy "
          + "its folder '2_Dense', which belongs to the model, beside the modules.json that is written"
      ])
  }

  @Test func setFitsClassifierIsSaidToStayBehind() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/model_head.pkl", text: "a pickle, which nobody opens")
    let outcome = try Export.run(source, to: scratch.path("out"), Models.options("huggingface"))
    #expect(
      outcome.findings.filter { $0.code == "module-left-behind" }.map(\.message) == [
        "SetFit's classifier 'model_head.pkl' stays behind, which turns a text's vector into a class"
      ])
  }

  @Test func aListAboveTheWeightsIsWrittenBesideThem() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.make(scratch.path("all"))
    let isMoved = unsafe source.withPlatformString { source in
      unsafe scratch.path("all/0_Transformer").withPlatformString { unsafe rename(source, $0) == 0 }
    }
    try #require(isMoved)
    try scratch.make(scratch.path("all/1_Pooling"))
    try scratch.write(
      "all/modules.json",
      text: """
        [{"idx": 0, "name": "0", "path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """)
    try scratch.write("all/1_Pooling/config.json", text: #"{"pooling_mode_cls_token": true}"#)
    let files = try exported(scratch.path("all/0_Transformer"), scratch)
    let list = String(decoding: files["modules.json"] ?? [], as: UTF8.self)
    #expect(list.contains(#""path": """#) && list.contains(#""path": "1_Pooling""#), "\(list)")
    #expect(files["1_Pooling/config.json"] != nil)
  }

  @Test func itIsLeftOutOnRequest() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/spiece.model", text: "pieces")
    var options = Models.options("huggingface")
    options.carriesTokenizer = false
    let outcome = try Export.run(source, to: scratch.path("out"), options)
    #expect(try scratch.names("out") == ["config.json", "model.safetensors"])
    #expect(outcome.findings.filter { $0.code.hasPrefix("tokenizer") }.isEmpty)
  }

  /// What a plan says of the tokenizer.
  private func findings(
    _ source: FilePath, _ output: FilePath, _ format: String? = "huggingface", unfit: Bool = false
  ) throws -> [Finding] {
    var options = Models.options(output.extension == nil ? format : nil)
    options.allowsInexact = true
    options.initializesMissing = true
    let plan = try ExportPlan(try Inspection.open(source, Models.reading()), to: output, options)
    // What most of these files hold is no tokenizer.
    return plan.ownFindings.filter {
      $0.code.hasPrefix("tokenizer") && (unfit || $0.code != "tokenizer-unfit")
    }
  }
}

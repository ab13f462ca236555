import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertJSON
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage
import Testing

/// Configs that say little, or lie where few look.
@Suite struct FoundConfigTests {
  private func defaults(_ name: String) throws -> [String] {
    try Fixtures.inspect("found/\(name)").findings.filter { $0.code == "config-default" }
      .map(\.message)
  }

  @Test func saysWhichDefaultsWereTaken() throws {
    #expect(
      try defaults("config-without-embedding_size").contains(
        "the config has no 'embedding_size'; its publisher's default 128 was used"))
    // What the tensors show is no default.
    #expect(
      try defaults("plbert-t7").contains(
        "the config has no 'embedding_size'; the tensors show 16"))
  }

  @Test(arguments: [
    ("plbert-t7", ConfigSource.file("config.yml")), ("whole-model-noconfig", .embedded),
    ("lightning-hparams", .embedded), ("config-text-in-checkpoint", .embedded),
    ("tfhub-v1", .file("albert_config.json")),
  ]) func findsTheConfig(_ name: String, _ source: ConfigSource) throws {
    let inspection = try Fixtures.inspect("found/\(name)")
    #expect(inspection.configSource == source)
    #expect(inspection.config?.numHiddenLayers == 3)
    #expect(
      inspection.config?.numAttentionHeads
        == (name.contains("checkpoint") || name.hasPrefix("light") ? 2 : 4))
    #expect(!inspection.findings.contains { $0.code == "config-unknown-key" })
  }

  /// A pickle's own config states the kind of the head as well.
  @Test func aPickledConfigIsReadWhole() throws {
    let inspection = try Fixtures.inspect("found/whole-model-noconfig")
    #expect(inspection.config?.taskHead == .sequenceClassification)
    #expect(inspection.config?.hiddenAct == .geluTanh)
    #expect(!inspection.findings.contains { $0.code == Inspection.guessedHeadCode })
    #expect(!inspection.findings.contains { $0.code == "config-unknown-key" })
  }

  /// The remedy of a model without a config, followed as it is printed.
  @Test func theKeysThatAreWantedAreEnough() throws {
    let scratch = try Scratch()
    try scratch.writeSafetensors(Synthetic.tensors())
    let refusal = try Inspection.open(scratch.folder, Fixtures.options()).refusal?.description ?? ""
    #expect(
      refusal.hasSuffix(
        "neither a config nor the tensors say num_hidden_layers, num_attention_heads, hidden_act; "
          + "save {\"model_type\": \"albert\", \"num_hidden_layers\": 12, \"num_attention_heads\": 1, "
          + "\"hidden_act\": \"gelu_new\"} with the model's own values as a file, and name it with "
          + "InspectionOptions.config"))
    let start = try #require(refusal.firstIndex(of: "{"))
    let end = try #require(refusal.lastIndex(of: "}"))
    let keys = try scratch.write("keys.json", text: String(refusal[start...end]))
    let inspection = try Inspection.open(scratch.folder, Fixtures.options(config: keys))
    #expect(inspection.isUsable)
    #expect(inspection.config?.vocabSize == 20)
    #expect(inspection.config?.hiddenAct == .geluTanh)
  }

  /// The values are those of the published variant that has the widths.
  @Test func theExampleIsThatOfTheVariant() {
    var config = PartialConfig()
    (config.hiddenSize, config.intermediateSize) = (2048, 8192)
    #expect(
      config.example(stating: ["num_hidden_layers", "num_attention_heads"])
        == "{\"model_type\": \"albert\", \"num_hidden_layers\": 24, \"num_attention_heads\": 16}")
  }

  /// Keys that BERT and ALBERT share tell nothing of which it is; the remedy, followed.
  @Test func aConfigThatMayBeABERTsIsTakenWithAWarning() throws {
    let keys =
      "\"vocab_size\": 20, \"hidden_size\": 8, \"intermediate_size\": 12, \"hidden_act\": \"relu\", "
      + "\"max_position_embeddings\": 6, \"type_vocab_size\": 2, \"num_hidden_layers\": 2, "
      + "\"num_attention_heads\": 2"
    let inspection = try Synthetic.inspect(Synthetic.tensors(), config: "{\(keys)}")
    let warning = try #require(inspection.findings.first { $0.code == "config-may-be-bert" })
    #expect(
      warning.sentence
        == "the config has no key that a BERT's lacks, such as embedding_size, and may be one; its "
        + "layers, heads and activation were taken; state embedding_size in it if it is this model's, "
        + "or in a copy of it named with InspectionOptions.config")
    #expect(warning.severity == .warning)
    #expect(inspection.config?.hiddenAct == .relu)
    let stated = try Synthetic.inspect(
      Synthetic.tensors(), config: "{\(keys), \"embedding_size\": 4}")
    #expect(stated.isUsable)
    #expect(!stated.findings.contains { $0.code == "config-may-be-bert" })
    // Under another name it is none of ours, unless it is named.
    let scratch = try Scratch()
    try scratch.writeSafetensors(Synthetic.tensors())
    let path = try scratch.write("bert_config.json", text: "{\(keys)}")
    #expect(try Inspection.open(scratch.folder, Fixtures.options()).config == nil)
    #expect(try Inspection.open(scratch.folder, Fixtures.options(config: path)).isUsable)
    // Alone it is no ALBERT's.
    #expect(
      failure { try ConfigFile.named(path, isAlone: true) }.hasSuffix(
        "bert_config.json: expected an ALBERT config, found one that may be a BERT's, with no key that "
          + "a BERT's lacks, such as embedding_size; state embedding_size in it if it is an ALBERT's"
      ))
  }

  @Test(arguments: [
    (
      "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 684\n",
      "this is a Git LFS pointer, not the file it points to; run 'git lfs pull'"
    ),
    (
      "<!DOCTYPE html><html></html>", "this is an HTML page, not a config; download the file itself"
    ),
    ("", "the file is empty; download or copy it again"),
    ("Entry not found", "this is text, not a config; it begins 'Entry not found'; if a server"),
    ("{\"error\": \"Repository not found\"}", "found the error message of a server"),
    ("{\"vocab_size\": 20,}", "a comma stands before the closing bracket at byte 18"),
  ]) func tellsWhatStandsInAConfigsPlace(_ text: String, _ message: String) throws {
    let scratch = try Scratch()
    try scratch.writeSafetensors(Synthetic.tensors())
    let path = try scratch.write("config.json", text: text)
    let named = failure { try Inspection.open(scratch.folder, Fixtures.options(config: path)) }
    #expect(named.contains(message), "\(named)")
    #expect(named.contains("config.json"))
    guard !text.hasPrefix("{\"error") else { return }
    #expect(failure { try Inspection.open(scratch.folder, Fixtures.options()) } == named)
  }

  @Test func aPickledConfigThatSaysOtherwiseIsTold() throws {
    let scratch = try Scratch()
    let path = try scratch.write("config.json", text: Synthetic.configText)
    let file = try ConfigFile.named(path)
    let compared = file.compared(withCarried: PartialConfig(Synthetic.config))
    #expect(!compared.config.findings.contains { $0.code == "config-ambiguous" })
    var deeper = PartialConfig(Synthetic.config)
    deeper.numHiddenLayers = 5
    let sentence: String? = """
      'config.json' was read, and the config in the checkpoint itself says otherwise: \
      num_hidden_layers 5 instead of 2; correct 'config.json', or name the right one with \
      InspectionOptions.config
      """
    #expect(file.compared(withCarried: deeper).config.findings.last?.sentence == sentence)
  }
}

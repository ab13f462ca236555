import AlbertArchitecture
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import Testing
import AlbertUpstreams

/// Word tables that files hold as two factors: brightmart's architecture and its copies.
@Suite struct FactoredWordsTests {
  @Test(arguments: [
    ("brightmart-postln", "brightmart's albert_zh", "[90, 16] to 32"),
    ("brightmart-classifier", "brightmart's albert_zh", "[70, 8] to 24"),
    (
      "brightmart-pytorch", "lonePatient/albert_pytorch's copy of brightmart's albert_zh",
      "[50, 8] to 24"
    ),
    ("h5-kpe-brightmart", "kpe/bert-for-tf2", "[300, 16] to 32"),
  ]) func tellsWhatTheTableIs(_ name: String, _ title: String, _ sizes: String) throws {
    let inspection = try Fixtures.inspect("found/\(name)")
    #expect(inspection.isUsable)
    #expect(inspection.config?.embeddingSize == inspection.config?.hiddenSize)
    #expect(inspection.config?.embeddingProjectionIsIdentity == true)
    #expect(
      inspection.findings.first { $0.code == "word-table-factored" }?.message
        == "\(title) widens the word embeddings \(sizes) before positions and segments are added; "
        + "their product with the projection, each number rounded once to float32, is read as word "
        + "embeddings as wide as the layers")
    // Both factors are there, and known.
    #expect(
      inspection.tensors { $0 == .buffer(WordFactors.meaning) }.count
        == (name.hasPrefix("h5") ? 3 : 2))
    #expect(inspection.tensors { $0 == .unexpected }.isEmpty)
    let plan = try ConversionPlan(inspection)
    #expect(!plan.isLossless)
    #expect(
      plan.findings.map(\.sentence) == [
        "the word embeddings are two factors in the source and one table, their product rounded to "
          + "float32, in every output"
      ])
  }

  @Test func computesWhatBrightmartsCodeComputes() throws {
    #expect(try Fixtures.inspect("found/brightmart-postln").config?.hiddenAct == .geluTanh)
    #expect(try Fixtures.inspect("found/brightmart-classifier").config?.hiddenAct == .relu)
    #expect(try Fixtures.inspect("found/brightmart-pytorch").config?.hiddenAct == .geluErf)
  }

  @Test func refusesLayerNormBeforeEachSublayer() throws {
    let inspection = try Fixtures.inspect("found/brightmart-preln")
    #expect(!inspection.isUsable)
    #expect(
      inspection.refusal?.description.hasSuffix(
        "ln_type is 'preln': LayerNorm before each sublayer is another architecture; use the code that "
          + "trained it") == true)
  }

  /// Both orders have the same tensors, so that the config must say which; the remedy, followed.
  @Test func asksForTheOrderOfLayerNorm() throws {
    let model = Fixtures.folder.appending("found/brightmart-preln")
    let scratch = try Scratch()
    let keys =
      "\"vocab_size\": 40, \"hidden_size\": 24, \"embedding_size\": 8, \"intermediate_size\": 32, "
      + "\"max_position_embeddings\": 20, \"num_hidden_layers\": 2, \"num_attention_heads\": 3, "
      + "\"hidden_act\": \"gelu\", \"type_vocab_size\": 2"
    let silent = try scratch.write("silent.json", text: "{\(keys)}")
    let refusal = try Inspection.open(model, Fixtures.options(config: silent)).refusal?.description
    #expect(
      refusal?.hasSuffix(
        "the config has no ln_type, by which brightmart's albert_zh normalises after each sublayer "
          + "('postln') or before it ('preln', another architecture), and no tensor shows it; if it was "
          + "trained so, state \"ln_type\": \"postln\" in the config, or in a copy of it named with "
          + "InspectionOptions.config") == true)
    let stated = try scratch.write("stated.json", text: "{\(keys), \"ln_type\": \"postln\"}")
    #expect(try Inspection.open(model, Fixtures.options(config: stated)).isUsable)
    let other = try scratch.write(
      "other.json",
      text: "{\(keys.replacing("\"embedding_size\": 8", with: "\"embedding_size\": 16"))}")
    #expect(
      try Inspection.open(model, Fixtures.options(config: other)).findings.contains {
        $0.message
          == "embedding_size: expected 16 by the config, found 8 in 'bert/embeddings/word_embeddings'"
      })
  }

  /// A masked-LM head with a projection of its own is left out with a warning.
  @Test func takesTheModelWithoutAHeadOfItsOwnProjection() throws {
    let shapes: [(String, [Int])] = [
      ("bert.embeddings.word_embeddings.weight", [20, 4]),
      ("bert.embeddings.word_embeddings_2.weight", [8, 4]),
      ("bert.embeddings.position_embeddings.weight", [6, 8]),
      ("bert.embeddings.token_type_embeddings.weight", [2, 8]),
      ("bert.embeddings.LayerNorm.weight", [8]), ("bert.embeddings.LayerNorm.bias", [8]),
      ("bert.encoder.layer_shared.attention.output.LayerNorm.weight", [8]),
      ("bert.encoder.layer_shared.attention.output.LayerNorm.bias", [8]),
      ("bert.encoder.layer_shared.output.LayerNorm.weight", [8]),
      ("bert.encoder.layer_shared.output.LayerNorm.bias", [8]),
      ("bert.encoder.layer_shared.intermediate.dense.weight", [12, 8]),
      ("bert.encoder.layer_shared.intermediate.dense.bias", [12]),
      ("bert.encoder.layer_shared.output.dense.weight", [8, 12]),
      ("bert.encoder.layer_shared.output.dense.bias", [8]), ("bert.pooler.dense.weight", [8, 8]),
      ("bert.pooler.dense.bias", [8]), ("cls.predictions.bias", [20]),
      ("cls.predictions.decoder.weight", [20, 4]),
      ("cls.predictions.project_layer.weight", [4, 8]),
    ]
    let linear = ["self.query", "self.key", "self.value", "output.dense"].flatMap { name in
      let name = "bert.encoder.layer_shared.attention.\(name)."
      return [(name + "weight", [8, 8]), (name + "bias", [8])]
    }
    let tensors = (shapes + linear).map { Synthetic.float($0.0, $0.1) }
    let config = Synthetic.configText
    let inspection = try Synthetic.inspect(tensors, config: config)
    #expect(inspection.isUsable)
    #expect(!inspection.contents.mlm)
    #expect(
      inspection.findings.filter { $0.severity == .warning }.map(\.sentence) == [
        "'cls.predictions.project_layer.weight' and what belongs to it are left out: the masked-LM head "
          + "of albert_pytorch's copy of brightmart's model has a projection of its own, which no target "
          + "can express"
      ])
    let named = try Synthetic.inspect(tensors, config: config, prefix: "bert")
    #expect(!named.findings.contains { $0.severity == .warning })
  }

  /// Factors that make far more numbers than the file holds are none.
  @Test func aSmallFileDoesNotGrowWithoutBounds() {
    let tensors = [
      Synthetic.float("bert/embeddings/word_embeddings", [1_000_000, 1]),
      Synthetic.float("bert/embeddings/word_embeddings_2", [1, 100_000]),
      Synthetic.float("bert/embeddings/position_embeddings", [2, 100_000]),
      Synthetic.float("bert/encoder/layer_shared/attention/self/query/kernel", [4, 4]),
    ]
    #expect(WordFactors.find(in: tensors).map(\.shape) == [Shape([1_000_000, 100_000])])
    #expect(
      failure { try Synthetic.inspect(tensors, config: nil) }.contains(
        "this is brightmart's original albert_zh"))
  }
}

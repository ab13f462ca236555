import AlbertArchitecture
import AlbertConversion
import Testing
import AlbertUpstreams

/// Whatever library wrote a model, converting it gives the same numbers under the same names.
@Suite struct ConformanceTests {
  /// Configs for files that come without one, or with too little.
  private static let configs = [
    "one/keras3-backbone-sharded": "one/hf-torch/config.json",
    "one/garden-train": "one/tf1/albert_config.json",
  ]
  /// Folders with tests of their own.
  private static let special = ["hf-h5-zero-decoder-bias", "torch-two-models"]

  static let folders = FixtureFolder.all.filter { !special.contains($0.name) }

  @Test func nothingIsForgotten() {
    #expect(Self.folders.count > 40)
  }

  @Test(arguments: folders) func holdsExactlyWhatWasWritten(_ folder: FixtureFolder) throws {
    var expected = folder.digests
    let digests = try Fixtures.digests(folder.path, config: Self.configs[folder.path])
    if folder.config == "square" {
      // The identity that stands in for Google's missing projection.
      let projection = digests.keys.filter { $0.contains("embedding_hidden_mapping_in") }
      #expect(projection.count == 2)
      for name in projection { expected[name] = digests[name] }
    }
    #expect(digests == expected)
  }

  @Test(arguments: folders) func computesWhatItsPublisherComputes(_ folder: FixtureFolder) throws {
    let config = try #require(
      try Fixtures.inspect(folder.path, config: Self.configs[folder.path]).config)
    let isTwo = folder.config == "two"
    #expect(config.numHiddenLayers == (isTwo ? 4 : 3))
    #expect(config.numHiddenGroups == (isTwo ? 2 : 1))
    #expect(config.innerGroupNum == (isTwo ? 2 : 1))
    #expect(config.numAttentionHeads == (isTwo ? 2 : 3))
    #expect(config.layerMap.groups == (isTwo ? [0, 0, 1, 1] : [0, 0, 0]))
    #expect(config.embeddingProjectionIsIdentity == (folder.config == "square"))
    // The second model was made with the exact GELU, which only Hugging Face's code has.
    #expect(config.hiddenAct == (isTwo && folder.name.hasPrefix("hf-") ? .geluErf : .geluTanh))
    #expect(config.layerNormEps == 1e-12)
    let isKerasHub = folder.name.hasPrefix("keras3") && folder.parts.contains("mlm")
    #expect(config.mlmLayerNormEps == (isKerasHub ? 1e-5 : 1e-12))
  }

  @Test(arguments: folders) func namesItsPublisher(_ folder: FixtureFolder) throws {
    let inspection = try Fixtures.inspect(folder.path, config: Self.configs[folder.path])
    let publishers = [
      ("tf1-hub", "tf-hub"), ("tf1", "google-tf1"), ("hf-flax", "huggingface-flax"),
      ("hf-h5", "huggingface-tf"), ("hf-tf", "huggingface-tf"), ("hf-", "huggingface"),
      ("torch", "huggingface"), ("npy", "huggingface"), ("keras3", "keras-hub"),
      ("garden", "tf-model-garden"),
    ]
    #expect(
      inspection.upstream == publishers.first { folder.name.hasPrefix($0.0) }?.1)
  }

  @Test(arguments: ["seqcls", "tokencls", "qa", "multichoice"])
  func knowsTaskHeads(_ head: String) throws {
    let inspection = try Fixtures.inspect("one/hf-safetensors-\(head)")
    let expected: [String: (TaskHead, Int)] = [
      "seqcls": (.sequenceClassification, 3), "tokencls": (.tokenClassification, 5),
      "qa": (.questionAnswering, 2), "multichoice": (.multipleChoice, 1),
    ]
    #expect(inspection.contents.taskHead == expected[head]?.0)
    #expect(inspection.config?.numLabels == expected[head]?.1)
    #expect(inspection.contents.pooler == (head == "seqcls" || head == "multichoice"))
  }

  @Test(arguments: [
    "one/hf-h5-sharded/tf_model.h5.index.json", "one/hf-h5-sharded/tf_model-00002-of-00003.h5",
    "one/hf-tf-savedmodel/saved_model/1", "one/tf1/model.ckpt-best",
    "one/tf1/model.ckpt-best.index", "one/tf1/model.ckpt-best.data-00000-of-00001",
    "one/tf1/checkpoint", "one/keras3-backbone/albert_backbone.keras",
    "one/keras3-backbone/albert_backbone.weights.h5", "one/keras3-preset-maskedlm/task.weights.h5",
    "one/hf-flax/flax_model.msgpack", "one/garden-savedmodel/saved_model.pb",
  ]) func readsSingleFiles(_ path: String) throws {
    let name = path.split(separator: "/").prefix(2).joined(separator: "/")
    let folder = try #require(FixtureFolder.all.first { $0.path == name })
    #expect(try Fixtures.digests(path) == folder.digests)
  }

  @Test func theDecodersBiasCounts() throws {
    let path = "one/hf-h5-zero-decoder-bias"
    let folder = try #require(FixtureFolder.all.first { $0.path == path })
    let loaded = try LoadedModel(try Fixtures.inspect(path))
    let bias = loaded.model.withBytes(of: Parameter(.mlmBias)) { bytes in
      (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
    #expect(bias == [UInt8](repeating: 0, count: 4 * 40))
    let warning = loaded.findings.first { $0.code == "copies-differ" }
    #expect(warning?.severity == .warning)
    #expect(
      warning?.message.contains("predictions/decoder/bias:0' was taken, as upstream's code does")
        == true)
    var digests = try Fixtures.digests(path)
    #expect(digests["predictions.bias"] != folder.digests["predictions.bias"])
    digests["predictions.bias"] = folder.digests["predictions.bias"]
    #expect(digests == folder.digests)
  }
}

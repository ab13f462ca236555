import AlbertArchitecture
import AlbertBytes
import AlbertJSON
import AlbertTensors
import Testing

import AlbertUpstreams
@testable import AlbertGraphRecognition

@Suite struct GraphReaderTests {
  /// Exports of PyTorch's two exporters, TensorFlow's converter and Keras 3, what onnxruntime's optimiser and
  /// onnxsim make of them, every head, fresh weights (where equal tensors were merged) and several
  /// groups and inner layers.
  static let exports = [
    "opset11", "nofold", "einsum", "scaled-dot-product", "dynamo", "dynamo-attention",
    "dynamo-fresh", "dynamo-groups", "fresh-groups", "ort-fused", "unlabelled-groups", "untied",
    "question-answering", "multiple-choice", "token-classification", "sequence-classification",
    "larger-model", "custom-head", "tensorflow", "simplified", "gelu", "gelu-fast", "swish",
    "equal-sizes", "epsilon", "dynamo-unoptimised", "keras", "keras-masked-lm",
  ]

  /// Parameters that some exports do not have, since nothing of the outputs depends on them.
  private static let unused = ["albert.pooler.weight", "albert.pooler.bias"]

  @Test(arguments: exports) func findsEveryParameter(_ name: String) throws {
    let fixture = try GraphFixture(name)
    let readings = try fixture.readings()
    try #require(readings.count == 1)
    let contents = try fixture.contents(of: readings[0])
    var found: [String: Int] = [:]
    for (parameter, isCopy, bytes) in contents {
      #expect(shortSHA256(bytes) == fixture.weights[parameter.name], "\(parameter)")
      if !isCopy { found[parameter.name, default: 0] += 1 }
    }
    #expect(found.values.allSatisfy { $0 == 1 })
    for zero in readings[0].zeros {
      let count = name == "dynamo-fresh" ? zero.role == .sopBias ? 2 : 16 : 0
      #expect(shortSHA256([UInt8](repeating: 0, count: 4 * count)) == fixture.weights[zero.name])
      found[zero.name] = 1
    }
    let missing = Set(fixture.weights.keys).subtracting(found.keys)
    #expect(missing.isSubset(of: name == "larger-model" ? Self.unused : []), "\(missing)")
  }

  @Test(arguments: exports) func readsTheConfigOffTheGraph(_ name: String) throws {
    let fixture = try GraphFixture(name)
    let config = try #require(try fixture.readings().first?.config)
    #expect(config.vocabSize == fixture.config("vocab_size"))
    #expect(config.embeddingSize == fixture.config("embedding_size"))
    #expect(config.hiddenSize == fixture.config("hidden_size"))
    #expect(config.intermediateSize == fixture.config("intermediate_size"))
    #expect(config.maxPositionEmbeddings == fixture.config("max_position_embeddings"))
    #expect(config.typeVocabSize == fixture.config("type_vocab_size"))
    #expect(config.numHiddenLayers == fixture.config("num_hidden_layers"))
    #expect(config.numHiddenGroups == fixture.config("num_hidden_groups"))
    #expect(config.innerGroupNum == fixture.config("inner_group_num"))
    #expect(config.numAttentionHeads == fixture.config("num_attention_heads"))
    #expect(config.layerNormEps == (name == "epsilon" ? 1e-5 : 1e-12))
    let activation: Activation =
      switch name {
      case "gelu", "tensorflow": .geluErf
      case "swish": .silu
      default: .geluTanh
      }
    #expect(config.hiddenAct == activation)
    let head: TaskHead? =
      switch name {
      case "question-answering": .questionAnswering
      case "multiple-choice": .multipleChoice
      case "token-classification": .tokenClassification
      case "sequence-classification": .sequenceClassification
      default: nil
      }
    #expect(config.taskHead == head)
    #expect(!config.findings.contains { $0.severity == .error })
  }

  /// The numbers are those of the source but for the rounding that the quantiser made of them.
  @Test(arguments: ["int8-dynamic", "int8-qdq", "int8-qoperator"])
  func dequantisesWhatWasQuantised(_ name: String) throws {
    let fixture = try GraphFixture(name)
    let readings = try fixture.readings()
    try #require(readings.count == 1)
    let config = readings[0].config
    #expect(config.numAttentionHeads == 2)
    #expect(config.hiddenAct == .geluTanh)
    #expect(config.layerNormEps == 1e-12)
    #expect(config.mlmLayerNormEps == 1e-12)
    var contents: [String: [Float]] = [:]
    for (parameter, isCopy, bytes) in try fixture.contents(of: readings[0]) where !isCopy {
      contents[parameter.name] = unsafe bytes.span.bytes.floats(of: .float32)
    }
    #expect(Set(contents.keys) == Set(fixture.weights.keys))
    // Half a step of 8 bits over a range of at most twice the largest number.
    try holds(contents, "quantised-source.f32") { $0 / 254 + 1e-7 }
    #expect(fixture.archive.notes.contains { $0.code == "dequantized" })
  }

  /// Expects the numbers of a source in the order of their parameters' names, each as far off as `most`
  /// allows beside the largest of its parameter.
  private func holds(
    _ contents: [String: [Float]], _ source: String, _ most: (_ largest: Float) -> Float
  ) throws {
    let file = try SourceFile(GraphFixture.folder.appending(source))
    let bytes = try file.bytes(at: 0, count: file.size)
    let source = unsafe bytes.span.bytes.floats(of: .float32) ?? []
    var start = 0
    for name in contents.keys.sorted() {
      let numbers = try #require(contents[name])
      let expected = source[start..<start + numbers.count]
      start += numbers.count
      let largest = expected.map { abs($0) }.max() ?? 0
      let distance = zip(expected, numbers).map { abs($0 - $1) }.max() ?? 0
      #expect(distance <= most(largest), "\(name)")
    }
    #expect(start == source.count)
  }

  /// What onnxruntime's own tools save of one model, and how far their numbers may be off.
  ///
  /// They write softmax and LayerNorm out for types without a kernel, keep tensors in two types, fuse
  /// attentions with their biases or integers, multiply computed values as integers, quantise each use of
  /// a bias apart, and leave a ReLU to the range of a quantised type.
  private static let runtimes: [(name: String, error: Float)] = [
    ("multi-head-attention", 0), ("float16-optimised", 0x1p-11),
    ("q4-float16-optimised", 0.51 / 7.5), ("int8-attention", 1.0 / 254),
    ("int8-products", 1.0 / 254),
    ("dynamo-int8-qdq", 1.0 / 254), ("dynamo-int8-qdq-optimised", 1.0 / 254),
  ]

  @Test(arguments: runtimes.indices) func readsWhatRuntimesSave(_ index: Int) throws {
    let (name, error) = Self.runtimes[index]
    let fixture = try GraphFixture(name)
    let readings = try fixture.readings()
    try #require(readings.count == 1)
    let config = readings[0].config
    #expect(config.hiddenAct == .relu)
    for key in ["num_hidden_layers", "num_hidden_groups", "inner_group_num"] {
      let stated =
        switch key {
        case "num_hidden_layers": config.numHiddenLayers
        case "num_hidden_groups": config.numHiddenGroups
        default: config.innerGroupNum
        }
      #expect(stated == fixture.config(key), "\(key)")
    }
    #expect(config.numAttentionHeads == 2)
    #expect(!config.findings.contains { $0.severity == .error })
    var contents: [String: [Float]] = [:]
    let types = Dictionary(
      fixture.archive.tensors.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    for (tensor, meanings) in readings[0].meanings {
      for case .parameter(let parameter, let layout) in meanings {
        let bytes = try fixture.canonical(tensor, layout, parameter)
        contents[parameter.name] = unsafe bytes.span.bytes.floats(of: try #require(types[tensor]))
      }
    }
    #expect(Set(contents.keys) == Set(fixture.weights.keys))
    try holds(contents, "runtime-source.f32") { $0 * error + (error == 0 ? 0 : 1e-7) }
  }

  @Test func aModelWithinALargerOneIsFoundWithItsPrefix() throws {
    let fixture = try GraphFixture("larger-model")
    let reading = try #require(try fixture.readings().first)
    #expect(reading.prefix == "encoder.bert.")
    // The near-namesake beside it, and everything behind.
    #expect(reading.meanings["norm.weight"] == nil)
    #expect(fixture.graph.constants["norm.weight"] != nil)
    #expect(reading.config.taskHead == nil)
  }

  @Test func twoModelsAreTwoReadings() throws {
    let readings = try GraphFixture("two-models").readings()
    #expect(Set(readings.map(\.prefix)) == ["teacher.", "student."])
  }

  @Test func namesOrAConfigNumberWhatStructureLeavesOpen() throws {
    // Two layers with weights of their own: two groups of one inner layer, or one of two.
    let fixture = try GraphFixture("unlabelled-groups")
    #expect(try fixture.readings().first?.config.innerGroupNum == 1)
    var hint = PartialConfig()
    hint.innerGroupNum = 2
    let other = try #require(try fixture.readings(hint).first?.config)
    #expect(other.numHiddenGroups == 1)
    #expect(other.numHiddenLayers == 1)
    #expect(other.innerGroupNum == 2)
  }

  @Test func foldedPositionsAreReadAsFarAsTheyGo() throws {
    let reading = try #require(try GraphFixture("dynamo-static").readings().first)
    #expect(!reading.config.findings.contains { $0.severity == .error })
    let finding = try #require(reading.config.findings.first { $0.code == "folded-embeddings" })
    #expect(finding.message.hasPrefix("the converter kept only 7 rows of the position embeddings"))
    #expect(reading.config.maxPositionEmbeddings == 7)
  }

  @Test func otherModelsAreRefusedWithTheReason() throws {
    let bert = try #require(try GraphFixture("bert").readings().first)
    #expect(bert.config.findings.map(\.code) == ["not-albert-bert"])
    #expect(bert.config.findings.first?.message.contains("this is BERT's architecture") == true)
    let quick = try #require(try GraphFixture("quick-gelu").readings().first)
    #expect(quick.config.hiddenAct == nil)
    #expect(quick.config.findings.map(\.code) == ["unknown-activation"])
  }

  @Test func anUntiedDecoderIsAParameter() throws {
    for (name, isUntied) in [("untied", true), ("epsilon", false)] {
      let reading = try #require(try GraphFixture(name).readings().first)
      let decoders = reading.meanings.values.joined().count {
        if case .parameter(let parameter, _) = $0 {
          parameter.role == .mlmDecoderWeight
        } else {
          false
        }
      }
      #expect(decoders == (isUntied ? 1 : 0))
    }
  }

  @Test func tensorsThatWereMergedAreSeveralParameters() throws {
    let reading = try #require(try GraphFixture("dynamo-fresh").readings().first)
    // All biases of one width are zeros in a fresh model, and all LayerNorm weights ones.
    #expect(reading.meanings.values.contains { $0.count > 5 })
  }
}

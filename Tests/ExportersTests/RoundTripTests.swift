import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertTestSupport
import Synchronization
import SystemPackage
import Testing

/// Whatever format a model is written in, reading it back gives the same numbers.
@Suite struct RoundTripTests {
  /// A format, and a model that is written in it.
  struct Case: CustomTestStringConvertible, Sendable {
    let format: String
    let model: String
    let type: OutputType

    var testDescription: String { "\(model) as \(format), \(type.rawValue)" }

    static let all = ExportRegistry.formats.flatMap { format in
      Models.all.flatMap { model in
        [OutputType.keep, .f16, .bf16].map { Case(format: format.name, model: model, type: $0) }
      }
    }
  }

  /// What the plan of a case is; nil where the format cannot say the model, which it must say.
  private func plan(_ test: Case, to output: FilePath) throws -> ExportPlan? {
    do {
      var options = Models.options(test.format, test.type)
      // The forward passes say nothing about rounded numbers that the digests do not.
      options.verifies = test.type == .keep
      return try ExportPlan(try Models.inspect(test.model), to: output, options)
    } catch {
      let refusal = try #require(error as? FileError)
      #expect(["inexpressible", "missing"].contains(refusal.code), "\(refusal)")
      return nil
    }
  }

  @Test(arguments: Case.all) func givesTheSameDigests(_ test: Case) throws {
    let scratch = try Scratch()
    guard let plan = try plan(test, to: scratch.path("out")) else { return }
    let outcome = try plan.run()
    #expect(outcome.succeeded)
    let statesConfig = plan.isFolder || plan.format.type.configBesideFile == nil
    let written = try Inspection.open(
      scratch.path("out"), Models.reading(statesConfig ? nil : plan.conversion.config))
    #expect(plan.ownFindings.contains { $0.code == "config-left-behind" } == !statesConfig)
    if plan.format.type.name == "safetensors" {
      var config = plan.conversion.config
      // The identity that stands in for no projection is written as a matrix like any other.
      config.embeddingProjectionIsIdentity = false
      #expect(written.config == config)
    }
    #expect(written.contents == plan.conversion.contents)
    #expect(try Models.digests(written) == Self.native(test))
  }

  private static let natives = Mutex<[String: [String: String]]>([:])

  /// The digests of a case's model as a native file, which all formats share.
  private static func native(_ test: Case) throws -> [String: String] {
    let key = "\(test.model), \(test.type.rawValue)"
    if let known = natives.withLock({ $0[key] }) { return known }
    let scratch = try Scratch()
    let plan = try ConversionPlan(try Models.inspect(test.model), type: test.type)
    let file = try AtomicFile(scratch.path("source.albert"), replacing: false)
    let native = plan.native(tool: "test")
    _ = try plan.write(
      native.tensors, as: native.layout, hashing: plan.inspection.sourceFiles, to: file,
      path: "source.albert")
    try file.commit()
    let digests = try Models.digests(
      try Inspection.open(scratch.path("source.albert"), Models.reading()))
    natives.withLock { $0[key] = digests }
    return digests
  }

  @Test(arguments: ExportRegistry.formats.map { $0.name }) func writesTheSameBytesTwice(
    _ format: String
  ) throws {
    let scratch = try Scratch()
    let test = Case(format: format, model: "two/tf1", type: .keep)
    var options = Models.options(format)
    options.allowsInexact = true
    for name in ["a", "b"] {
      try scratch.make(scratch.path(name))
      let plan = try ExportPlan(
        try Models.inspect(test.model), to: scratch.path(name + "/out"), options)
      #expect(try plan.run().succeeded)
    }
    let first = try scratch.contents("a")
    #expect(!first.isEmpty)
    #expect(first == (try scratch.contents("b")))
  }

  /// A config beside a safetensors file is what its libraries read: it counts, and is held against the one
  /// inside.
  @Test func aConfigBesideAFileCounts() throws {
    let scratch = try Scratch()
    let plan = try ExportPlan(
      try Models.inspect("one/tf1"), to: scratch.path("model.safetensors"),
      Models.options("safetensors"))
    #expect(try plan.run().succeeded)
    #expect(try Inspection.open(scratch.path("model.safetensors")).configSource == .embedded)
    try scratch.write(
      "config.json",
      text:
        #"{"model_type": "albert", "vocab_size": 40, "embedding_size": 6, "hidden_size": 12, "#
        + #""intermediate_size": 20, "max_position_embeddings": 16, "num_attention_heads": 3, "#
        + #""num_hidden_layers": 5, "hidden_act": "gelu_new"}"#)
    let beside = try Inspection.open(scratch.path("model.safetensors"))
    #expect(beside.configSource == .file("config.json"))
    #expect(beside.config?.numHiddenLayers == 5)
    #expect(beside.findings.contains { $0.code == "config-ambiguous" })
  }

  /// What each format must be able to say; a refusal above would otherwise pass for a success.
  @Test(arguments: [
    ("native", Models.all), ("safetensors", Models.all), ("onnx", Models.all), ("npz", Models.all),
    // KerasHub's masked-LM head has an epsilon of its own, for which there is no key.
    ("huggingface", Models.all.filter { $0 != "one/keras3-maskedlm" }),
    ("pytorch", Models.all.filter { $0 != "one/keras3-maskedlm" }),
    ("flax", Models.all.filter { $0 != "one/keras3-maskedlm" }),
    // Google's code has the tanh form alone, and always a pooler.
    (
      "tf-checkpoint",
      [
        "one/tf1", "two/tf1", "square/tf1", "one/hf-safetensors", "one/hf-safetensors-seqcls",
        "one/keras3-backbone", "one/hf-h5",
      ]
    ),
    ("keras-h5", Models.all.filter { $0 != "one/keras3-maskedlm" }),
    ("keras3-h5", ["one/hf-safetensors-seqcls", "one/keras3-backbone", "one/keras3-maskedlm"]),
  ]) func saysWhatItShould(_ format: String, _ models: [String]) throws {
    let scratch = try Scratch()
    for model in models {
      let test = Case(format: format, model: model, type: .keep)
      #expect(try plan(test, to: scratch.path("out")) != nil, "\(model)")
    }
  }
}

import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertTensors
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage
import Testing

/// What Google's code computes decides what its checkpoint can say.
@Suite struct GoogleExportTests {
  private func adapt(
    initializing: Bool = false, _ contents: ModelContents = .preTraining,
    _ change: (inout AlbertConfig) -> Void = { _ in }
  ) throws -> TargetModel {
    let format = try #require(ExportRegistry.named("tf-checkpoint"))
    var config = AlbertConfig(
      vocabSize: 10, embeddingSize: 4, hiddenSize: 8, intermediateSize: 16,
      maxPositionEmbeddings: 5, typeVocabSize: 2, numHiddenLayers: 5, numHiddenGroups: 2,
      numAttentionHeads: 2, hiddenAct: .geluTanh,
      layerMap: .google(layers: 5, groups: 2))
    change(&config)
    return try format.adapt(
      TargetModel(config, contents), initializing: initializing, path: "out")
  }

  @Test func `Google's own models are said whole`() throws {
    for activation in [Activation.geluTanh, .relu, .tanh] {
      let model = try adapt { $0.hiddenAct = activation }
      #expect(model.changes.isEmpty)
      #expect(model.config.hiddenAct == activation)
    }
  }

  @Test func `what its code computes otherwise is told`() throws {
    func codes(_ change: (inout AlbertConfig) -> Void) throws -> [String] {
      let model = try adapt(.preTraining, change)
      #expect(model.config.hiddenAct == .geluTanh)
      #expect(model.config.layerNormEps == 1e-12)
      #expect(model.config.mlmLayerNormEps == 1e-12)
      #expect(model.config.layerMap == .google(layers: 5, groups: 2))
      return model.changes.map(\.code)
    }
    #expect(try codes { $0.hiddenAct = .geluErf } == ["activation"])
    #expect(try codes { $0.hiddenAct = .silu } == ["activation"])
    #expect(try codes { $0.layerNormEps = 1e-5 } == ["layer-norm-epsilon"])
    #expect(try codes { $0.mlmLayerNormEps = 1e-5 } == ["mlm-layer-norm-epsilon"])
    #expect(try codes { $0.layerMap = LayerMap(groups: [0, 1, 0, 1, 0]) } == ["group-map"])
  }

  @Test func `the head's epsilon counts only where there is one`() throws {
    let model = try adapt(.backbone) { $0.mlmLayerNormEps = 1e-5 }
    #expect(model.changes.isEmpty)
  }

  @Test func `parts that it has no place for are told`() throws {
    var contents = ModelContents.preTraining
    contents.untiedDecoder = true
    #expect(try adapt(contents).changes.map(\.code) == ["decoder"])
    for (head, isKnown) in [
      (TaskHead.sequenceClassification, true), (.questionAnswering, true),
      (.tokenClassification, false), (.multipleChoice, false),
    ] {
      let model = try adapt(ModelContents(pooler: true, taskHead: head)) { $0.taskHead = head }
      #expect(model.changes.map(\.code) == (isKnown ? [] : ["task-head"]))
      #expect(model.contents.taskHead == (isKnown ? head : nil))
    }
  }

  @Test func `a pooler is always demanded, both pre-training heads on request`() throws {
    #expect(try adapt(.maskedLM).contents == ModelContents(pooler: true, mlm: true))
    #expect(try adapt(initializing: true, .maskedLM).contents == .preTraining)
    #expect(try adapt(initializing: true, .backboneWithoutPooler).contents == .backbone)
  }

  @Test func `a projection between equal sizes has no place at all`() throws {
    #expect(
      failure { try adapt { $0.embeddingSize = 8 } }
        == "out: Google's code makes no projection where embedding and hidden size are equal (8), "
        + "and the source has one; choose another format")
    let model = try adapt {
      $0.embeddingSize = 8
      $0.embeddingProjectionIsIdentity = true
    }
    #expect(model.changes.isEmpty)
    #expect(model.config.embeddingProjectionIsIdentity)
  }

  /// The tensors that Google's code has for the model, and its config as it was.
  @Test(arguments: ["one/tf1", "two/tf1", "square/tf1"]) func `a checkpoint of its own comes back`(
    _ name: String
  ) throws {
    let scratch = try Scratch()
    let inspection = try Models.inspect(name)
    let plan = try ExportPlan(
      inspection, to: scratch.path("out"), Models.options("tf-checkpoint"))
    #expect(try plan.run().succeeded)
    #expect(
      try Set(scratch.names("out")) == [
        "albert_config.json", "checkpoint", "model.ckpt-best.data-00000-of-00001",
        "model.ckpt-best.index",
      ])
    let written = try Inspection.open(scratch.path("out"), Models.reading())
    #expect(written.upstream == "google-tf1")
    #expect(written.config == inspection.config)
    let original = inspection.archive.tensors.filter { $0.name != "global_step" }
    #expect(Set(written.archive.tensors) == Set(original))
    for tensor in original {
      #expect(
        try written.archive.bytes(of: tensor) == inspection.archive.bytes(of: tensor),
        "\(tensor.name)")
    }
  }

  @Test func `an index lies with its shard in the user's own folder`() throws {
    let scratch = try Scratch()
    try scratch.make(scratch.path("folder"))
    try scratch.write("folder/notes.txt", text: "mine")
    let output = scratch.path("folder/my.ckpt.index")
    let options = Models.options()
    let plan = try ExportPlan(try Models.inspect("one/tf1"), to: output, options)
    #expect(try plan.run().succeeded)
    #expect(
      try Set(scratch.names("folder")) == [
        "notes.txt", "my.ckpt.data-00000-of-00001", "my.ckpt.index",
      ])
    #expect(
      failure { try ExportPlan(try Models.inspect("one/tf1"), to: output, options).run() }
        .contains("the output exists already"))
  }
}

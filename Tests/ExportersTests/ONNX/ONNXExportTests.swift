import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertNativeFormat
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertExporters

/// What an ONNX export consists of, and what it keeps.
@Suite struct ONNXExportTests {
  @discardableResult private func export(
    _ name: String, _ scratch: Scratch, apart: Bool = false, force: Bool = false
  ) throws -> FilePath {
    var options = Models.options("onnx")
    options.keepsDataApart = apart
    options.replacesExisting = force
    let output = scratch.path("model.onnx")
    let outcome = try ExportPlan(try Models.inspect(name), to: output, options).run()
    #expect(outcome.succeeded)
    return output
  }

  /// However many layers there are, a weight stands in the file once and all of them take it.
  @Test(arguments: [ElementType.float32, .float16, .int8])
  func sharedLayersAreStoredOnce(_ type: ElementType) throws {
    var sample = ONNXSample(type: type)
    sample.config.numHiddenLayers = 12
    sample.config.layerMap = .huggingFace(layers: 12, groups: 1)
    let model = sample.model
    let specs = ParameterSpec.all(sample.config, sample.contents)
    #expect(model.tensors.filter { !$0.name.hasSuffix(".scale") }.map(\.name) == specs.map(\.name))
    for spec in specs where spec.parameter.role.isPerBlock {
      var value = spec.name
      // One operator each turns a smaller type into float32.
      for _ in 0..<(type == .float32 || sample.type(of: spec.parameter) == .float32 ? 0 : 1) {
        let users = model.nodes.filter { $0.inputs.contains(value) }
        #expect(users.map(\.operation) == ["Cast"], "\(spec.name)")
        value = try #require(users.first?.outputs.first)
      }
      if sample.type(of: spec.parameter) == .int8 {
        let users = model.nodes.filter { $0.inputs.contains(value) }
        #expect(users.map(\.operation) == ["Mul"], "\(spec.name)")
        value = try #require(users.first?.outputs.first)
      }
      #expect(model.nodes.count { $0.inputs.contains(value) } == 12, "\(spec.name)")
    }
    let bytes = sample.tensors.reduce(0) { $0 + $1.tensor.byteCount }
    let numbers = specs.reduce(0) { $0 + $1.shape.count }
    if type != .int8 { #expect(bytes == numbers * type.size) }
    // The decoder's weight is the table of words itself.
    let word = "albert.embeddings.word_embeddings.weight"
    let users = model.nodes.filter { node in node.inputs.contains { $0.hasPrefix(word) } }
    #expect(users.filter { $0.operation == "Gather" }.count == 1)
    #expect(users.filter { $0.operation == "Gemm" }.map(\.name) == ["/predictions/decoder"])
  }

  @Test func valuesAreDescribed() {
    func text(_ values: [ONNXValue]) -> [String] {
      values.map { value in
        let extents = value.extents.map { extent in
          switch extent {
          case .fixed(let size): "\(size)"
          case .named(let name): name
          }
        }
        return "\(value.name) \(value.type.name) [\(extents.joined(separator: ", "))]"
      }
    }
    var sample = ONNXSample()
    #expect(
      text(sample.model.inputs) == [
        "input_ids int64 [batch, sequence]", "attention_mask int64 [batch, sequence]",
        "token_type_ids int64 [batch, sequence]",
      ])
    #expect(
      text(sample.model.outputs) == [
        "last_hidden_state float32 [batch, sequence, 8]", "pooler_output float32 [batch, 8]",
        "sop_logits float32 [batch, 2]", "prediction_logits float32 [batch, sequence, 23]",
      ])
    sample.config.numLabels = 1
    sample.contents = ModelContents(pooler: true, taskHead: .multipleChoice)
    #expect(text(sample.model.inputs)[0] == "input_ids int64 [batch, choices, sequence]")
    #expect(
      text(sample.model.outputs) == [
        "last_hidden_state float32 [batch*choices, sequence, 8]",
        "pooler_output float32 [batch*choices, 8]", "logits float32 [batch, choices]",
      ])
    sample.config.numLabels = 2
    sample.contents = ModelContents(pooler: false, taskHead: .questionAnswering)
    #expect(
      text(sample.model.outputs).dropFirst() == [
        "start_logits float32 [batch, sequence]", "end_logits float32 [batch, sequence]",
      ])
  }

  @Test func everyValueIsMadeBeforeItIsTaken() {
    for head in TaskHead.allCases {
      var sample = ONNXSample(type: .int8)
      sample.contents = ModelContents(pooler: true, mlm: true, sop: true, taskHead: head)
      sample.config.numLabels = head.onlyLabelCount ?? 3
      let model = sample.model
      var known = Set(
        model.inputs.map(\.name) + model.constants.map(\.tensor.name) + model.tensors.map(\.name))
      for node in model.nodes {
        #expect(known.isSuperset(of: node.inputs), "\(node.name)")
        for output in node.outputs { #expect(known.insert(output).inserted, "\(output)") }
      }
      #expect(known.isSuperset(of: model.outputs.map(\.name)))
      #expect(Set(model.nodes.map(\.name)).count == model.nodes.count)
      let taken = Set(model.nodes.flatMap(\.inputs))
      #expect(taken.isSuperset(of: model.tensors.map(\.name)))
      #expect(taken.isSuperset(of: model.constants.map(\.tensor.name)))
    }
  }

  /// Names of classes and token ids, which no operator shows, go along.
  @Test func theConfigGoesAlong() throws {
    let scratch = try Scratch()
    let source = try Models.inspect("one/hf-safetensors-seqcls")
    let config = try #require(source.config)
    let written = try Inspection.open(try export("one/hf-safetensors-seqcls", scratch))
    #expect(written.config == config)
    #expect(written.config?.passthrough.id2label?.isEmpty == false)
    #expect(written.contents == source.contents)
    #expect(written.configSource == .embedded)
    #expect(written.findings.isEmpty)
    #expect(written.archive.metadata["onnx.producer"] == "AlbertKit")
  }

  /// Models that no fixture is like come through the whole export, from their graph to a graph.
  @Test(arguments: [
    ModelContents(pooler: true, mlm: true, sop: true, untiedDecoder: true),
    ModelContents(pooler: true, mlm: true, sop: true, taskHead: .sequenceClassification),
    ModelContents(pooler: false, mlm: true, taskHead: .questionAnswering),
  ]) func unusualModelsComeThrough(_ contents: ModelContents) throws {
    var sample = ONNXSample(contents: contents)
    sample.config.numLabels = contents.taskHead.map { $0.onlyLabelCount ?? 3 } ?? 0
    sample.config.numHiddenGroups = 3
    sample.config.innerGroupNum = 2
    sample.config.layerMap = LayerMap(groups: [2, 0, 2])
    sample.config.mlmLayerNormEps = 1e-5
    let scratch = try Scratch()
    let source = try Inspection.open(try scratch.write("source.onnx", try sample.file()))
    for type in [OutputType.keep, .f16, .i8] {
      var options = Models.options("onnx", type)
      options.replacesExisting = true
      let plan = try ExportPlan(source, to: scratch.path("model.onnx"), options)
      #expect(try plan.run().succeeded)
      let written = try Inspection.open(scratch.path("model.onnx"))
      #expect(written.config == source.config)
      #expect(written.contents == contents)
      if type == .keep {
        #expect(try Models.digests(written) == Models.digests(source))
      }
    }
  }

  /// Where the config that goes along disagrees with the operators, they count.
  @Test func theGraphDecides() throws {
    let sample = ONNXSample()
    var other = sample.config
    other.hiddenAct = .relu
    let text = NativeConfig.json(other, sample.contents).text()
    let scratch = try Scratch()
    func open(_ text: String) throws -> Inspection {
      let model = sample.graph.model(by: "albert 1", metadata: [("albert.config", text)])
      let bytes = try sample.written(try ONNXLayout(model, path: "model.onnx"))
      return try Inspection.open(try scratch.write("model.onnx", bytes))
    }
    let inspection = try open(text)
    #expect(inspection.config == sample.config)
    #expect(inspection.findings.map(\.code) == ["activation-mismatch"])
    other.hiddenAct = sample.config.hiddenAct
    other.numHiddenLayers = 4
    other.layerMap = .huggingFace(layers: 4, groups: 1)
    #expect(
      try open(NativeConfig.json(other, sample.contents).text()).findings.map(\.code) == [
        "config-mismatch"
      ])
    #expect(
      failure { try open("{}") }.contains(
        "the metadata 'albert.config': hidden_act names no activation"))
  }

  @Test func dataMayStandApart() throws {
    let scratch = try Scratch()
    let whole = try Models.digests(try Inspection.open(try export("two/hf-safetensors", scratch)))
    #expect(try scratch.names() == ["model.onnx"])
    let path = try export("two/hf-safetensors", scratch, apart: true, force: true)
    let names = try scratch.names().sorted()
    #expect(names.count == 2 && names[0] == "model.onnx")
    #expect(names[1].wholeMatch(of: /model\.onnx\.[0-9a-f]{16}\.data/) != nil)
    let apart = try Inspection.open(path)
    #expect(apart.archive.files.map(\.name) == ["model.onnx", names[1]])
    #expect(try Models.digests(apart) == whole)
    let text = failure { _ = try export("two/hf-safetensors", scratch, apart: true) }
    #expect(text.contains("the output exists already"))
  }

  /// New data never lie under an old graph, and what no graph takes any more goes with it.
  @Test func dataGoWithTheirGraph() throws {
    let scratch = try Scratch()
    try export("two/hf-safetensors", scratch, apart: true)
    let first = try scratch.names()
    try export("one/hf-safetensors", scratch, apart: true, force: true)
    let second = try scratch.names()
    #expect(second.count == 2 && Set(first).intersection(second) == ["model.onnx"])
    // Another graph takes the same data: they stay.
    try scratch.write("other.onnx", try #require(scratch.contents("model.onnx")[""]))
    try export("two/hf-safetensors", scratch, force: true)
    #expect(try scratch.names() == (second + ["other.onnx"]).sorted())
    let other = try Inspection.open(scratch.path("other.onnx"))
    #expect(try !Models.digests(other).isEmpty)
    // What only has such a name is not the graph's.
    try scratch.write("model.onnx.notes.data", text: "mine")
    try export("two/hf-safetensors", scratch, apart: true, force: true)
    try export("one/hf-safetensors", scratch, force: true)
    #expect(try scratch.names() == (second + ["model.onnx.notes.data", "other.onnx"]).sorted())
  }

  /// Protobuf ends at 2 GiB: a larger model is planned as two files without being asked for.
  @Test func largeModelsAreTwoFiles() throws {
    var config = ONNXSample().config
    config.vocabSize = 1 << 24
    config.embeddingSize = 32
    let scratch = try Scratch()
    let specs = ParameterSpec.all(config, .backboneWithoutPooler)
    let header = try SafetensorsHeader(
      layingOut: specs.map {
        TensorDescription(name: $0.name, type: .float32, shape: $0.shape)
      }, path: "model.safetensors")
    // A hole in the file stands for the numbers, which nobody reads.
    let path = try scratch.write("model.safetensors", header.bytes)
    let file = try FileDescriptor.open(path, .writeOnly)
    try file.closeAfter { try file.resize(to: Int64(header.fileSize)) }
    let inspection = try Inspection.open(path, Models.reading(config))
    let plan = try ExportPlan(
      inspection, to: scratch.path("large.onnx"), Models.options("onnx"))
    let files = try ONNXExport.files(plan.model)
    guard files.count == 1, case .weights(let weights) = files[0].content,
      let naming = weights.naming
    else {
      Issue.record("the tensors do not stand apart")
      return
    }
    let layout = try weights.layOut(path)
    #expect(layout.byteCount > 1 << 31)
    #expect(layout.ranges.count == specs.count)
    let digest = XXH3Digest.of(RawSpan())
    let companions =
      try weights.companions?(.init(tensors: WrittenTensors([]), digest: digest)) ?? []
    #expect(companions.map(\.name) == ["large.onnx"])
    #expect(naming(digest).hasPrefix("large.onnx.") && naming(digest).hasSuffix(".data"))
    #expect(companions.allSatisfy { $0.bytes.count < 1 << 16 })
  }

  @Test func headsWithoutTheirPoolerAreLeftOut() throws {
    var config = ONNXSample().config
    config.numLabels = 3
    let model = TargetModel(
      config,
      ModelContents(pooler: false, mlm: true, sop: true, taskHead: .sequenceClassification))
    let expressed = try ONNXExport.adapt(model, initializing: false, path: "model.onnx")
    #expect(expressed.contents == .maskedLM)
    #expect(expressed.changes.map(\.code) == ["sentence-order", "task-head"])
    let tokens = TargetModel(
      config, ModelContents(pooler: false, mlm: true, taskHead: .tokenClassification))
    #expect(try ONNXExport.adapt(tokens, initializing: false, path: "model.onnx") == tokens)
  }
}

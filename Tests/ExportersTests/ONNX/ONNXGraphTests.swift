import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertNativeFormat
import AlbertTensors
import AlbertTestSupport
import Testing

@testable import AlbertExporters

@Suite struct ONNXGraphTests {
  /// The model as this package's own reader finds it, by the graph alone.
  private func check(_ sample: ONNXSample, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let scratch = try Scratch()
    let path = try scratch.write("model.onnx", try sample.file())
    let inspection = try Inspection.open(path)
    try #require(inspection.contents == sample.contents, sourceLocation: sourceLocation)
    var expected = sample.config
    expected.taskHead = sample.contents.taskHead
    try #require(inspection.config == expected, sourceLocation: sourceLocation)
    let loaded = try LoadedModel(path)
    #expect(inspection.configSource == .graph, sourceLocation: sourceLocation)
    #expect(
      inspection.findings.filter { $0.code != "dequantized" }.map(\.message) == [],
      sourceLocation: sourceLocation)
    #expect(
      !inspection.assignments.contains { $0.purpose == .unexpected },
      sourceLocation: sourceLocation)
    for spec in ParameterSpec.all(sample.config, sample.contents)
    where sample.graph.weights.uses(spec.parameter) {
      let type = loaded.model.elementType(of: spec.parameter)
      let numbers = loaded.model.withBytes(of: spec.parameter) { $0.floats(of: type) }
      #expect(
        numbers == sample.numbers(spec.parameter), "\(spec.name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: Activation.allCases) func everyActivationIsRead(_ activation: Activation) throws
  {
    var sample = ONNXSample()
    sample.config.hiddenAct = activation
    try check(sample)
  }

  @Test(arguments: TaskHead.allCases, [false, true])
  func everyHeadIsRead(_ head: TaskHead, _ withOthers: Bool) throws {
    var sample = ONNXSample()
    sample.contents = ModelContents(pooler: head.usesPooler || withOthers, taskHead: head)
    if withOthers {
      sample.contents.mlm = true
      sample.contents.sop = true
    }
    sample.config.numLabels = head.onlyLabelCount ?? 3
    try check(sample)
  }

  @Test func everyPartMayBeMissing() throws {
    for contents in [
      ModelContents.backbone, .backboneWithoutPooler, .maskedLM,
      ModelContents(pooler: true, sop: true),
      ModelContents(pooler: true, mlm: true, sop: true, untiedDecoder: true),
    ] {
      try check(ONNXSample(contents: contents))
    }
  }

  @Test(arguments: [
    (1, 1, [0]), (1, 2, [0, 0]), (2, 2, [0, 0, 1, 1]), (2, 1, [0, 1]), (3, 1, [0, 1, 2]),
    (2, 1, [0, 1, 0, 1]), (2, 2, [0, 1, 0]), (1, 3, [0]), (2, 1, [1, 0]),
    (4, 1, [0, 2]), (3, 2, [0]),
  ])
  func everyMapOfLayersIsRead(_ groups: Int, _ inner: Int, _ map: [Int]) throws {
    var sample = ONNXSample()
    sample.config.numHiddenGroups = groups
    sample.config.innerGroupNum = inner
    sample.config.numHiddenLayers = map.count
    sample.config.layerMap = LayerMap(groups: map)
    try check(sample)
    sample.type = .int8
    try check(sample)
  }

  @Test func aProjectionIsLeftOutWhereItIsTheIdentity() throws {
    var sample = ONNXSample()
    sample.config.embeddingSize = 8
    try check(sample)
    sample.config.embeddingProjectionIsIdentity = true
    try check(sample)
    #expect(!sample.graph.weights.uses(Parameter(.projectionWeight)))
  }

  @Test func epsilonsAreKeptApart() throws {
    var sample = ONNXSample()
    sample.config.layerNormEps = 1e-5
    sample.config.mlmLayerNormEps = 3.5e-12
    try check(sample)
  }

  @Test(arguments: [ElementType.float16, .bfloat16, .int8])
  func smallerTypesAreTheSameNumbers(_ type: ElementType) throws {
    try check(ONNXSample(type: type))
    var sample = ONNXSample(type: type)
    sample.config.numHiddenGroups = 2
    sample.config.innerGroupNum = 2
    sample.config.layerMap = LayerMap(groups: [0, 1, 1])
    try check(sample)
  }
}

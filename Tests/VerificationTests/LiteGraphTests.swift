import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertVerification

/// Models of TensorFlow's converter beside the models that they were made from.
@Suite struct LiteGraphTests {
  private static func folder(_ name: String) -> FilePath {
    PackageFiles.fixtures.appending("tflite").appending(name)
  }

  private static func file(_ name: String) -> FilePath {
    folder(name).appending("model.tflite")
  }

  private func verify(_ name: String) throws -> VerificationResult {
    try Verification.verify(
      try LoadedModel(Self.file(name)),
      against: try LoadedModel(Self.folder(name).appending("reference")))
  }

  @Test(arguments: ["static", "ids-only", "float16", "dynamic-range", "static-dynamic-range"])
  func theModelIsRecognised(name: String) throws {
    let inspection = try Inspection.open(Self.file(name))
    #expect(inspection.isUsable, "\(inspection.findings)")
    #expect(inspection.format == "tflite")
    let config = try #require(inspection.config)
    #expect(config.vocabSize == 120)
    #expect(config.embeddingSize == 16)
    #expect(config.hiddenSize == 32)
    #expect(config.intermediateSize == 48)
    #expect(config.numHiddenLayers == 3)
    #expect(config.numHiddenGroups == 1)
    #expect(config.numAttentionHeads == 4)
    #expect(config.hiddenAct == (name == "float16" ? .geluErf : .geluTanh))
    let isCut = name.hasPrefix("static") || name == "ids-only"
    #expect(config.maxPositionEmbeddings == (isCut ? 8 : 40))
    let segments: EmbeddingCut.Segments = name == "ids-only" ? .added : .whole
    #expect(
      inspection.cut
        == (isCut
          ? EmbeddingCut(positions: 8, segments: segments) : nil))
    #expect(inspection.findings.contains { $0.code == "folded-embeddings" } == isCut)
    #expect(inspection.tensors { $0 == .surrounding || $0 == .unexpected }.isEmpty)
    #expect(inspection.findings.contains { $0.code == "epsilon-lost" } == (name == "float16"))
    #expect(inspection.contents.mlm == (name == "static" || name == "float16"))
    #expect(
      inspection.contents.taskHead == (name == "dynamic-range" ? .questionAnswering : nil))
  }

  /// What a converter cut off or added up is compared as far as it goes.
  @Test(arguments: ["static", "ids-only", "float16"])
  func weightsAndGraphAreThoseOfTheirModel(name: String) throws {
    let result = try verify(name)
    #expect(result.passes, "\(result.checks) \(result.findings)")
    let graph = try #require(result.graph)
    #expect(graph.outputs.contains { $0.outcome == .pass })
    #expect(graph.found.count > graph.sought / 2)
    if name != "float16" {
      #expect(result.weights.allSatisfy { $0.maxAbs < 1e-6 })
    }
    #expect(
      result.findings.contains { $0.code == "graph-takes-no-mask" } == (name == "ids-only"))
  }

  /// Integers are other numbers, which the graph computes with.
  ///
  /// A bias to which the converter added before it rounded the matrix is another one in that layer alone.
  @Test(arguments: ["dynamic-range", "static-dynamic-range"])
  func theGraphOfIntegersIsWithinTheirRounding(name: String) throws {
    let result = try verify(name)
    #expect(result.checks.last == Check(.graph, .pass), "\(result.graph?.outputs ?? [])")
    #expect(result.findings.contains { $0.code == "activations-quantized" })
    #expect(!result.findings.contains { $0.code == "graph-misread" })
    for output in try #require(result.graph?.unrounded).outputs {
      #expect((output.error?.real.maxAbs ?? 1) < 1e-6)
    }
    #expect(result.diagnosis.map(\.code.rawValue) == ["precision-loss"])
  }

  @Test func whatWasCutOffIsConvertedWithConsentAlone() throws {
    let inspection = try Inspection.open(Self.file("static"))
    let plan = try ConversionPlan(inspection)
    #expect(plan.model.changes.map(\.code) == ["folded-embeddings"])
    #expect(try ConversionPlan(try Inspection.open(Self.file("float16"))).model.changes.isEmpty)
  }

  /// The model's own config, which speaks of the whole tables.
  @Test(arguments: ["static", "ids-only"])
  func aConfigOfTheWholeModelFitsWhatIsLeft(_ name: String) throws {
    let config = Self.folder(name).appending("reference").appending("config.json")
    let inspection = try Inspection.open(
      Self.file(name), InspectionOptions(config: config))
    #expect(inspection.isUsable, "\(inspection.findings)")
    #expect(inspection.config?.maxPositionEmbeddings == 8)
    #expect(inspection.findings.contains { $0.code == "folded-embeddings" })
    #expect(try ConversionPlan(inspection).model.changes.map(\.code) == ["folded-embeddings"])
  }

  /// A config that knows of no more positions says that nothing was cut off.
  @Test func aWholeTableIsNoCut() throws {
    let scratch = try Scratch()
    let config = try scratch.write(
      "config.json", text: "{\"model_type\": \"albert\", \"max_position_embeddings\": 8}")
    let inspection = try Inspection.open(
      Self.file("static"), InspectionOptions(config: config))
    #expect(inspection.cut == nil)
    #expect(!inspection.findings.contains { $0.code == "folded-embeddings" })
  }
}

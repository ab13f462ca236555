import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertDiagnosis
import AlbertReading
import AlbertReferenceModel
import AlbertTensors
import AlbertTestModels
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertVerification

/// Differences that are no defect of the weights: their publisher's code computes something else, or the file
/// leaves open how it is read.
@Suite("Differences that a reading explains")
struct DoubtfulReadingTests {
  private static let publishers = PackageFiles.fixtures.appending("publishers")

  /// What a model computes with some LayerNorm, recorded.
  private func golden(
    _ model: any ParameterStore, _ layerNorm: LayerNormKind, _ scratch: borrowing Scratch,
    single: Bool = false
  ) throws -> GoldenFile {
    let inputs = try diagnosisInputs(model.config)
    let outputs = try ReferenceModel(model, layerNorm: layerNorm).forward(inputs)
    return try recorded(outputs, inputs, in: scratch.path("golden.npz"), single: single)
  }

  private func uer() throws -> LoadedModel {
    try LoadedModel(Self.publishers.appending("found/uer-new"))
  }

  @Test("A recording of UER-py's LayerNorm is told from wrong weights", arguments: [false, true])
  func layerNormOfItsOwn(single: Bool) throws {
    let scratch = try Scratch()
    let model = try uer()
    let recorded = try golden(model.model, .unbiasedDeviation, scratch, single: single)
    let result = try Verification.verify(model, golden: recorded)
    #expect(!result.passes)
    #expect(result.diagnosis.map(\.code) == [.publisherDiffers])
    let said = try #require(result.diagnosis.first)
    #expect(
      said.message
        == "the golden file was computed by UER-py's own code, with LayerNorm by the unbiased deviation plus "
        + "1e-6, where ALBERT's is by the variance; computed so, the subject's weights give what was recorded"
    )
    #expect(said.explains > 0.99)
    let usual = try golden(model.model, .variance, scratch, single: single)
    #expect(try Verification.verify(model, golden: usual).passes)
  }

  @Test("A defect under UER-py's LayerNorm is no matter of the LayerNorm")
  func aDefectRemains() throws {
    let scratch = try Scratch()
    let model = try uer()
    var spoilt = DefectiveModel(model.model)
    spoilt.transpose(.keyWeight)
    let recorded = try golden(spoilt, .unbiasedDeviation, scratch)
    let codes = try Verification.verify(model, golden: recorded).diagnosis.map(\.code)
    #expect(!codes.contains(.publisherDiffers))
  }

  private func bytes(_ path: FilePath) throws -> [UInt8] {
    let file = try SourceFile(path)
    return try file.bytes(at: 0, count: file.size)
  }

  /// A folder with files of a model, and what another folder or text gives it beside.
  private func folder(_ model: String, _ scratch: borrowing Scratch, _ extra: [String: [UInt8]])
    throws -> FilePath
  {
    let source = Self.publishers.pushing(FilePath(model))
    for name in ["config.json", "model.safetensors"] {
      try scratch.write(name, try bytes(source.appending(name)))
    }
    for (name, bytes) in extra { try scratch.write(name, bytes) }
    return scratch.folder
  }

  @Test("An adapter that was not merged may be the reason, and merged it is none")
  func adapterBeside() throws {
    let scratch = try Scratch()
    let adapter = Self.publishers.appending("adapters/plain")
    var files: [String: [UInt8]] = [:]
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
      files[name] = try bytes(adapter.appending(name))
    }
    let path = try folder("adapters/base", scratch, files)
    let merging = InspectionOptions(adapter: adapter)
    let merged = try LoadedModel(path, merging)
    let recorded = try golden(merged.model, .variance, scratch)
    let result = try Verification.verify(try LoadedModel(path), golden: recorded)
    #expect(!result.passes)
    #expect(result.diagnosis.isEmpty)
    let said = result.unexplained(\.description)
    #expect(
      said == [
        "adapter-beside may explain the difference: an adapter lies beside this model and was not merged "
          + "into it; state InspectionOptions.adapter \(path) to merge it"
      ])
    #expect(try Verification.verify(merged, golden: recorded).passes)
  }

  @Test("What was noticed is no reason where both sides were read alike, or weights differ")
  func noReason() throws {
    var result = VerificationResult()
    result.findings = [Finding(.warning, code: "config-ambiguous", "two configs")]
    result.checks = [Check(.forward, .fail)]
    let unknown = ["no known defect explains the difference"]
    #expect(result.unexplained(\.description) == unknown)
    let scratch = try Scratch()
    let model = try Fixtures.model("tiny-a/hf")
    var other = DefectiveModel(model.model)
    other.config.numHiddenLayers = 1
    other.config.layerMap = LayerMap(groups: [0])
    let recorded = try golden(other, .variance, scratch)
    result.stages = try Verification.verify(model, golden: recorded).stages
    #expect(
      result.unexplained(\.description) == [
        "config-ambiguous may explain the difference: two configs"
      ])
    result.checks.append(Check(.weights, .fail))
    #expect(result.unexplained(\.description) == unknown)
    result.checks = [Check(.forward, .fail), Check(.graph, .fail)]
    #expect(result.unexplained(\.description) == unknown)
    result.checks = [Check(.forward, .fail)]
    result.isOfConversion = true
    #expect(result.unexplained(\.description) == unknown)
  }

  @Test("A reading is a reason only of what it moves")
  func onlyOfWhatItMoves() throws {
    let scratch = try Scratch()
    let model = try Fixtures.model("tiny-a/hf")
    var other = DefectiveModel(model.model)
    other.scale(.sopWeight, by: 1.5)
    let recorded = try golden(other, .variance, scratch)
    var result = try Verification.verify(model, golden: recorded)
    #expect(result.stages.filter { $0.outcome == .fail }.allSatisfy { $0.stage == .sopLogits })
    for (code, isReason) in [
      ("config-pooling", true), ("config-may-be-bert", true), ("decoder-missing", false),
      ("head-guessed", false), ("head-kind", false), ("layer-norm-differs", false),
      ("activations-quantized", true),
    ] {
      result.findings = [Finding(.warning, code: code, "noticed")]
      #expect(
        result.unexplained(\.description) == [
          isReason
            ? "\(code) may explain the difference: noticed"
            : "no known defect explains the difference"
        ])
    }
  }
}

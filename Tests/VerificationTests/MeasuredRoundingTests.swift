import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertDiagnosis
import AlbertTensors
import AlbertTestModels
import AlbertTestSupport
import Testing

@testable import AlbertVerification

@Suite("Measured rounding")
struct MeasuredRoundingTests {
  /// tiny-a with all embedding tables shifted so far from zero that the first LayerNorm cancels most of it.
  private func shifted() throws -> DefectiveModel {
    var model = DefectiveModel(try Fixtures.model("tiny-a/hf").model)
    for role in [ParameterRole.wordEmbeddings, .positionEmbeddings, .tokenTypeEmbeddings] {
      model[role] = model[role].map { $0 / 4 + 4 }
    }
    model.mapAll { Double(Float($0)) }
    return model
  }

  /// The stages of a model by both engines beside another one's in Float64.
  private func compare(
    _ subject: DefectiveModel, with reference: DefectiveModel, tolerance: Double? = nil
  ) throws -> [StageComparison] {
    let check = ForwardCheck(
      subject: try Subject(subject, path: "", .both), reference: reference, engines: .both,
      weightRoundoff: [], tolerance: tolerance, isSame: false)
    let probe = Probe(inputs: try diagnosisInputs(subject.config), stages: nil)
    let stages = Stage.all(subject.config, subject.contents)
    return try check.run([probe], common: stages, path: "", WorkObserver())
  }

  /// What the derived tolerance allows.
  private func derived(_ result: StageComparison, _ model: DefectiveModel) throws -> Double {
    let error = try #require(result.error)
    return try #require(result.rounding).largest(
      result.stage, model.config, scale: error.scale, count: error.real.count, keys: 7)
  }

  @Test("What cancellation leaves of rounding is no difference")
  func cancellation() throws {
    let model = try shifted()
    let results = try compare(model, with: model)
    #expect(results.allSatisfy { $0.outcome == .pass })
    // It is measured, since the derived tolerance does not reach.
    let embeddings = try #require(
      results.first { $0.stage == .embeddings && $0.engine == .fast })
    let derived = try derived(embeddings, model)
    #expect(try #require(embeddings.maxAbs) > derived)
    #expect(embeddings.tolerance > derived && embeddings.tolerance < 100 * derived)
  }

  @Test("A defect is none of it", arguments: [ParameterRole.queryWeight, .valueWeight])
  func defects(_ role: ParameterRole) throws {
    let model = try shifted()
    var turned = model
    turned.transpose(role)
    let failing = try compare(turned, with: model).filter { $0.outcome == .fail }
    #expect(failing.contains { $0.engine == .reference && $0.stage == .hiddenStates(1) })
    #expect(failing.contains { $0.engine == .fast && $0.stage == .hiddenStates(1) })
  }

  /// PyTorch's graph of a model whose tables are shifted, computed in Float32 as it declares.
  @Test("A graph in which large terms cancel is right")
  func graphs() throws {
    let graph = try LoadedModel(PackageFiles.fixtures.appending("graphs/shifted.onnx"))
    var options = Verification.Options()
    options.graph.mode = .declared
    let result = try Verification.verify(graph, against: graph, options)
    #expect(result.passes)
    let output = try #require(result.graph?.outputs.first { $0.stage == .predictionLogits })
    #expect(output.error?.real.maxAbs ?? 0 > 1e-5)
    #expect(output.tolerance < 1e-3)
  }

  @Test("A user's own tolerance stands")
  func ownTolerance() throws {
    let model = try shifted()
    let results = try compare(model, with: model, tolerance: 1e-9)
    let embeddings = try #require(
      results.first { $0.stage == .embeddings && $0.engine == .fast })
    #expect(embeddings.outcome == .fail && embeddings.tolerance == 1e-9)
  }

  @Test("A model whose outputs are rounding and nothing else does not pass by it")
  func nothingButRounding() throws {
    var model = try shifted()
    for role in [ParameterRole.wordEmbeddings, .positionEmbeddings, .tokenTypeEmbeddings] {
      model[role] = model[role].map { Double(Float(4096 + ($0 - 4) / 1024)) }
    }
    let results = try compare(model, with: model)
    let embeddings = try #require(
      results.first { $0.stage == .embeddings && $0.engine == .fast })
    #expect(embeddings.outcome == .fail)
  }
}

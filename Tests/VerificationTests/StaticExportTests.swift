import AlbertArchitecture
import AlbertConversion
import AlbertReading
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertVerification

/// Exports of fixed shapes without an input for the segments.
@Suite struct StaticExportTests {
  private static let whole = PackageFiles.fixtures.appending("graph-defects/heads.onnx")

  private static func path(_ name: String) -> FilePath {
    PackageFiles.fixtures.appending("static-graphs/\(name).onnx")
  }

  /// The exporter looked the first segment's row up, for each token of two sequences.
  @Test(arguments: ["no-segments", "looked-up"])
  func theFirstSegmentIsWhatWasLookedUp(name: String) throws {
    let inspection = try Inspection.open(Self.path(name))
    #expect(inspection.isUsable, "\(inspection.findings)")
    #expect(inspection.cut == EmbeddingCut(positions: 8, segments: .first))
    #expect(inspection.config?.typeVocabSize == 1)
    let plan = try ConversionPlan(inspection)
    #expect(plan.model.changes.map(\.code) == ["folded-embeddings"])
    let (cut, whole) = (try LoadedModel(inspection), try LoadedModel(Self.whole))
    for (parameter, count) in [
      (Parameter(.tokenTypeEmbeddings), 8), (Parameter(.positionEmbeddings), 8 * 8),
    ] {
      let mine = cut.model.withBytes(of: parameter) { $0.floats(of: .float32) }
      let theirs = whole.model.withBytes(of: parameter) { $0.floats(of: .float32) }
      #expect(mine == theirs.map { Array($0.prefix(count)) })
    }
    let result = try Verification.verify(cut, against: whole)
    #expect(result.passes)
    #expect(result.checks.contains(Check(.graph, .pass)))
  }

  /// Of a head that computes what it is asked for, all tokens are asked for.
  @Test func theGraphOfKerasIsWhatItsWeightsCompute() throws {
    for name in ["keras", "keras-masked-lm"] {
      let inspection = try Inspection.open(
        PackageFiles.fixtures.appending("graphs/\(name).onnx"))
      #expect(inspection.findings.isEmpty, "\(inspection.findings)")
      let model = try LoadedModel(inspection)
      let result = try Verification.verify(model, against: model)
      #expect(result.checks.contains(Check(.graph, .pass)), "\(result.graph?.outputs ?? [])")
      #expect(result.graph?.outputs.isEmpty == false)
    }
  }

  /// The zeros that pick the first segment are made by the graph, and the table is whole.
  @Test func aTableThatTheGraphLooksUpInIsWhole() throws {
    let inspection = try Inspection.open(Self.path("gathered"))
    #expect(inspection.isUsable, "\(inspection.findings)")
    #expect(inspection.cut == EmbeddingCut(positions: 8, segments: .whole))
    #expect(inspection.config?.typeVocabSize == 2)
    let model = try LoadedModel(inspection)
    #expect(try Verification.verify(model, against: model).passes)
  }
}

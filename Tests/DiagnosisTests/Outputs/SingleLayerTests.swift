import AlbertArchitecture
import AlbertConversion
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// Weights of one layer that others share, where nothing but one output was recorded.
@Suite("Diagnosis of one layer by one output")
struct SingleLayerTests {
  /// What is said of outputs of a model of which layer 1 has weights of its own.
  private func diagnose(
    _ name: String, _ stage: Stage, _ inject: (inout DefectiveModel) -> Void
  ) throws -> VerificationResult {
    let model = try Fixtures.model(name)
    var defective = DefectiveModel(model.model)
    let groups = defective.config.layerMap.groups
    defective.config.numHiddenGroups = groups.count
    defective.config.layerMap = LayerMap(groups: Array(groups.indices))
    for role in ParameterRole.allCases where role.isPerBlock {
      for (layer, group) in groups.enumerated() {
        for inner in 0..<defective.config.innerGroupNum {
          defective[role, layer, inner] = model.model.values(
            of: Parameter(role, group: group, inner: inner))
        }
      }
    }
    inject(&defective)
    let golden = try DefectiveGolden(
      defective, diagnosisInputs(model.model.config), stages: [stage], single: true)
    return try Verification.verify(
      model, golden: golden.file, Verification.Options(engines: .reference))
  }

  @Test(arguments: ForwardStagesTests.models, [Stage.lastHiddenState, .poolerOutput])
  func isNamedWithItsLayer(_ model: String, _ stage: Stage) throws {
    let transposed = try diagnose(model, stage) { $0.transpose(.valueWeight, group: 1) }
    #expect(transposed.diagnosis.map(\.code) == [.transposed], "\(transposed.diagnosis)")
    #expect(transposed.diagnosis.first?.parameter == Parameter(.valueWeight).name)
    let missing = try diagnose(model, stage) { defective in
      defective[.ffnBias, 1, 0] = defective[.ffnBias, 1, 0].map { _ in 0 }
    }
    #expect(missing.diagnosis.map(\.code.rawValue) == ["bias-missing"], "\(missing.diagnosis)")
    for diagnosis in transposed.diagnosis + missing.diagnosis {
      #expect(diagnosis.message.contains("in layer 1 alone (seen at \(stage))"), "\(diagnosis)")
    }
  }

  /// Another epsilon of one LayerNorm does nearly what such a factor does.
  @Test(arguments: ForwardStagesTests.models) func aFactorNearOneIsNotNamed(_ model: String) throws
  {
    let result = try diagnose(model, .lastHiddenState) { defective in
      defective[.fullLayerNormWeight, 1, 0] = defective[.fullLayerNormWeight, 1, 0].map {
        $0 * 0.9995
      }
    }
    #expect(!result.passes && result.diagnosis.isEmpty, "\(result.diagnosis)")
  }
}

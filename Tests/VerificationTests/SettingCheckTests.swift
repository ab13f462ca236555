import AlbertArchitecture
import AlbertTestModels
import Testing

@testable import AlbertVerification

/// What a single layer of a graph states otherwise than the others.
@Suite struct SettingCheckTests {
  private static func setting(_ epsilon: Double) -> LayerSetting {
    LayerSetting(layer: 0, node: "node", part: "a part", value: .epsilon(epsilon))
  }

  /// The first layer's counts behind a projection and without one.
  @Test(arguments: [true, false])
  func aSettingOfTheFirstLayerCounts(isProjected: Bool) throws {
    let loaded = try isProjected ? Fixtures.model("tiny-a/hf") : Fixtures.upstream("square/tf1")
    let model = loaded.model
    #expect(model.config.embeddingProjectionIsIdentity == !isProjected)
    let check = SettingCheck(reference: model, inputs: ProbeInputs.short([model.config]))
    #expect(check.first(of: [Self.setting(0.01)], [:]) != nil)
    #expect(check.first(of: [Self.setting(model.config.layerNormEps)], [:]) == nil)
  }
}

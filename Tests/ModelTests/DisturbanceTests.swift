import AlbertArchitecture
import AlbertTensors
import Testing

@testable import AlbertReferenceModel

@Suite("Disturbance")
struct DisturbanceTests {
  /// Every stage of tiny-a, disturbed.
  private func outputs(
    arithmetic: Double, weights: Double = 0, seed: UInt64 = 1, parallel: Bool = true
  ) throws -> [StageOutput<Double>] {
    let model = try Fixture.storeA()
    let disturbance = Disturbance(arithmetic: arithmetic, weights: weights, seed: seed)
    return try ReferenceModel(model, parallel: parallel, disturbance: disturbance).forward(
      try someInputs(2, 7, model.config))
  }

  /// The largest difference of each stage.
  private func differences(
    _ a: [StageOutput<Double>], _ b: [StageOutput<Double>]
  ) -> [Double] {
    zip(a, b).map { maxAbs($0.values, $1.values) }
  }

  @Test("Exact arithmetic disturbs nothing")
  func exact() throws {
    let model = try Fixture.storeA()
    let usual = try ReferenceModel(model).forward(try someInputs(2, 7, model.config))
    #expect(differences(usual, try outputs(arithmetic: 0)).allSatisfy { $0 == 0 })
  }

  @Test("Errors grow with the unit roundoff, of arithmetic and of weights")
  func proportional() throws {
    let exact = try outputs(arithmetic: 0)
    let small = differences(exact, try outputs(arithmetic: 0x1p-30))
    let large = differences(exact, try outputs(arithmetic: 0x1p-24))
    for (small, large) in zip(small, large) {
      #expect(small > 0 && (16...256).contains(large / small))
    }
    let stored = differences(exact, try outputs(arithmetic: 0, weights: 0x1p-24))
    #expect(stored.allSatisfy { $0 > 0 && $0 < 1e-4 })
  }

  @Test("A seed gives the same errors on one core and on all, another one gives others")
  func seeds() throws {
    let one = try outputs(arithmetic: 0x1p-24)
    let same = try outputs(arithmetic: 0x1p-24, parallel: false)
    let other = try outputs(arithmetic: 0x1p-24, seed: 2)
    #expect(differences(one, same).allSatisfy { $0 == 0 })
    #expect(differences(one, other).allSatisfy { $0 > 0 })
  }
}

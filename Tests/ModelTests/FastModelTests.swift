import AlbertArchitecture
import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertFastModel

/// The fast model by every way to multiply, each against what transformers computed and the reference.
@Suite struct FastModelTests {
  /// Every way to compute the products that this machine has.
  private func ways() throws -> [(name: String, kernels: Kernels, products: Products)] {
    let sets = (0..<3).compactMap { Kernels(set: $0) }
    var ways: [(String, Kernels, Products)] = sets.enumerated().map { index, kernels in
      ("kernels \(index)", kernels, .kernels(kernels))
    }
    ways.append(("library", Kernels(), .library(try BLAS.shared())))
    return ways
  }

  @Test func everyWayToMultiplyIsAsClose() throws {
    for (folder, store) in [("tiny-a", try Fixture.storeA()), ("tiny-b", try Fixture.storeB())] {
      let golden = try Fixture.npz("\(folder)/golden.npz")
      for way in try ways() {
        let model = try FastModel(store, way.kernels, way.products)
        for output in try model.forward(golden.inputs(), stages: golden.stages) {
          let error = maxAbs(output, golden)
          #expect(
            error <= Engine.fast.tolerance, "\(way.name): \(output.stage) differs by \(error)")
        }
      }
    }
  }

  @Test func attentionsAreTheSameByEveryWay() throws {
    let store = try Fixture.storeB()
    let inputs = try someInputs(2, 21, store.config)
    let stages = (0..<store.config.numHiddenLayers * store.config.innerGroupNum).map {
      Stage.attentions($0)
    }
    let reference = try Engine.reference.forward(store, inputs, stages: stages)
    for way in try ways() {
      let model = try FastModel(store, way.kernels, way.products)
      let found = try model.forward(inputs, stages: stages)
      #expect(found.map(\.stage) == reference.map(\.stage))
      for (a, b) in zip(found, reference) {
        let error = zip(a.values, b.values).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(error <= Engine.fast.tolerance, "\(way.name): \(a.stage) differs by \(error)")
      }
    }
  }
}

import AlbertArchitecture
import AlbertReferenceModel
import AlbertTensors
import Testing

/// The reference on one thread and on many.
@Suite struct ReferenceModelTests {
  @Test func theNumberOfThreadsDoesNotChangeABit() throws {
    let store = try Fixture.storeB()
    let inputs = try someInputs(3, 16, store.config)
    let one = try ReferenceModel(store, parallel: false).forward(inputs)
    let all = try ReferenceModel(store, parallel: true).forward(inputs)
    for (a, b) in zip(one, all) { #expect(a.values == b.values, "\(a.stage)") }
    #expect(one.count == all.count)
  }
}

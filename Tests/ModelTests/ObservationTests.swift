import AlbertArchitecture
import AlbertBytes
import AlbertFastModel
import AlbertReferenceModel
import Synchronization
import Testing

/// Whoever waits for a forward pass sees how far it is, and can end it at every step.
@Suite struct ObservationTests {
  @Test(arguments: Engine.allCases)
  func everyStepIsCountedOnce(_ engine: Engine) throws {
    let store = try Fixture.storeA()
    let inputs = try someInputs(2, 7, store.config)
    let steps = Mutex<[Int]>([])
    let totals = Mutex<Set<Int>>([])
    let observer = WorkObserver(progress: { done, total in
      steps.withLock { $0.append(done) }
      totals.withLock { _ = $0.insert(total) }
    })
    try run(engine, store, inputs, observer)
    let total = store.config.numHiddenLayers * store.config.innerGroupNum + 2
    #expect(steps.withLock { $0 } == Array(1...total))
    #expect(totals.withLock { $0 } == [total])
  }

  @Test(arguments: Engine.allCases)
  func aPassEndsWhereverItIsCancelled(_ engine: Engine) throws {
    let store = try Fixture.storeA()
    let inputs = try someInputs(2, 7, store.config)
    let questions = Atomic<Int>(0)
    let counting = WorkObserver(isCancelled: {
      questions.add(1, ordering: .relaxed)
      return false
    })
    try run(engine, store, inputs, counting)
    let asked = questions.load(ordering: .relaxed)
    // More often than once for each layer.
    #expect(asked > 3 * store.config.numHiddenLayers)

    for last in stride(from: 1, through: asked, by: max(1, asked / 40)) {
      let left = Atomic<Int>(last)
      // Says so once alone: a pass that was told stays told.
      let observer = WorkObserver(isCancelled: {
        left.subtract(1, ordering: .relaxed).newValue == 0
      })
      #expect(throws: InputProblem.cancelled, "question \(last) of \(asked)") {
        try run(engine, store, inputs, observer)
      }
    }
  }

  @Test func aCancelledPassLeavesAModelThatComputesAsBefore() throws {
    let store = try Fixture.storeA()
    let inputs = try someInputs(3, 9, store.config)
    let model = try FastModel(store)
    let before = try model.forward(inputs).map(\.values)
    let left = Atomic<Int>(5)
    let observer = WorkObserver(isCancelled: { left.subtract(1, ordering: .relaxed).newValue <= 0 })
    #expect(throws: InputProblem.cancelled) { try model.forward(inputs, observer: observer) }
    #expect(try model.forward(inputs).map(\.values) == before)
  }

  @Test func aCancelledPassIsACancelledFile() {
    let error = InputProblem.cancelled.fileError(path: "model.albert")
    #expect(error == FileError("model.albert", .cancelled))
  }

  private func run(
    _ engine: Engine, _ store: any ParameterStore, _ inputs: ModelInputs, _ observer: WorkObserver
  ) throws {
    switch engine {
    case .reference: _ = try ReferenceModel(store).forward(inputs, observer: observer)
    case .fast: _ = try FastModel(store).forward(inputs, observer: observer)
    }
  }
}

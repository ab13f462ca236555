import AlbertTestSupport
import Dispatch
import Synchronization
import Testing

@testable import AlbertKit

@Suite("Calls within tasks")
struct TaskTests {
  private let checkpoint = PackageFiles.fixtures.appending("tiny-a/hf")
  private let scratch = try? Scratch()

  @Test("The main actor goes on while work blocks its thread")
  @MainActor func leavesTheActor() async {
    let semaphore = DispatchSemaphore(value: 0)
    let other = Task { @MainActor in _ = semaphore.signal() }
    let wasFree = await BlockingWork.run { _ in
      semaphore.wait(timeout: .now() + .seconds(60)) == .success
    }
    await other.value
    #expect(wasFree)
  }

  @Test("A cancelled task ends its export, which leaves nothing")
  func cancelled() async throws {
    let scratch = try #require(scratch)
    let output = scratch.path("cancelled.albert")
    let export = Task { [checkpoint] in
      while !Task.isCancelled { await Task.yield() }
      return try await Export.run(checkpoint, to: output)
    }
    export.cancel()
    let error = await #expect(throws: FileError.self) { try await export.value }
    #expect(error?.problem == .cancelled)
    #expect(throws: FileError.self) { try Inspection.open(output) }
  }

  @Test("An export reports each phase up to its end, and its model verifies, runs and is recorded")
  func whole() async throws {
    let scratch = try #require(scratch)
    let output = scratch.path("model.albert").string
    let last = Mutex<[String: [Int]]>([:])
    let outcome = try await Export.run(checkpoint, to: output) { phase, done, total in
      last.withLock { $0["\(phase)"] = [max(done, $0["\(phase)"]?[0] ?? 0), total] }
    }
    #expect(outcome.succeeded)
    #expect(last.withLock { $0["converting"]?.first == $0["converting"]?.last })
    let failures = try await NativeModel(output).check()
    #expect(failures.isEmpty)

    let golden = scratch.path("golden.npz").string
    let model = try await LoadedModel(output)
    let inputs = try ModelInputs([[2, 15, 99, 3], [2, 7, 3]])
    try model.record(inputs, to: golden)
    let result = try await Verification.verify(output, against: checkpoint, golden: golden)
    #expect(result.passes)
    let exact = try await ReferenceModel(model.model).forward(inputs, stages: [.poolerOutput])
    let fast = try await FastModel(model.model).forward(inputs, stages: [.poolerOutput])
    #expect(exact.map(\.shape) == fast.map(\.shape))
    #expect(exact.first?.shape.dimensions.first == 2)
  }
}

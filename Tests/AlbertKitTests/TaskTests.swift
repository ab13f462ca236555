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

  /// What a bar would show: two threads count the same bytes.
  @Test(
    "What a phase reports never falls, has one total, and ends with it",
    arguments: [
      ("model.safetensors", ExportFormat.safetensors), ("model.onnx", .onnx), ("preset", .keras3H5),
    ])
  func inOrder(_ name: String, _ format: ExportFormat) async throws {
    let scratch = try #require(scratch)
    for round in 0..<6 {
      let told = Mutex<[String: [(done: Int, total: Int)]]>([:])
      var options = ExportOptions(format: format)
      options.allowsInexact = true
      // That would want the tool's binary.
      options.verifies = format != .keras3H5
      _ = try await Export.run(checkpoint, to: scratch.path("\(round)-\(name)"), options) {
        phase, done, total in
        told.withLock { $0["\(phase)", default: []].append((done, total)) }
      }
      for (phase, steps) in told.withLock({ $0 }) {
        #expect(Set(steps.map(\.total)).count == 1, "\(phase)")
        #expect(steps.last?.done == steps.last?.total, "\(phase)")
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.done <= $1.done }, "\(phase)")
      }
    }
  }

  @Test("A path does not end at a zero")
  func zeros() throws {
    let scratch = try #require(scratch)
    _ = try Export.run(checkpoint, to: scratch.path("whole.albert"))
    let path = scratch.path("whole.albert").string
    #expect(throws: Never.self) { try NativeModel(path) }
    let error = #expect(throws: FileError.self) { try NativeModel(path + "\0.txt") }
    #expect(error?.problem == .notFound)
    #expect(
      #expect(throws: FileError.self) { try Export.run(checkpoint, to: "") }?.code == "no-name")
  }

  @Test("An export reports each phase up to its end, and its model verifies, runs and is recorded")
  func whole() async throws {
    let scratch = try #require(scratch)
    let output = scratch.path("model.albert").string
    let last = Mutex<[String: [Int]]>([:])
    let outcome = try await Export.run(checkpoint, to: output) { phase, done, total in
      last.withLock { $0["\(phase)"] = [done, total] }
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
    let told = Mutex<[[Int]]>([])
    _ = try await Verification.verify(output, against: checkpoint, golden: golden) {
      phase, done, total in
      if phase == .computing { told.withLock { $0.append([done, total]) } }
    }
    // What is computed of both is one work.
    let steps = told.withLock { $0 }
    #expect(Set(steps.map { $0[1] }).count == 1, "\(Set(steps.map { $0[1] }))")
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0[0] <= $1[0] })
    #expect(steps.last?.first == steps.last?.last)
    let exact = try await ReferenceModel(model.model).forward(inputs, stages: [.poolerOutput])
    let fast = try await FastModel(model.model).forward(inputs, stages: [.poolerOutput])
    #expect(exact.map(\.shape) == fast.map(\.shape))
    #expect(exact.first?.shape.dimensions.first == 2)
  }
}

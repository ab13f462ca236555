import AlbertBytes
import AlbertTestModels
import AlbertTestSupport
import AlbertVerification
import SystemPackage
import Testing

/// The checks that tests of an export make, on files.
@Suite("Faithfulness in one line")
struct FaithfulnessTests {
  private static let tinyA = Fixtures.folder.appending("tiny-a/hf")
  private static let golden = Fixtures.folder.appending("tiny-a/golden.npz")
  private static let fast = Verification.Options(engines: .fast)

  @Test("A faithful model gives its result")
  func faithful() throws {
    let result = try Verification.assertFaithful(
      Self.tinyA, to: Self.tinyA, golden: Self.golden, Self.fast)
    #expect(result.checks.map(\.name) == [.coverage, .weights, .forward, .golden])
    try Verification.assertFaithful(Self.tinyA, toGolden: Self.golden)
  }

  @Test("Another model's error says what differs first")
  func unfaithful() throws {
    let failure = #expect(throws: FaithfulnessFailure.self) {
      try Verification.assertFaithful(
        Fixtures.folder.appending("tiny-b/hf"),
        toGolden: Fixtures.folder.appending("tiny-b/golden-gelu_new.npz"))
    }
    let text = failure?.description ?? ""
    #expect(text.contains("tiny-b/hf is not faithful to "))
    #expect(text.contains("; first diverges at hidden_states.1 (reference), off by 0.00"))
    #expect(text.contains("at batch "))
  }

  @Test("Parameters that differ are named")
  func parameters() throws {
    let failure = #expect(throws: FaithfulnessFailure.self) {
      try Verification.assertFaithful(
        Self.tinyA, to: Fixtures.folder.appending("tiny-b/hf"), Self.fast)
    }
    let text = failure?.description ?? ""
    #expect(text.contains("albert.embeddings.word_embeddings.weight and "))
    guard case .differs(let result) = failure else {
      Issue.record("the models were not compared")
      return
    }
    #expect(!result.passes)
  }

  @Test("A file that cannot be read is told apart from a model that differs")
  func unusable() throws {
    let failure = #expect(throws: FaithfulnessFailure.self) {
      try Verification.assertFaithful("nowhere.albert", to: Self.tinyA)
    }
    guard case .unusable(let error) = failure else {
      Issue.record("the file was read")
      return
    }
    #expect(failure?.description == error.description)
    #expect(error.path == "nowhere.albert")
  }
}

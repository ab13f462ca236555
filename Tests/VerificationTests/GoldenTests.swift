import Albert
import Conversion
import Testing
import Verification

@Suite("Golden files")
struct GoldenTests {
  @Test(
    "A model agrees with what its upstream recorded",
    arguments: [("tiny-a/hf", "tiny-a/golden.npz"), ("tiny-b/hf", "tiny-b/golden.npz")])
  func agrees(_ model: String, _ golden: String) throws {
    let result = try Verification.verify(
      try Fixtures.model(model), golden: try Fixtures.recorded(golden))
    #expect(result.passes)
  }
}

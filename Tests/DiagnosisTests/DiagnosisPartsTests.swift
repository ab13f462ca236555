import AlbertArchitecture
import AlbertTensors
import Testing

@testable import AlbertDiagnosis

/// What diagnosers share.
@Suite("Parts of a diagnosis")
struct DiagnosisPartsTests {
  /// The error of some values, and of corrected ones.
  private func error(
    _ values: [Double], corrected: [Double], _ expected: [Double]
  ) -> ExplainedError {
    var error = ExplainedError()
    for index in expected.indices {
      let (before, after) = (values[index] - expected[index], corrected[index] - expected[index])
      error.add(before: before == 0 ? nil : before, after: after == 0 ? nil : after)
    }
    return error
  }

  @Test("The share of an error that a hypothesis takes away")
  func share() {
    let whole = error([1, 2, 3], corrected: [0, 2, 3], [0, 2, 3])
    #expect(whole.share == 1)
    // From an error of norm 5 to one of norm 1.
    let most = error([3, 4, 1], corrected: [0, 1, 1], [0, 0, 1])
    #expect(abs(most.share - 0.8) < 1e-15)
    let none = error([1, 1], corrected: [5, 5], [0, 0])
    #expect(none.share == 0)
    // Of two elements without a distance, one is explained.
    let counted = error([.nan, .infinity], corrected: [1, .infinity], [1, 1])
    #expect(counted.share == 0.5)
  }

  @Test("Every index is reached once", arguments: [0, 1, 2, 7, 64, 1000])
  func spread(_ count: Int) {
    let indices = Array(SpreadIndices(count: count))
    #expect(indices.sorted() == Array(0..<count))
  }

  @Test("A factor is printed in six digits")
  func digits() {
    #expect(Double(Float(0.1)).inSixDigits == "0.1")
    #expect((1.0 / 3).inSixDigits == "0.333333")
    #expect((-2.0).inSixDigits == "-2.0")
    #expect(1_234_567.8.inSixDigits == "1234570.0")
    #expect(0.0.inSixDigits == "0.0")
    #expect(Double.infinity.inSixDigits == "inf")
  }

  @Test("What a single layer states is said in the catalogue's words")
  func layerSettings() throws {
    let config = try #require(Variant.named("albert-base-v2")).config
    func message(_ value: LayerSetting.Value) -> String {
      LayerSetting(layer: 3, node: "node", part: "the part", value: value)
        .diagnosis(beside: config, explaining: 1).message
    }
    let place = ", in layer 3 alone (stated by its operators)"
    #expect(message(.heads(4)) == "the attention has 12 heads, the graph's 4" + place)
    #expect(
      message(.epsilon(1e-5)) == "the epsilon of LayerNorm is 1e-12, the graph's 1e-05" + place)
    #expect(
      message(.activation(.relu))
        == "the activation is the tanh form of GELU (gelu_tanh), the graph's ReLU" + place)
  }

  @Test("What the weights say goes before what outputs let conclude")
  func merging() {
    func said(_ code: Diagnosis.Code, _ parameter: String?, _ message: String) -> Diagnosis {
      Diagnosis(code, parameter: parameter, message: message, explains: 1)
    }
    let weights = [
      said(.scaled, "a", "1"), said(.transposed, "b", "2"), said(.transposed, "c", "3"),
    ]
    let outputs = [
      said(.transposed, "b", "4"), said(.scaled, nil, "5"), said(.zeroed, "d", "6"),
      said(.transposed, "e", "7"),
    ]
    let merged = [Diagnosis].merging(weights, outputs)
    #expect(merged.map(\.message) == ["6", "2", "3", "7", "1"])
  }

  @Test("What is lost on the way through a narrower type")
  func rounding() {
    let value = 1 + 0x1p-9 + 0x1p-20
    #expect(Rounding(type: .float16, mode: .nearest).apply(value) == 1 + 0x1p-9)
    #expect(Rounding(type: .bfloat16, mode: .nearest).apply(1 + 0x1p-8 + 0x1p-20) == 1 + 0x1p-7)
    #expect(Rounding(type: .bfloat16, mode: .truncated).apply(-(1 + 0x1p-8 + 0x1p-20)) == -1)
    #expect(Rounding(type: .float16, mode: .truncated).apply(1 + 0x1p-10 - 0x1p-20) == 1)
    #expect(Rounding(type: .float16, mode: .flushed).apply(0x1p-15) == 0)
    #expect(Rounding(type: .float16, mode: .nearest).apply(0x1p-15) == 0x1p-15)
    #expect(Rounding(type: .float16, mode: .truncated).apply(1e9) == 65504)
    #expect(Rounding.all(below: .float16).allSatisfy { $0.type == .bfloat16 })
  }
}

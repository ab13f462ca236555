import AlbertArchitecture
import AlbertConversion
import AlbertDiagnosis
import AlbertTestModels
import Testing

@testable import AlbertVerification

/// Every two files of one model, whoever wrote them, pass without an explanation; but for what their
/// publishers compute differently, which is named.
@Suite("Pairs of formats")
struct FormatPairTests {
  /// A file of a model, and what its publisher does otherwise than most.
  struct Source: Sendable {
    let name: String
    var codes: [Diagnosis.Code] = []
  }

  private static let one = [
    Source(name: "one/garden-pretrainer"), Source(name: "one/hf-flax"),
    Source(name: "one/hf-flax-albertmodel"), Source(name: "one/hf-h5"),
    Source(name: "one/hf-h5-zero-decoder-bias", codes: [.zeroed]),
    Source(name: "one/hf-safetensors"), Source(name: "one/hf-safetensors-maskedlm"),
    Source(name: "one/hf-tf-ckpt"), Source(name: "one/hf-tf-savedmodel"),
    Source(name: "one/hf-tf-safetensors"), Source(name: "one/hf-torch"),
    Source(name: "one/keras3-backbone"),
    Source(name: "one/keras3-maskedlm", codes: [.layerNormEpsilon]),
    Source(name: "one/keras3-preset-maskedlm", codes: [.layerNormEpsilon]),
    Source(name: "one/npy-folder"), Source(name: "one/tf1"),
  ]
  /// Made with the exact GELU, for which Google's and KerasHub's code has the tanh form.
  private static let two = [
    Source(name: "two/hf-flax"), Source(name: "two/hf-h5"), Source(name: "two/hf-safetensors"),
    Source(name: "two/hf-tf-ckpt"), Source(name: "two/hf-torch"),
    Source(name: "two/keras3-backbone", codes: [.activation]),
    Source(name: "two/keras3-preset-maskedlm", codes: [.activation, .layerNormEpsilon]),
    Source(name: "two/tf1", codes: [.activation]),
  ]

  @Test("Heads of different tasks are different heads, and of one task the same")
  func taskHeads() throws {
    let names = ["seqcls", "multichoice", "tokencls", "qa"]
    let models = try names.map { try Fixtures.upstream("one/hf-safetensors-\($0)") }
    let again = try Fixtures.upstream("one/hf-h5-seqcls")
    for (name, subject) in zip(names, models) {
      for (other, reference) in zip(names + ["h5"], models + [again]) {
        let result = try Verification.verify(
          subject, against: reference, Verification.Options(engines: .reference),
          on: .short)
        let (passes, codes) = (result.passes, result.diagnosis.map(\.code))
        #expect(passes && codes.isEmpty, "\(name) against \(other)")
        let isSame = name == other || (name == "seqcls" && other == "h5")
        let hasHead = result.weights.contains { $0.parameter.role.component == .taskHead }
        #expect(hasHead == isSame, "\(name) against \(other)")
        let notes = result.findings.filter { $0.code.hasPrefix("only-in") }.compactMap(\.tensor)
        #expect(notes.contains { $0.hasPrefix("classifier") || $0.hasPrefix("qa") } == !isSame)
      }
    }
  }

  @Test("Of a model", arguments: [one, two])
  func pairs(_ sources: [Source]) throws {
    let models = try sources.map { try Fixtures.upstream($0.name) }
    for (source, subject) in zip(sources, models) {
      for (other, reference) in zip(sources, models) {
        let result = try Verification.verify(
          subject, against: reference, Verification.Options(engines: .reference),
          on: .short)
        let hasHead = subject.model.contents.mlm && reference.model.contents.mlm
        let codes = Diagnosis.Code.allCases.filter { code in
          source.codes.contains(code) != other.codes.contains(code)
            && (code == .activation || hasHead)
        }
        let pair = "\(source.name) against \(other.name)"
        let found = result.diagnosis.map(\.code)
        #expect(found == codes, "\(pair)")
        let (passes, equal) = (result.passes, result.weights.count(where: \.bitwiseEqual))
        #expect(passes == codes.isEmpty, "\(pair)")
        #expect(equal == result.weights.count - (codes.contains(.zeroed) ? 1 : 0), "\(pair)")
      }
    }
  }
}

import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertTensors
import AlbertTestModels
import AlbertTestSupport
import Testing

@testable import AlbertVerification

@Suite("Models held against one another")
struct WeightCheckTests {
  private func verify(
    _ subject: Draft, _ reference: Draft, isComplete: Bool = false, tolerance: Double? = nil
  ) throws -> VerificationResult {
    try Verification.verify(
      try subject.model(), against: try reference.model(),
      Verification.Options(engines: .reference, tolerance: tolerance, isComplete: isComplete),
      on: .short)
  }

  @Test("Every single row of the word table counts", arguments: [0, 1, 255, 510, 511])
  func rows(_ row: Int) throws {
    let draft = try Draft("tiny-a")
    var changed = draft
    changed[Parameter(.wordEmbeddings)][row * 32 + 7].negate()
    let result = try verify(changed, draft)
    let failed = result.weights.filter { $0.outcome == .fail }
    #expect(failed.map(\.parameter.role) == [.wordEmbeddings])
    #expect(!result.passes)
  }

  @Test("NaN of equal bytes on both sides is no equality", arguments: [Float.nan, .infinity])
  func nonFinite(_ value: Float) throws {
    var draft = try Draft("tiny-a")
    draft[Parameter(.poolerBias)][3] = value
    let result = try verify(draft, draft)
    let weight = try #require(result.weights.first { $0.parameter.role == .poolerBias })
    #expect(weight.outcome == .fail && weight.bitwiseEqual && weight.nonFinite == 2)
    #expect(weight.maxAbs == .infinity && weight.relL2 == .infinity)
    #expect(result.weights.filter { $0.outcome == .fail }.count == 1)
  }

  @Test("Half types pass against Float32, in either direction and against one another")
  func halfTypes() throws {
    for name in Draft.names {
      let types = [ElementType.float32, .float16, .bfloat16]
      let drafts = try types.map { type in
        var draft = try Draft(name)
        draft.type = type
        return draft
      }
      for subject in drafts {
        for reference in drafts {
          let result = try verify(subject, reference)
          #expect(result.passes, "\(name): \(subject.type) against \(reference.type)")
          #expect(result.weights.allSatisfy { $0.ulps <= 1 })
          #expect(result.weights.allSatisfy(\.bitwiseEqual) == (subject.type == reference.type))
        }
      }
    }
  }

  @Test("Float32 that holds rounded values fails against the values themselves")
  func rounded() throws {
    let draft = try Draft("tiny-a")
    var rounded = draft
    rounded.changeAll { numbers in numbers = numbers.map { Float(Float16($0)) } }
    let result = try verify(rounded, draft)
    #expect(result.checks.first { $0.name == .weights }?.outcome == .fail)
  }

  @Test(
    "Configs that compute differently show through rounded weights",
    arguments: [ElementType.float16, .bfloat16])
  func configs(_ type: ElementType) throws {
    let draft = try Draft("tiny-b")
    var other = draft
    other.type = type
    other.config.hiddenAct = .geluTanh
    let result = try verify(other, draft)
    #expect(result.checks.first { $0.name == .weights }?.outcome == .pass)
    #expect(result.firstDivergence?.stage == .hiddenStates(1))
    var epsilon = draft
    epsilon.type = type
    epsilon.config.mlmLayerNormEps = 1e-5
    let logits = try verify(epsilon, draft)
    #expect(logits.firstDivergence?.stage == .predictionLogits)
    #expect(logits.stages.filter { $0.outcome == .fail }.map(\.stage) == [.predictionLogits])
  }

  @Test("A decoder of its own is no tied one, though all common parameters are equal")
  func untied() throws {
    let draft = try Draft("tiny-a")
    var untied = draft
    untied.contents.untiedDecoder = true
    untied[Parameter(.mlmDecoderWeight)] = draft[Parameter(.wordEmbeddings)].map { $0 * 1.5 }
    for (subject, reference) in [(untied, draft), (draft, untied)] {
      let result = try verify(subject, reference)
      #expect(result.weights.allSatisfy { $0.outcome == .pass })
      #expect(result.firstDivergence?.stage == .predictionLogits)
    }
  }

  @Test("What one side lacks is a note, or a failure where both must be whole")
  func coverage() throws {
    let draft = try Draft("tiny-a")
    var bare = draft
    bare.contents = .backboneWithoutPooler
    let result = try verify(bare, draft)
    #expect(result.passes)
    let codes = result.findings.filter { $0.code == "only-in-reference" }
    #expect(codes.count == 3)
    #expect(codes.allSatisfy { $0.severity == .note })
    #expect(
      codes.map(\.message).contains(
        "the subject lacks sop_classifier.classifier.weight, sop_classifier.classifier.bias"))
    #expect(!result.stages.contains { $0.stage == .poolerOutput || $0.stage == .predictionLogits })
    let complete = try verify(bare, draft, isComplete: true)
    #expect(complete.checks.first { $0.name == .coverage }?.outcome == .fail)
    #expect(complete.findings.filter { $0.severity == .error }.count == 3)
    #expect(!complete.passes)
  }

  @Test("Heads of two kinds are two parts; the backbones are compared")
  func heads() throws {
    func head(_ kind: TaskHead, labels: Int, seed: UInt64) throws -> Draft {
      var draft = try Draft("tiny-a")
      draft.contents = ModelContents(pooler: true, taskHead: kind)
      draft.config.taskHead = kind
      draft.config.numLabels = labels
      draft[Parameter(.classifierWeight)] = (0..<labels * 64).map { Float($0 % 7) / Float(seed) }
      draft[Parameter(.classifierBias)] = (0..<labels).map { Float($0) }
      return draft
    }
    let sequence = try head(.sequenceClassification, labels: 3, seed: 9)
    let token = try head(.tokenClassification, labels: 5, seed: 11)
    let result = try verify(sequence, token)
    #expect(result.passes)
    #expect(!result.weights.contains { $0.parameter.role == .classifierWeight })
    #expect(!result.stages.contains { $0.stage == .logits })
    let fewer = try head(.sequenceClassification, labels: 2, seed: 9)
    let same = try verify(sequence, fewer)
    #expect(same.weights.first { $0.parameter.role == .classifierWeight }?.outcome == .fail)
  }

  @Test("A tolerance of the user's lets differences up to it pass")
  func tolerance() throws {
    let draft = try Draft("tiny-a")
    var changed = draft
    changed[Parameter(.poolerBias)][0] += 1e-3
    #expect(try !verify(changed, draft).passes)
    #expect(try verify(changed, draft, tolerance: 1e-2).passes)
    #expect(try !verify(changed, draft, tolerance: 1e-4).passes)
  }
}

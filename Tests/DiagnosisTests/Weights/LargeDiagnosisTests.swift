import AlbertArchitecture
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// The sizes of ALBERT-base, where samples and fingerprints must do most of the work.
@Suite("Diagnosis at ALBERT-base's sizes", .serialized)
struct LargeDiagnosisTests {
  private static let sound = Draft(
    AlbertConfig(
      vocabSize: 30_000, embeddingSize: 128, hiddenSize: 768, intermediateSize: 3072,
      maxPositionEmbeddings: 512, typeVocabSize: 2, numHiddenLayers: 12, numAttentionHeads: 12,
      hiddenAct: .geluTanh), .preTraining, seed: 11)

  private func diagnose(_ spoil: (inout Draft) -> Void) throws -> [Diagnosis] {
    var spoiled = Self.sound
    spoil(&spoiled)
    return try spoiled.diagnose(against: Self.sound)
  }

  @Test("Two defects of the attention")
  func attention() throws {
    let all = try diagnose {
      $0.swap(Parameter(.queryWeight), Parameter(.keyWeight))
      $0.swap(Parameter(.queryBias), Parameter(.keyBias))
      $0.transpose(Parameter(.valueWeight))
      // Heads of 64 dimensions, each one further on.
      $0.permuteRows(Parameter(.valueBias)) { ($0 + 64) % 768 }
    }
    #expect(all.map(\.code) == [.swapped, .transposed, .permutedHeads])
    #expect(
      all.map(\.parameter)
        == [.queryWeight, .valueWeight, .valueBias].map { Parameter($0).name })
    #expect(all.allSatisfy { $0.explains == 1 })
  }

  @Test("A vocabulary that is shifted by one row, and its bias doubled")
  func vocabulary() throws {
    let all = try diagnose {
      $0.permuteRows(Parameter(.wordEmbeddings)) { min($0 + 1, 29_999) }
      $0[Parameter(.mlmBias)] = $0[Parameter(.mlmBias)].map { 2 * $0 }
    }
    #expect(all.map(\.code) == [.biasDoubled, .vocabularyRows])
    #expect(all.last?.parameter == Parameter(.wordEmbeddings).name)
    #expect((all.last?.explains ?? 0) > 0.99)
  }

  @Test("Other random weights")
  func retrained() throws {
    let other = Draft(Self.sound.config, Self.sound.contents, seed: 12)
    #expect(try other.diagnose(against: Self.sound).map(\.code) == [.retrained])
  }

  @Test("Every number cut off to bfloat16")
  func precision() throws {
    let all = try diagnose {
      $0.changeAll { numbers in
        for index in numbers.indices {
          numbers[index] = Float(bitPattern: numbers[index].bitPattern & 0xFFFF_0000)
        }
      }
    }
    #expect(all.map(\.code) == [.precisionLoss])
    #expect(all.first?.message.contains("truncated to bfloat16") == true)
  }

  @Test("Hundreds of groups, each in the place of the next")
  func manyBlocks() throws {
    let count = 200
    let sound = Draft(
      AlbertConfig(
        vocabSize: 16, embeddingSize: 4, hiddenSize: 4, intermediateSize: 4,
        maxPositionEmbeddings: 4, typeVocabSize: 2, numHiddenLayers: count,
        numHiddenGroups: count, numAttentionHeads: 2, hiddenAct: .geluTanh), .backbone, seed: 7)
    var turned = sound
    for (parameter, numbers) in sound.values where parameter.role.isPerBlock {
      turned[Parameter(parameter.role, group: (parameter.group + 1) % count)] = numbers
    }
    let all = try turned.diagnose(against: sound)
    // Eight weights of a group, each with its bias.
    #expect(all.count == 8 * count)
    #expect(all.allSatisfy { $0.code == .swapped && $0.explains == 1 })
    #expect(all[0].otherParameter == Parameter(.queryWeight, group: count - 1).name)
  }
}

import AlbertArchitecture
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// Each defect, done to a copy of a sound model, is named with its parameter before anything else.
@Suite("Diagnosis of weights")
struct WeightDiagnosisTests {
  @Test("A sound pair passes and is not explained", arguments: Draft.names)
  func sound(_ name: String) throws {
    let result = try Draft(name).verify(against: try Draft(name))
    #expect(result.passes && result.diagnosis.isEmpty)
  }

  @Test("A change of unknown kind is not explained", arguments: Draft.names)
  func unknown(_ name: String) throws {
    let (all, _) = try diagnose(name) {
      for index in $0[$0.block(.keyWeight)].indices { $0[$0.block(.keyWeight)][index] += 0.01 }
      $0[$0.block(.ffnBias)][3] += 1
    }
    #expect(all.isEmpty)
  }

  @Test("A value that is no number is no riddle", arguments: Draft.names)
  func nonFinite(_ name: String) throws {
    let (all, _) = try diagnose(name) {
      $0[$0.block(.keyWeight)][7] = .nan
      $0[Parameter(.wordEmbeddings)][3] = .infinity
    }
    #expect(all.isEmpty)
  }

  private static let squares: [ParameterRole] = [
    .queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight, .poolerWeight,
  ]

  @Test("A square matrix that is transposed", arguments: Draft.names, squares)
  func transposed(_ name: String, _ role: ParameterRole) throws {
    let (all, draft) = try diagnose(name) { $0.transpose($0.block(role)) }
    #expect(all.map(\.code) == [.transposed])
    #expect(all.first?.parameter == draft.block(role).name)
    #expect(all.first?.explains == 1)
  }

  @Test("A matrix whose numbers are in the order of its transpose", arguments: Draft.names)
  func reshaped(_ name: String) throws {
    let (all, draft) = try diagnose(name) { draft in
      let shape = ParameterRole.ffnWeight.shape(in: draft.config).dimensions
      let old = draft[draft.block(.ffnWeight)]
      for index in old.indices {
        draft[draft.block(.ffnWeight)][index] =
          old[index % shape[0] * shape[1] + index / shape[0]]
      }
    }
    #expect(all.map(\.code) == [.transposed])
    #expect(all.first?.parameter == draft.block(.ffnWeight).name)
  }

  private static let pairs: [(ParameterRole, ParameterRole)] = [
    (.queryWeight, .keyWeight), (.keyWeight, .valueWeight), (.queryWeight, .valueWeight),
    (.attentionLayerNormWeight, .attentionLayerNormBias), (.queryBias, .keyBias),
    (.embeddingLayerNormWeight, .mlmLayerNormWeight), (.valueWeight, .attentionOutputWeight),
  ]

  @Test("Two parameters that are swapped", arguments: Draft.names, pairs)
  func swapped(_ name: String, _ roles: (ParameterRole, ParameterRole)) throws {
    let (all, draft) = try diagnose(name) { $0.swap($0.block(roles.0), $0.block(roles.1)) }
    #expect(all.map(\.code) == [.swapped])
    #expect(all.first?.parameter == draft.block(roles.0).name)
    #expect(all.first?.otherParameter == draft.block(roles.1).name)
    #expect(all.first?.explains == 1)
  }

  @Test("Weights that are swapped with their biases are named once", arguments: Draft.names)
  func swappedWithBiases(_ name: String) throws {
    let (all, draft) = try diagnose(name) {
      $0.swap($0.block(.queryWeight), $0.block(.keyWeight))
      $0.swap($0.block(.queryBias), $0.block(.keyBias))
      $0.swap($0.block(.attentionLayerNormWeight), $0.block(.fullLayerNormWeight))
      $0.swap($0.block(.attentionLayerNormBias), $0.block(.fullLayerNormBias))
    }
    #expect(all.map(\.code) == [.swapped, .swapped])
    #expect(
      all.map(\.parameter) == [
        draft.block(.queryWeight).name, draft.block(.attentionLayerNormWeight).name,
      ])
    #expect(
      all.map(\.otherParameter) == [
        draft.block(.keyWeight).name, draft.block(.fullLayerNormWeight).name,
      ])
    #expect(all.first?.message.hasSuffix(", and so are their biases") == true)
  }

  @Test("One parameter in the place of another, and in its own too", arguments: Draft.names)
  func copied(_ name: String) throws {
    let (all, draft) = try diagnose(name) { $0[$0.block(.keyWeight)] = $0[$0.block(.valueWeight)] }
    #expect(all.map(\.code) == [.swapped])
    #expect(all.first?.parameter == draft.block(.keyWeight).name)
    #expect(all.first?.otherParameter == draft.block(.valueWeight).name)
    #expect(all.first?.message.contains("holds the numbers of") == true)
  }

  @Test("Blocks that were mapped to the wrong group or inner layer", arguments: [true, false])
  func wrongBlock(_ isGroup: Bool) throws {
    let other = isGroup ? (group: 1, inner: 0) : (group: 0, inner: 1)
    let (all, _) = try diagnose("tiny-b") { draft in
      for role in ParameterRole.allCases where role.isPerBlock && role.component == .encoder {
        draft.swap(Parameter(role), Parameter(role, group: other.group, inner: other.inner))
      }
    }
    // Eight weights, each with its bias.
    #expect(all.map(\.code) == Array(repeating: .swapped, count: 8))
    #expect(all.first?.parameter == Parameter(.queryWeight).name)
    #expect(
      all.first?.otherParameter
        == Parameter(.queryWeight, group: other.group, inner: other.inner).name)
  }

  @Test("A LayerNorm's fresh weight and bias, which are all ones and zeros", arguments: Draft.names)
  func freshLayerNorm(_ name: String) throws {
    var sound = try Draft(name)
    for role in [ParameterRole.attentionLayerNormWeight, .fullLayerNormWeight] {
      sound[sound.block(role)] = sound[sound.block(role)].map { _ in 1 }
    }
    for role in [ParameterRole.attentionLayerNormBias, .fullLayerNormBias, .queryBias] {
      sound[sound.block(role)] = sound[sound.block(role)].map { _ in 0 }
    }
    var spoiled = sound
    spoiled.swap(
      spoiled.block(.attentionLayerNormWeight), spoiled.block(.attentionLayerNormBias))
    let all = try spoiled.diagnose(against: sound)
    #expect(all.map(\.code) == [.swapped])
    #expect(all.first?.parameter == sound.block(.attentionLayerNormWeight).name)
    #expect(all.first?.otherParameter == sound.block(.attentionLayerNormBias).name)
  }
}

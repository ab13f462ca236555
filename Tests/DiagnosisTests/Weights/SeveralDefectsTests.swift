import AlbertArchitecture
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// Defects that come together are named each.
@Suite("Diagnosis of several defects")
struct SeveralDefectsTests {
  private func diagnose(
    _ name: String, forward: Bool = false, _ spoil: (inout Draft) throws -> Void
  ) throws -> (all: [Diagnosis], draft: Draft) {
    let sound = try Draft(name)
    var spoiled = sound
    try spoil(&spoiled)
    return (try spoiled.diagnose(against: sound, forward: forward), spoiled)
  }

  @Test("Of different parameters", arguments: Draft.names)
  func apart(_ name: String) throws {
    let (all, draft) = try diagnose(name) {
      $0.transpose($0.block(.valueWeight))
      $0.swap($0.block(.queryWeight), $0.block(.keyWeight))
      $0[$0.block(.ffnWeight)] = $0[$0.block(.ffnWeight)].map { 0.5 * $0 }
      $0[Parameter(.mlmBias)] = $0[Parameter(.mlmBias)].map { _ in 0 }
    }
    #expect(all.map(\.code) == [.zeroed, .swapped, .transposed, .scaled])
    #expect(
      all.map(\.parameter)
        == [
          Parameter(.mlmBias), draft.block(.queryWeight), draft.block(.valueWeight),
          draft.block(.ffnWeight),
        ].map(\.name))
    #expect(all.allSatisfy { $0.explains == 1 })
  }

  @Test("A wrong config and a wrong weight", arguments: Draft.names)
  func configAndWeight(_ name: String) throws {
    let (all, _) = try diagnose(name, forward: true) { draft in
      draft.config.hiddenAct = draft.config.hiddenAct == .geluErf ? .geluTanh : .geluErf
      draft[Parameter(.mlmBias)] = draft[Parameter(.mlmBias)].map { _ in 0 }
    }
    #expect(all.map(\.code) == [.zeroed, .activation])
    #expect(all.allSatisfy { $0.explains == 1 })
  }

  @Test("Of one parameter", arguments: Draft.names)
  func together(_ name: String) throws {
    let (negated, draft) = try diagnose(name) {
      $0.transpose($0.block(.poolerWeight))
      $0[$0.block(.poolerWeight)] = $0[$0.block(.poolerWeight)].map { -$0 }
    }
    #expect(negated.map(\.code) == [.signFlipped, .transposed])
    #expect(negated.allSatisfy { $0.parameter == draft.block(.poolerWeight).name })
    let (scaled, _) = try diagnose(name) {
      $0.transpose($0.block(.poolerWeight))
      $0[$0.block(.poolerWeight)] = $0[$0.block(.poolerWeight)].map { 3 * $0 }
    }
    #expect(scaled.map(\.code) == [.transposed, .scaled])
    let (swapped, _) = try diagnose(name) {
      $0.swap($0.block(.queryWeight), $0.block(.keyWeight))
      $0.transpose($0.block(.queryWeight))
      $0.transpose($0.block(.keyWeight))
    }
    #expect(swapped.map(\.code) == [.swapped, .transposed, .transposed])
    #expect(
      swapped.dropFirst().map(\.parameter)
        == [draft.block(.queryWeight).name, draft.block(.keyWeight).name])
  }

  @Test("A loss of precision everywhere, and what happened beside", arguments: Draft.names)
  func beside(_ name: String) throws {
    let (all, draft) = try diagnose(name) { draft in
      draft.swap(draft.block(.queryWeight), draft.block(.keyWeight))
      draft.transpose(draft.block(.valueWeight))
      let count = draft.config.vocabSize
      draft.permuteRows(Parameter(.wordEmbeddings)) { ($0 + 1) % count }
      let (size, width) = (draft.config.headSize, draft.config.hiddenSize)
      draft.permuteRows(draft.block(.keyWeight)) { ($0 + size) % width }
      draft.changeAll { for index in $0.indices { $0[index] = Float(Float16($0[index])) } }
    }
    #expect(
      all.map(\.code)
        == [.swapped, .transposed, .permutedHeads, .vocabularyRows, .precisionLoss])
    #expect(all.last?.message == "each of \(draft.values.count) parameters was rounded to float16")
  }

  @Test("One defect in every block is named in each, in order of use")
  func everyBlock() throws {
    let (all, _) = try diagnose("tiny-b") {
      for group in 0...1 {
        for inner in 0...1 { $0.transpose(Parameter(.valueWeight, group: group, inner: inner)) }
      }
    }
    #expect(
      all.map(\.parameter)
        == [(0, 0), (0, 1), (1, 0), (1, 1)].map {
          Parameter(.valueWeight, group: $0.0, inner: $0.1).name
        })
    #expect(all.allSatisfy { $0.code == .transposed })
  }

  @Test("One damaged number does not hide what else happened", arguments: Draft.names)
  func damaged(_ name: String) throws {
    let (all, draft) = try diagnose(name) {
      $0.transpose($0.block(.valueWeight))
      $0[$0.block(.valueWeight)][100] = .nan
    }
    #expect(all.map(\.code) == [.transposed])
    #expect(all.first?.parameter == draft.block(.valueWeight).name)
    #expect((all.first?.explains ?? 1) < 1)
  }

  @Test("What was trained further, and swapped or transposed before", arguments: Draft.names)
  func nearly(_ name: String) throws {
    let (all, draft) = try diagnose(name) { draft in
      draft.swap(draft.block(.queryWeight), draft.block(.keyWeight))
      draft.transpose(draft.block(.valueWeight))
      let noise = Draft(draft.config, draft.contents, seed: 9)
      for role in [ParameterRole.queryWeight, .keyWeight, .valueWeight] {
        let old = draft[draft.block(role)]
        draft[draft.block(role)] = zip(old, noise[draft.block(role)]).map { $0 + 0.1 * $1 }
      }
    }
    #expect(all.map(\.code) == [.swapped, .transposed])
    #expect(
      all.map(\.parameter) == [draft.block(.queryWeight).name, draft.block(.valueWeight).name])
    #expect(all[0].otherParameter == draft.block(.keyWeight).name)
    #expect(all.allSatisfy { $0.explains > 0.7 && $0.explains < 1 })
  }
}

import AlbertArchitecture
import AlbertDiagnosis
import AlbertPlatform
import AlbertTestModels
import Testing

/// Parameters that a loader or a copy left without the reference's numbers.
@Suite("Diagnosis of numbers that are not there")
struct NotLoadedTests {
  /// Numbers as an initialiser draws them.
  private func fresh(_ count: Int, seed: UInt64 = 5) -> [Float] {
    var state = seed
    func uniform() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return (Double(state >> 11) + 0.5) * 0x1p-53
    }
    return (0..<count).map { _ in
      Float(0.02 * (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()))
    }
  }

  @Test("A pooler that was never loaded", arguments: Draft.names)
  func pooler(_ name: String) throws {
    let (all, _) = try diagnose(name) { draft in
      draft[Parameter(.poolerWeight)] = fresh(draft[Parameter(.poolerWeight)].count)
    }
    #expect(all.map(\.code) == [.notLoaded])
    #expect(
      all.first?.message
        == "the pooler's weight has nothing in common with the reference's: random numbers, "
        + "as a new model begins")
    #expect(all.first?.parameter == Parameter(.poolerWeight).name)
    #expect(all.first?.explains == 1)
  }

  @Test("Numbers that are no new model's", arguments: Draft.names)
  func others(_ name: String) throws {
    let (all, _) = try diagnose(name) { draft in
      for role in [ParameterRole.positionEmbeddings, .projectionWeight] {
        draft[Parameter(role)] = fresh(draft[Parameter(role)].count).map { 3 * $0 }
      }
    }
    #expect(all.map(\.code) == [.notLoaded])
    #expect(
      all.first?.message.hasSuffix(
        " have nothing in common with the reference's: never loaded, trained anew, or another model's"
      )
        == true, "\(all)")
  }

  @Test("A LayerNorm of ones", arguments: Draft.names)
  func ones(_ name: String) throws {
    let (all, draft) = try diagnose(name) {
      let own = $0.block(.fullLayerNormWeight)
      $0[own] = $0[own].map { _ in 1 }
    }
    #expect(all.map(\.code) == [.notLoaded])
    #expect(all.first?.message.hasSuffix(" is all one, as a new model begins") == true)
    #expect(all.first?.parameter == draft.block(.fullLayerNormWeight).name)
    #expect(all.first?.explains == 1)
  }

  /// The reference's own numbers in another order were loaded.
  @Test("Rows in another order", arguments: Draft.names)
  func order(_ name: String) throws {
    let (all, _) = try diagnose(name) { draft in
      let own = draft.block(.ffnWeight)
      let (old, width) = (draft[own], draft.config.hiddenSize)
      let rows = old.count / width
      draft[own] = (0..<rows).flatMap { row -> ArraySlice<Float> in
        let from = row * 7 % rows
        return old[from * width..<(from + 1) * width]
      }
    }
    #expect(!all.contains { $0.code == .notLoaded }, "\(all)")
  }

  @Test("Rows that are all zero", arguments: Draft.names)
  func emptyRows(_ name: String) throws {
    let (all, draft) = try diagnose(name) { draft in
      let own = Parameter(.wordEmbeddings)
      for index in draft[own].count / 2..<draft[own].count { draft[own][index] = 0 }
    }
    let count = draft.config.vocabSize
    #expect(all.map(\.code) == [.zeroed])
    #expect(
      all.first?.message.hasSuffix(" is all zero in rows \(count / 2) to \(count - 1) of \(count)")
        == true,
      "\(all)")
    #expect(all.first?.explains == 1)
  }

  @Test("The two segments exchanged", arguments: Draft.names)
  func segments(_ name: String) throws {
    let (all, _) = try diagnose(name) { draft in
      let (own, width) = (Parameter(.tokenTypeEmbeddings), draft.config.embeddingSize)
      draft[own] = Array(draft[own][width...] + draft[own][..<width])
    }
    #expect(all.map(\.code) == [.swapped])
    #expect(all.first?.message.hasSuffix(" has its two rows exchanged") == true, "\(all)")
  }

  @Test("The feed-forward layer's matrices exchanged", arguments: Draft.names)
  func feedForward(_ name: String) throws {
    let (all, draft) = try diagnose(name) { draft in
      let (one, two) = (draft.block(.ffnWeight), draft.block(.ffnOutputWeight))
      let (wide, hidden) = (draft.config.intermediateSize, draft.config.hiddenSize)
      func turned(_ values: [Float], _ rows: Int, _ columns: Int) -> [Float] {
        (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
      }
      (draft[one], draft[two]) = (
        turned(draft[two], hidden, wide), turned(draft[one], wide, hidden)
      )
    }
    #expect(all.map(\.code) == [.swapped])
    #expect(all.first?.parameter == draft.block(.ffnWeight).name)
    #expect(all.first?.otherParameter == draft.block(.ffnOutputWeight).name)
    #expect(all.first?.message.hasSuffix(" are swapped") == true, "\(all)")
  }

  /// Ones are next to any numbers around them, so that they are no rounded ones.
  @Test("Ones of the reference are no rounded numbers", arguments: Draft.names)
  func constants(_ name: String) throws {
    var reference = try Draft(name)
    let own = reference.block(.fullLayerNormWeight)
    reference[own] = reference[own].map { _ in 1 }
    var subject = reference
    for index in subject[own].indices { subject[own][index] += 1e-4 * Float(index % 7 - 3) }
    let all = try subject.diagnose(against: reference)
    #expect(!all.contains { $0.code == .precisionLoss }, "\(all)")
  }
}

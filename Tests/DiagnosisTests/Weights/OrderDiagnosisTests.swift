import AlbertArchitecture
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// Numbers that are all there but in another order.
@Suite("Diagnosis of orders")
struct OrderDiagnosisTests {
  /// Permutes what lies along the rows of query, key and value, or the output's columns.
  private func permute(
    _ draft: inout Draft, _ role: ParameterRole, _ source: (Int) -> Int
  ) {
    let parameter = draft.block(role)
    if role == .attentionOutputWeight {
      draft.transpose(parameter)
      draft.permuteRows(parameter, source)
      draft.transpose(parameter)
    } else {
      draft.permuteRows(parameter, source)
    }
  }

  private static let roles: [ParameterRole] = [
    .queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight,
  ]

  @Test("Heads in another order", arguments: Draft.names, roles)
  func heads(_ name: String, _ role: ParameterRole) throws {
    let (all, draft) = try diagnose(name) { draft in
      let size = draft.config.headSize
      // The first two heads are exchanged.
      permute(&draft, role) { $0 / size == 0 ? $0 + size : $0 / size == 1 ? $0 - size : $0 }
    }
    #expect(all.map(\.code) == [.permutedHeads])
    #expect(all.first?.parameter == draft.block(role).name)
    let order = draft.config.numAttentionHeads == 4 ? "1, 0, 2, 3" : "1, 0, 2"
    #expect(all.first?.message.hasSuffix("has its heads in the order \(order)") == true)
    #expect(all.first?.explains == 1)
  }

  @Test("Heads interleaved with their dimensions, either way", arguments: Draft.names, roles)
  func interleaved(_ name: String, _ role: ParameterRole) throws {
    for isForth in [true, false] {
      let (all, draft) = try diagnose(name) { draft in
        let (heads, size) = (draft.config.numAttentionHeads, draft.config.headSize)
        permute(&draft, role) {
          isForth ? $0 % heads * size + $0 / heads : $0 % size * heads + $0 / size
        }
      }
      #expect(all.map(\.code) == [.permutedHeads])
      #expect(all.first?.parameter == draft.block(role).name)
      #expect(all.first?.message.contains("interleaved") == true)
    }
  }

  @Test("A weight's heads and its bias's are named once", arguments: Draft.names)
  func headsOfBoth(_ name: String) throws {
    let (all, draft) = try diagnose(name) { draft in
      let (heads, size) = (draft.config.numAttentionHeads, draft.config.headSize)
      for role in [ParameterRole.keyWeight, .keyBias] {
        // Every head is one further on.
        draft.permuteRows(draft.block(role)) { ($0 + size) % (heads * size) }
      }
    }
    #expect(all.map(\.code) == [.permutedHeads])
    #expect(all.first?.parameter == draft.block(.keyWeight).name)
    #expect(all.first?.message.hasSuffix(", and its bias too") == true)
  }

  @Test("The sentence-order head's labels", arguments: Draft.names)
  func labels(_ name: String) throws {
    let (all, _) = try diagnose(name) {
      $0.permuteRows(Parameter(.sopWeight)) { 1 - $0 }
      $0.permuteRows(Parameter(.sopBias)) { 1 - $0 }
    }
    #expect(all.map(\.code) == [.sopLabelsFlipped])
    #expect(all.first?.parameter == Parameter(.sopWeight).name)
    let (bias, _) = try diagnose(name) { $0.permuteRows(Parameter(.sopBias)) { 1 - $0 } }
    #expect(bias.map(\.code) == [.sopLabelsFlipped])
    #expect(bias.first?.parameter == Parameter(.sopBias).name)
  }

  @Test("Words shifted by some rows", arguments: Draft.names, [1, -2, 5])
  func words(_ name: String, _ offset: Int) throws {
    for isTurned in [true, false] {
      let (all, _) = try diagnose(name) { draft in
        let count = draft.config.vocabSize
        for role in [ParameterRole.wordEmbeddings, .mlmBias] {
          // Rows from beyond the end come from the other one, or stay.
          draft.permuteRows(Parameter(role)) {
            (0..<count).contains($0 + offset) || isTurned ? ($0 + offset + count) % count : $0
          }
        }
      }
      #expect(all.map(\.code) == [.vocabularyRows])
      #expect(all.first?.parameter == Parameter(.wordEmbeddings).name)
      let rows = abs(offset) == 1 ? "1 row" : "\(abs(offset)) rows"
      #expect(all.first?.message.contains("is shifted by \(rows): row") == true)
      #expect((all.first?.explains ?? 0) > 0.8)
    }
  }

  @Test("Words in another order", arguments: Draft.names)
  func wordOrder(_ name: String) throws {
    let (all, _) = try diagnose(name) { draft in
      let count = draft.config.vocabSize
      draft.permuteRows(Parameter(.wordEmbeddings)) { ($0 * 7 + 3) % count }
    }
    #expect(all.map(\.code) == [.vocabularyRows])
    #expect(all.first?.message.contains("in another order") == true)
    #expect(all.first?.explains == 1)
    let (two, _) = try diagnose(name) {
      $0.permuteRows(Parameter(.wordEmbeddings)) { $0 == 4 ? 9 : $0 == 9 ? 4 : $0 }
    }
    #expect(two.map(\.code) == [.vocabularyRows])
    #expect(two.first?.message.contains("2 of") == true)
    let (run, _) = try diagnose(name) { draft in
      let last = draft.config.vocabSize - 1
      draft.permuteRows(Parameter(.wordEmbeddings)) { $0 < 5 ? $0 : min($0 + 1, last) }
    }
    #expect(run.map(\.code) == [.vocabularyRows])
    #expect(run.first?.parameter == Parameter(.wordEmbeddings).name)
  }

  @Test("A vocabulary of another size", arguments: Draft.names, [-3, 8])
  func wordCount(_ name: String, _ more: Int) throws {
    let sound = try Draft(name)
    var resized = sound
    resized.config.vocabSize += more
    for role in [ParameterRole.wordEmbeddings, .mlmBias] {
      let count = role.shape(in: resized.config).count
      let padding = [Float](repeating: 0, count: max(0, count - sound[Parameter(role)].count))
      resized[Parameter(role)] = Array((sound[Parameter(role)] + padding).prefix(count))
    }
    let all = try resized.diagnose(against: sound)
    #expect(all.map(\.code) == [.vocabularyRows])
    #expect(all.first?.parameter == Parameter(.wordEmbeddings).name)
    #expect(all.first?.message.contains(more < 0 ? "is cut" : "is padded") == true)
    #expect(all.first?.explains == 1)
  }

  @Test("A vocabulary that lost its first words", arguments: Draft.names)
  func lostWords(_ name: String) throws {
    let sound = try Draft(name)
    var shifted = sound
    shifted.config.vocabSize -= 4
    for role in [ParameterRole.wordEmbeddings, .mlmBias] {
      let width = role == .mlmBias ? 1 : sound.config.embeddingSize
      shifted[Parameter(role)].removeFirst(4 * width)
    }
    let all = try shifted.diagnose(against: sound)
    #expect(all.map(\.code) == [.vocabularyRows])
    #expect(
      all.first?.message.contains("is shifted by 4 rows: row 0 holds what row 4 should") == true)
  }

  @Test("Positions that begin at another row", arguments: Draft.names, [2, -1])
  func positions(_ name: String, _ offset: Int) throws {
    let (all, _) = try diagnose(name) { draft in
      let count = draft.config.maxPositionEmbeddings
      draft.permuteRows(Parameter(.positionEmbeddings)) {
        (0..<count).contains($0 + offset) ? $0 + offset : $0
      }
    }
    #expect(all.map(\.code) == [.positionOffset])
    #expect(all.first?.parameter == Parameter(.positionEmbeddings).name)
    #expect((all.first?.explains ?? 0) > 0.8)
  }

  @Test("Positions with two unused rows before them", arguments: Draft.names)
  func morePositions(_ name: String) throws {
    let sound = try Draft(name)
    var longer = sound
    longer.config.maxPositionEmbeddings += 2
    longer[Parameter(.positionEmbeddings)].insert(
      contentsOf: [Float](repeating: 0.25, count: 2 * sound.config.embeddingSize), at: 0)
    let all = try longer.diagnose(against: sound)
    #expect(all.map(\.code) == [.positionOffset])
    #expect(all.first?.explains == 1)
    #expect(
      all.first?.message.contains("is shifted by 2 rows: row 2 holds what row 0 should") == true)
  }
}

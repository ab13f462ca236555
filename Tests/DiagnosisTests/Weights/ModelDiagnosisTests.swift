import AlbertArchitecture
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// What concerns a model as a whole: other training, and how its decoder is tied.
@Suite("Diagnosis of models")
struct ModelDiagnosisTests {
  @Test("Weights that were trained further", arguments: Draft.names)
  func fineTuned(_ name: String) throws {
    let sound = try Draft(name)
    var tuned = sound
    let noise = Draft(sound.config, sound.contents, seed: 5)
    for (parameter, numbers) in noise.values {
      for index in numbers.indices { tuned[parameter][index] += 0.02 * numbers[index] }
    }
    let all = try tuned.diagnose(against: sound)
    #expect(all.map(\.code) == [.retrained])
    #expect(all.first?.parameter == nil)
    #expect(all.first?.message.contains("trained further") == true)
    #expect(all.first?.explains == 1)
  }

  /// A copy of which all but some parameters moved a little.
  private func tuned(_ sound: Draft, stays: (Parameter) -> Bool) -> Draft {
    var tuned = sound
    for (parameter, numbers) in Draft(sound.config, sound.contents, seed: 5).values
    where !stays(parameter) {
      for index in numbers.indices { tuned[parameter][index] += 0.02 * numbers[index] }
    }
    return tuned
  }

  @Test("What training left alone is said", arguments: Draft.names)
  func frozen(_ name: String) throws {
    let sound = try Draft(name)
    let count = sound.values.count
    let parts: [(words: String, stays: (Parameter) -> Bool)] = [
      ("the embeddings", { $0.role.component == .embeddings }),
      ("the word embeddings", { $0.role == .wordEmbeddings }),
      ("the attention's key bias", { $0.role == .keyBias }),
      (
        "the embeddings, the pooler, the sentence-order head",
        {
          [.embeddings, .pooler, .sopHead].contains($0.role.component)
        }
      ),
      ("the projection", { $0.role.component == .projection }),
    ]
    for (words, stays) in parts {
      let all = try tuned(sound, stays: stays).diagnose(against: sound)
      #expect(all.map(\.code) == [.retrained], "\(words): \(all)")
      let moved = sound.values.keys.count { !stays($0) }
      let message = all.first?.message ?? ""
      #expect(
        message.hasPrefix(
          "one of the two was trained further: \(moved) of \(count) parameters moved; \(words)"),
        "\(message)")
      #expect(message.contains(" stayed, alike to a cosine of 1.0"), "\(message)")
      #expect(all.first?.explains == 1)
    }
  }

  @Test("A bias that was zero before training moved, as it did", arguments: Draft.names)
  func freshBias(_ name: String) throws {
    var sound = try Draft(name)
    for role in [ParameterRole.mlmBias, .sopBias] {
      sound[Parameter(role)] = sound[Parameter(role)].map { _ in 0 }
    }
    let all = try tuned(sound) { $0.role == .sopBias }.diagnose(against: sound)
    #expect(all.map(\.code) == [.retrained], "\(all)")
    #expect(
      all.first?.message.contains(
        "\(sound.values.count - 1) of \(sound.values.count) parameters moved; the sentence-order head's bias stayed"
      ) == true, "\(all)")
    #expect(all.first?.explains == 1)
    // A bias that is zero afterwards was not trained.
    let spoiled = tuned(sound) { _ in false }
    let codes = try sound.diagnose(against: spoiled).map(\.code)
    #expect(codes == [.zeroed, .zeroed, .retrained])
  }

  @Test("A part that moved by halves was not trained", arguments: Draft.names)
  func halfMoved(_ name: String) throws {
    let sound = try Draft(name)
    let encoder: Set<ParameterRole> = [.queryWeight, .keyWeight, .valueWeight]
    let all = tuned(sound) { $0.role.component == .encoder && !encoder.contains($0.role) }
    let last = try tuned(sound) { !encoder.contains($0.role) }.diagnose(against: sound)
    #expect(last.isEmpty, "\(last)")
    // Beside everything else they are few.
    #expect(try all.diagnose(against: sound).allSatisfy { $0.code == .retrained })
  }

  @Test("Weights that were trained apart, from fresh biases", arguments: Draft.names)
  func other(_ name: String) throws {
    let shape = try Draft(name)
    var models = [1, 2].map { Draft(shape.config, shape.contents, seed: $0) }
    for index in 0...1 {
      for (parameter, numbers) in models[index].values
      where parameter.role.shape(in: shape.config).rank == 1 {
        models[index][parameter] = numbers.map { _ in 0 }
      }
    }
    let all = try models[0].diagnose(against: models[1])
    #expect(all.map(\.code) == [.retrained])
    #expect(all.first?.message.contains("trained apart") == true)
  }

  @Test("Where only some weights are others, these are named", arguments: Draft.names)
  func someDiffer(_ name: String) throws {
    let sound = try Draft(name)
    var changed = sound
    let other = Draft(sound.config, sound.contents, seed: 3)
    for (parameter, numbers) in other.values where parameter.role.component == .encoder {
      if parameter.inner == 0 && parameter.group == 0 && parameter.role != .ffnWeight {
        changed[parameter] = numbers
      }
    }
    #expect(try changed.diagnose(against: sound).map(\.code) == [.notLoaded])
  }

  @Test("Rounding errors and quantisation are no training", arguments: Draft.names)
  func noise(_ name: String) throws {
    let sound = try Draft(name)
    var noisy = sound
    noisy.changeAll { for index in $0.indices { $0[index] = $0[index].nextUp } }
    #expect(try noisy.diagnose(against: sound).isEmpty)
    var quantised = sound
    quantised.changeAll {
      let step = ($0.map(abs).max() ?? 0) / 7
      for index in $0.indices where step > 0 { $0[index] = ($0[index] / step).rounded() * step }
    }
    // Fifteen values are what 4 bits hold.
    let codes = Set(try quantised.diagnose(against: sound).map(\.code))
    #expect(codes == [.precisionLoss])
  }

  @Test("A decoder of its own on one side", arguments: Draft.names)
  func untiedDecoder(_ name: String) throws {
    let sound = try Draft(name)
    var untied = sound
    untied.contents.untiedDecoder = true
    untied[Parameter(.mlmDecoderWeight)] = sound[Parameter(.wordEmbeddings)].map { 1.5 * $0 + 0.1 }
    for (subject, reference) in [(untied, sound), (sound, untied)] {
      let all = try subject.diagnose(against: reference, forward: true)
      #expect(all.map(\.code) == [.untiedDecoder])
      #expect(all.first?.parameter == "predictions.decoder.weight")
      #expect(all.first?.otherParameter == "albert.embeddings.word_embeddings.weight")
      #expect(all.first?.explains == 1)
    }
    // The other side's own decoder is no other place of the subject's words.
    var constant = sound
    constant[Parameter(.wordEmbeddings)] = sound[Parameter(.wordEmbeddings)].map { _ in 0.5 }
    untied[Parameter(.mlmDecoderWeight)] = constant[Parameter(.wordEmbeddings)]
    #expect(try constant.diagnose(against: untied).isEmpty)
    // The same numbers in a matrix of their own are no difference.
    untied[Parameter(.mlmDecoderWeight)] = sound[Parameter(.wordEmbeddings)]
    let same = try untied.verify(against: sound)
    #expect(same.passes && same.diagnosis.isEmpty)
  }
}

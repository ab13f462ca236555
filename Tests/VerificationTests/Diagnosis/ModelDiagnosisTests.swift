import Albert
import Testing
import Verification

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

  @Test("Where only some weights differ, nothing is said", arguments: Draft.names)
  func someDiffer(_ name: String) throws {
    let sound = try Draft(name)
    var changed = sound
    let other = Draft(sound.config, sound.contents, seed: 3)
    for (parameter, numbers) in other.values where parameter.role.component == .encoder {
      if parameter.inner == 0 && parameter.group == 0 && parameter.role != .ffnWeight {
        changed[parameter] = numbers
      }
    }
    #expect(try changed.diagnose(against: sound).isEmpty)
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
    #expect(try quantised.diagnose(against: sound).isEmpty)
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

import AlbertArchitecture
import AlbertDiagnosis
import AlbertTensors
import AlbertTestModels
import AlbertVerification
import Testing

/// What two configs say differently is named where it changes the result, and only there.
@Suite("Diagnosis of configs")
struct ConfigDiagnosisTests {
  private func diagnose(
    _ name: String, _ spoil: (inout Draft) throws -> Void
  ) throws -> [Diagnosis] {
    let sound = try Draft(name)
    var spoiled = sound
    try spoil(&spoiled)
    return try spoiled.diagnose(against: sound, forward: true)
  }

  @Test("Another activation", arguments: Draft.names)
  func activation(_ name: String) throws {
    let all = try diagnose(name) { draft in
      draft.config.hiddenAct = draft.config.hiddenAct == .geluErf ? .geluTanh : .geluErf
    }
    #expect(all.map(\.code) == [.activation])
    #expect(all.first?.explains == 1)
    #expect(all.first?.parameter == nil)
  }

  @Test("Another epsilon, of every LayerNorm or of the head's alone", arguments: Draft.names)
  func epsilon(_ name: String) throws {
    let every = try diagnose(name) {
      $0.config.layerNormEps = 1e-5
      $0.config.mlmLayerNormEps = 1e-5
    }
    #expect(every.map(\.code) == [.layerNormEpsilon])
    #expect(every.first?.message == "the epsilon of LayerNorm is 1e-05, the reference's 1e-12")
    let head = try diagnose(name) { $0.config.mlmLayerNormEps = 1e-5 }
    #expect(head.map(\.code) == [.layerNormEpsilon])
    #expect(
      head.first?.message
        == "the epsilon of the masked-LM head's LayerNorm is 1e-05, the reference's 1e-12")
    #expect(head.first?.explains == 1)
  }

  @Test("Another number of heads", arguments: Draft.names)
  func headCount(_ name: String) throws {
    let all = try diagnose(name) { $0.config.numAttentionHeads = $0.config.hiddenSize / 8 }
    #expect(all.map(\.code) == [.headCount])
    #expect(all.first?.explains == 1)
  }

  @Test("Another number of layers", arguments: Draft.names, [-1, 1])
  func layerCount(_ name: String, _ more: Int) throws {
    let all = try diagnose(name) {
      $0.config.numHiddenLayers += more
      $0.config.layerMap = .huggingFace(
        layers: $0.config.numHiddenLayers, groups: $0.config.numHiddenGroups)
    }
    #expect(all.map(\.code) == [.layerCount])
    #expect(all.first?.explains == 1)
  }

  @Test("Layers that use the wrong groups")
  func groupMap() throws {
    let all = try diagnose("tiny-b") { $0.config.layerMap = LayerMap(groups: [0, 1, 0, 1]) }
    #expect(all.map(\.code) == [.groupMap])
    #expect(all.first?.message.hasPrefix("layer 1 uses group 1, the reference's group 0") == true)
    #expect(all.first?.explains == 1)
  }

  @Test("A group or an inner layer that is left out, or that there is no other of")
  func groupCount() throws {
    let all = try diagnose("tiny-b") {
      $0.config.numHiddenGroups = 1
      $0.config.layerMap = LayerMap(groups: [0, 0, 0, 0])
    }
    #expect(all.map(\.code) == [.groupMap])
    let inner = try diagnose("tiny-b") { $0.config.innerGroupNum = 1 }
    #expect(inner.map(\.code) == [.groupMap])
    #expect(inner.first?.message == "each layer applies 1 inner layers, the reference's 2")
    let more = try diagnose("tiny-a") {
      $0.config.innerGroupNum = 2
      for role in ParameterRole.allCases where role.isPerBlock {
        $0[Parameter(role, inner: 1)] = $0[Parameter(role)]
      }
    }
    #expect(more.map(\.code) == [.groupMap])
  }

  /// Between the two structures lies one of whose blocks neither side has all.
  @Test("Other layers, groups and inner layers at once")
  func everyCount() throws {
    let all = try diagnose("tiny-b") {
      $0.config.innerGroupNum = 1
      $0.config.numHiddenGroups = 5
      $0.config.numHiddenLayers = 8
      $0.config.layerMap = LayerMap(groups: [0, 1, 0, 1, 2, 3, 4, 3])
      for role in ParameterRole.allCases where role.isPerBlock {
        for group in 2..<5 { $0[Parameter(role, group: group)] = $0[Parameter(role)] }
      }
    }
    #expect(all.map(\.code).contains(.layerCount))
  }

  @Test("A difference that changes nothing is not named")
  func noEffect() throws {
    // The second layer's map differs, and both groups hold the same.
    var sound = try Draft("tiny-b")
    for role in ParameterRole.allCases where role.isPerBlock {
      for inner in 0...1 {
        sound[Parameter(role, group: 1, inner: inner)] = sound[Parameter(role, inner: inner)]
      }
    }
    var spoiled = sound
    spoiled.config.layerMap = LayerMap(groups: [0, 1, 0, 1])
    #expect(try spoiled.verify(against: sound).passes)
    spoiled[Parameter(.mlmBias)] = spoiled[Parameter(.mlmBias)].map { -$0 }
    #expect(try spoiled.diagnose(against: sound, forward: true).map(\.code) == [.signFlipped])
  }

  @Test("Several differences are named each, and each explains its own", arguments: Draft.names)
  func several(_ name: String) throws {
    let all = try diagnose(name) { draft in
      draft.config.hiddenAct = .relu
      draft.config.mlmLayerNormEps = 1e-5
      draft.config.numAttentionHeads = 2
      draft.config.numAttentionHeads = draft.config.hiddenSize / 8
    }
    #expect(all.map(\.code) == [.headCount, .activation, .layerNormEpsilon])
    #expect(all.allSatisfy { $0.explains > 0 })
    #expect(all.last?.explains == 1)
  }

  @Test("Half precision does not hide what a config says", arguments: Draft.names)
  func halves(_ name: String) throws {
    let sound = try Draft(name)
    for type in [ElementType.float16, .bfloat16] {
      var half = sound
      half.type = type
      half.config.hiddenAct = half.config.hiddenAct == .geluErf ? .geluTanh : .geluErf
      for (subject, reference) in [(half, sound), (sound, half)] {
        let result = try subject.verify(against: reference)
        #expect(result.firstDivergence?.stage == .hiddenStates(1))
        #expect(result.diagnosis.map(\.code) == [.activation])
      }
    }
  }

  @Test("Models of other sizes are not explained")
  func otherModel() throws {
    let all = try Draft("tiny-a").diagnose(against: try Draft("tiny-b"), forward: true)
    #expect(all.isEmpty)
  }
}

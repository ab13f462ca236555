import AlbertArchitecture
import Testing

@testable import AlbertVerification

@Suite("Probe inputs")
struct ProbeInputsTests {
  private static func config(
    vocabulary: Int, positions: Int, segments: Int = 2, pad: Int? = nil, bos: Int? = nil,
    eos: Int? = nil
  ) -> AlbertConfig {
    var config = AlbertConfig(
      vocabSize: vocabulary, embeddingSize: 8, hiddenSize: 16, intermediateSize: 32,
      maxPositionEmbeddings: positions, typeVocabSize: segments, numHiddenLayers: 2,
      numAttentionHeads: 2, hiddenAct: .relu)
    config.passthrough.padTokenID = pad
    config.passthrough.bosTokenID = bos
    config.passthrough.eosTokenID = eos
    return config
  }

  static let configs = [
    config(vocabulary: 30000, positions: 512, pad: 0, bos: 2, eos: 3),
    config(vocabulary: 21128, positions: 512, pad: 0, bos: 101, eos: 102),
    config(vocabulary: 42000, positions: 514, segments: 1, pad: 41999, bos: 7000, eos: 20000),
    config(vocabulary: 512, positions: 64), config(vocabulary: 178, positions: 16),
    config(vocabulary: 40, positions: 8, segments: 3), config(vocabulary: 30000, positions: 4),
  ]

  /// Ids of real tokens.
  private static func ids(_ probes: [ModelInputs]) -> [Int] {
    probes.flatMap { probe in
      probe.inputIDs.indices.filter { !probe.isPadding($0) }.map { probe.inputIDs[$0] }
    }
  }

  @Test("They are the same every time, and fit the model", arguments: configs)
  func fit(_ config: AlbertConfig) throws {
    let probes = ProbeInputs.full([config])
    #expect(probes == ProbeInputs.full([config]))
    for probe in probes + [ProbeInputs.short([config])] { try probe.check(config, .preTraining) }
  }

  @Test("Every position and every segment is touched by a real token", arguments: configs)
  func rows(_ config: AlbertConfig) {
    var positions: Set<Int> = []
    var segments: Set<Int> = []
    for probe in ProbeInputs.full([config]) {
      for index in probe.inputIDs.indices where !probe.isPadding(index) {
        positions.insert(index % probe.sequence)
        segments.insert(probe.tokenTypeIDs[index])
      }
    }
    #expect(positions == Set(0..<config.maxPositionEmbeddings))
    #expect(segments == Set(0..<config.typeVocabSize))
  }

  @Test("Ids come from every 64th of the vocabulary, the last id included", arguments: configs)
  func vocabulary(_ config: AlbertConfig) {
    let ids = Self.ids(ProbeInputs.full([config]))
    let parts = Set(ids.map { $0 * 64 / config.vocabSize })
    // A vocabulary of fewer ids has no id in some parts.
    #expect(parts.count == min(64, config.vocabSize))
    #expect(ids.contains(config.vocabSize - 1))
    #expect(ids.contains(config.vocabSize - 2))
  }

  @Test("Every special id is there, those of both vocabularies and those of the config")
  func special() {
    for config in Self.configs {
      let ids = Set(Self.ids(ProbeInputs.full([config])))
      let stated = [
        config.passthrough.padTokenID, config.passthrough.bosTokenID, config.passthrough.eosTokenID,
      ].compactMap(\.self)
      for id in Array(0..<5) + Array(100..<104) + stated where id < config.vocabSize {
        #expect(ids.contains(id), "\(id) of \(config.vocabSize)")
      }
    }
  }

  @Test("Rows are full, padded behind, in front and at both ends, and one token long")
  func masks() {
    for config in Self.configs where config.maxPositionEmbeddings > 4 {
      let probes = ProbeInputs.full([config])
      let kinds = probes[0].attentionMask.split(every: probes[0].sequence).map { row in
        [row.first == 0, row.last == 0]
      }
      #expect(Set(kinds) == [[false, false], [false, true], [true, false], [true, true]])
      let lengths = Set(
        probes.flatMap { probe in
          probe.attentionMask.split(every: probe.sequence).map { $0.reduce(0, +) }
        })
      #expect(lengths.count >= 4)
      #expect(lengths.contains(1) && lengths.contains(config.maxPositionEmbeddings))
      #expect(probes.contains { $0.sequence == 1 })
      // What padding holds is as arbitrary as any other id.
      let padded = probes[0].inputIDs.indices.filter { probes[0].isPadding($0) }
      #expect(Set(padded.map { probes[0].inputIDs[$0] }).count > 1)
    }
  }

  @Test("Of two models the smaller sizes count")
  func two() throws {
    let (large, small) = (Self.configs[0], Self.configs[3])
    for probe in ProbeInputs.full([large, small]) {
      try probe.check(large, .backbone)
      try probe.check(small, .backbone)
    }
  }

  @Test("A large model's longest probe stops early, others run through")
  func budget() {
    var large = Self.configs[0]
    large.hiddenSize = 4096
    large.intermediateSize = 16384
    large.numHiddenLayers = 12
    let probes = Verification.probes([large], of: large)
    #expect(probes[0].stages == nil && probes[1].stages == nil)
    #expect(probes[2].stages?.contains(.hiddenStates(1)) == true)
    #expect(probes[2].stages?.contains(.hiddenStates(12)) == false)
    var base = Self.configs[0]
    base.hiddenSize = 768
    base.intermediateSize = 3072
    base.embeddingSize = 128
    base.numHiddenLayers = 12
    let longest = Verification.probes([base], of: base)[2].stages
    #expect(longest == Set([.embeddings] + (0...3).map { Stage.hiddenStates($0) }))
    #expect(
      Verification.probes([Self.configs[3]], of: Self.configs[3]).allSatisfy { $0.stages == nil })
  }
}

extension [Int] {
  fileprivate func split(every count: Int) -> [[Int]] {
    stride(from: 0, to: self.count, by: count).map { Array(self[$0..<$0 + count]) }
  }
}

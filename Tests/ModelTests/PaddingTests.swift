import AlbertArchitecture
import AlbertTensors
import Testing

@testable import AlbertFastModel

/// A pass that leaves padding out, or scores some tokens alone, computes what the whole pass does there.
@Suite struct PaddingTests {
  /// Rows of some lengths, filled up with padding at their ends.
  private func padded(_ lengths: [Int], _ config: AlbertConfig) throws -> ModelInputs {
    try ModelInputs(
      lengths.enumerated().map { row, length in
        (0..<length).map { ($0 * 7919 + row * 31 + 5) % config.vocabSize }
      })
  }

  @Test func tokensAreTheSameToTheLastBitAndPaddingIsZero() throws {
    let store = try Fixture.storeA()
    let inputs = try padded([3, 30, 17, 16, 1], store.config)
    let model = try FastModel(store)
    let whole = try model.forward(inputs)
    let packed = try model.forward(inputs, ForwardOptions(skipsPadding: true))
    #expect(packed.map(\.stage) == whole.map(\.stage))
    for (a, b) in zip(packed, whole) {
      #expect(a.shape == b.shape)
      guard a.stage.isPerToken(model.contents) else {
        #expect(a.values == b.values, "\(a.stage)")
        continue
      }
      let width = a.values.count / inputs.shape.count
      for place in 0..<inputs.shape.count {
        let row = a.values[place * width..<(place + 1) * width]
        if inputs.isPadding(place) {
          #expect(row.allSatisfy { $0 == 0 }, "\(a.stage), \(place)")
        } else {
          #expect(row == b.values[place * width..<(place + 1) * width], "\(a.stage), \(place)")
        }
      }
    }
  }

  @Test func paddingAtTheBeginningAndAmongTokensIsLeftOutToo() throws {
    let golden = try Fixture.npz("tiny-a/variants.npz")
    let store = try Fixture.storeA()
    let inputs = try golden.inputs()
    let model = try FastModel(store)
    let outputs = try model.forward(
      inputs, stages: [.lastHiddenState, .poolerOutput, .sopLogits],
      ForwardOptions(skipsPadding: true))
    for output in outputs {
      let expected = golden.arrays["gelu_new/\(output.stage)"]?.doubles ?? []
      let width = expected.count / inputs.shape.count
      let error =
        expected.indices.filter {
          output.stage != .lastHiddenState || !inputs.isPadding($0 / width)
        }.map { abs(Double(output.values[$0]) - expected[$0]) }.max() ?? 1
      #expect(error <= Engine.fast.tolerance, "\(output.stage)")
    }
  }

  @Test func whereNoTokenIsAskedForPaddingIsLeftOutByItself() throws {
    let store = try Fixture.storeA()
    let inputs = try padded([3, 30, 17], store.config)
    let model = try FastModel(store)
    let alone = try model.forward(inputs, stages: [.poolerOutput])
    #expect(model.workspaces.extents == [50])
    let among = try model.forward(inputs).filter { $0.stage == .poolerOutput }
    #expect(model.workspaces.extents == [50, 90])
    #expect(alone.map(\.values) == among.map(\.values))
  }

  @Test func someTokensAreScoredAlone() throws {
    let store = try Fixture.storeA()
    let inputs = try padded([3, 30, 17], store.config)
    let model = try FastModel(store)
    let scored = [59, 2, 30, 31, 89]
    let whole = try model.forward(inputs, stages: [.predictionLogits])
    for skips in [false, true] {
      let some = try model.forward(
        inputs, stages: [.predictionLogits], ForwardOptions(skipsPadding: skips, scored: scored))
      let v = store.config.vocabSize
      #expect(some.map(\.shape) == [Shape([5, v])])
      for (row, place) in scored.enumerated() {
        #expect(
          some[0].values[row * v..<(row + 1) * v] == whole[0].values[place * v..<(place + 1) * v])
      }
    }
  }

  @Test func headsOverTokensLeavePaddingOut() throws {
    for (name, head, labels) in [
      ("tokencls", TaskHead.tokenClassification, 5), ("qa", .questionAnswering, 2),
    ] {
      let contents = ModelContents(pooler: false, taskHead: head)
      let store = try Fixture.storeA(contents, labels: labels, head: name)
      let inputs = try padded([4, 21, 9], store.config)
      let model = try FastModel(store)
      let whole = try model.forward(inputs)
      let packed = try model.forward(inputs, ForwardOptions(skipsPadding: true))
      for (a, b) in zip(packed, whole) {
        let width = a.values.count / inputs.shape.count
        for index in a.values.indices {
          let expected = inputs.isPadding(index / width) ? 0 : b.values[index]
          #expect(a.values[index] == expected, "\(a.stage)")
        }
      }
    }
  }
}

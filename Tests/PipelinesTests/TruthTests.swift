import AlbertArchitecture
import AlbertJSON
import Testing

@testable import AlbertPipelines

/// The same results as transformers' pipelines, on the same weights.
@Suite struct TruthTests {
  @Test(arguments: [
    "none", "single_label_classification", "multi_label_classification", "regression",
  ])
  func classes(_ problem: String) throws {
    let albert = try Truth.albert("seqcls") { config in
      config.passthrough.problemType = problem == "none" ? nil : problem
    }
    let expected = try #require(Truth.document["seqcls"]?[problem]?.elements)
    #expect(expected.count == Truth.texts.count + 1)
    for (index, text) in (Truth.texts + [Truth.texts[0]]).enumerated() {
      let pair = index == Truth.texts.count ? Truth.texts[1] : nil
      let found = try albert.classify(text, pair: pair)
      // A single text's list is in a list of its own.
      let labels = expected[index].elements ?? []
      let flat = labels.first?.elements ?? labels
      #expect(found.count == flat.count)
      for (mine, theirs) in zip(found, flat) {
        #expect(mine.label == theirs["label"]?.string)
        #expect(mine.score.isClose(to: theirs["score"]?.double), "\(text): \(mine) \(theirs)")
      }
    }
  }

  @Test(arguments: [
    ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"],
    ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"],
  ])
  func tokens(_ names: [String]) throws {
    let albert = try Truth.albert("tokencls") { $0.passthrough.id2label = names }
    let expected = try #require(Truth.document["tokencls"]?[names[0]])
    for (index, text) in Truth.texts.enumerated() {
      let found = try albert.tokenLabels(text)
      let tokens = try #require(expected["none"]?.elements?[index].elements)
      #expect(found.tokens.count == tokens.count)
      for (mine, theirs) in zip(found.tokens, tokens) {
        #expect(mine.label == theirs["entity"]?.string)
        #expect(mine.probability.isClose(to: theirs["score"]?.double), "\(mine) \(theirs)")
        #expect(mine.position == theirs["index"]?.integer)
        // Families of tokenizers differ in which piece the space before a word belongs to.
        if mine.piece == WordRule.beginning { continue }
        #expect(mine.span.trimmed(in: text).text(in: text) == Self.part(of: text, theirs))
      }
      let entities = try #require(expected["entities"]?.elements?[index].elements)
        .filter { $0["word"]?.string != "" }
      #expect(found.entities.count == entities.count)
      for (mine, theirs) in zip(found.entities, entities) {
        #expect(mine.label == theirs["entity_group"]?.string)
        #expect(mine.probability.isClose(to: theirs["score"]?.double), "\(mine) \(theirs)")
        #expect(mine.text == Self.part(of: text, theirs))
      }
    }
  }

  /// The part of `text` from `start` to `end`, without white space at its ends.
  private static func part(of text: String, _ document: JSONValue) -> String {
    let scalars = Array(text.unicodeScalars)
    guard let start = document["start"]?.integer, let end = document["end"]?.integer,
      start <= end, end <= scalars.count
    else { return "no part" }
    var part = scalars[start..<end]
    while part.first?.properties.isWhitespace == true { part.removeFirst() }
    while part.last?.properties.isWhitespace == true { part.removeLast() }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: part)
    return String(result)
  }

  @Test(arguments: 0..<8) func answers(_ index: Int) throws {
    let albert = try Truth.albert("qa")
    let expected = try #require(Truth.document["qa"]?.elements?[index])
    let context = try #require(expected["context"]?.string)
    let found = try albert.answers(
      try #require(expected["question"]?.string), in: context, top: 4,
      allowsNoAnswer: expected["impossible"]?.bool ?? false)
    // Theirs may hold one part of the context several times, from windows that overlap.
    var seen: Set<Int> = []
    let theirs = try #require(expected["answers"]?.elements).filter {
      seen.insert(($0["start"]?.integer ?? 0) << 20 + ($0["end"]?.integer ?? 0)).inserted
    }
    #expect(!theirs.isEmpty && found.count == 4)
    for (mine, theirs) in zip(found, theirs) {
      #expect(mine.score.isClose(to: theirs["score"]?.double, within: 1e-7), "\(mine) \(theirs)")
      #expect((mine.span?.scalars.upperBound ?? 0) == theirs["end"]?.integer)
      let text = try #require(theirs["answer"]?.string)
      #expect(mine.text == (text.hasPrefix(" ") ? String(text.dropFirst()) : text))
      #expect(mine.span?.text(in: context) ?? "" == mine.text)
    }
  }

  @Test(arguments: Engine.allCases) func choices(_ engine: Engine) throws {
    let albert = try Truth.albert("multichoice", engine)
    let choices = try #require(Truth.document["choices"]?.elements).compactMap(\.string)
    let expected = try #require(Truth.document["multichoice"]?.elements).compactMap(\.double)
    let found = try albert.choose(Truth.texts[0], among: choices)
    #expect(found.map(\.index).sorted() == [0, 1, 2])
    #expect(found.map(\.probability) == found.map(\.probability).sorted(by: >))
    for choice in found {
      #expect(choice.choice == choices[choice.index])
      #expect(choice.probability.isClose(to: expected[choice.index]))
    }
  }
}

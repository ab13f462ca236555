internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import AlbertTokenizers

/// The reading of some texts: encoded at once, computed in batches, told in their order.
struct ReadingWork {
  private let albert: Albert
  private let requests: [TextRequest]
  private let options: ReadingOptions
  /// The inputs of each text: one, or a window each, or a choice each.
  private let encoded: [[EncodedText]]
  private var results: [[TextReading.Result]]

  /// Encodes the texts.
  ///
  /// Throws where the model has no head for what is asked, or where a text is too long and none may be.
  init(_ albert: Albert, _ requests: [TextRequest], _ options: ReadingOptions) throws(FileError) {
    self.albert = albert
    self.requests = requests
    self.options = options
    results = Array(repeating: [], count: requests.count)
    let encoder = TextEncoder(albert.tokenizer, positions: albert.longestInput)
    var encoded: [[EncodedText]] = []
    for (index, request) in requests.enumerated() {
      try Self.check(request, albert)
      let inputs = encoder.encode(request)
      if let long = inputs.first(where: { $0.cut > 0 }), options.isStrict {
        throw FileError(
          albert.path,
          .limit(
            of: "the number of tokens in text \(index + 1)", value: long.tokens.count + long.cut,
            most: encoder.positions),
          remedy: "shorten the text, or let it be cut at its end")
      }
      encoded.append(inputs)
    }
    self.encoded = encoded
  }

  /// Throws where the model cannot be asked so.
  private static func check(_ request: TextRequest, _ albert: Albert) throws(FileError) {
    let head = albert.contents.taskHead
    switch request.companion {
    case .question where head != .questionAnswering:
      throw albert.missing("a question-answering head")
    case .choices where head != .multipleChoice: throw albert.missing("a multiple-choice head")
    case .choices, .question: return
    case .none, .pair: return
    }
  }

  /// What the heads say of each text.
  var readings: [TextReading] {
    requests.indices.map { index in
      let request = requests[index]
      return TextReading(
        text: request.text, pair: request.pair, question: request.question,
        tokens: encoded[index].map(\.tokens.count).reduce(0, +),
        cut: encoded[index].map(\.cut).reduce(0, +), results: results[index])
    }
  }

  /// Computes what is asked.
  mutating func run(_ observer: WorkObserver) throws(InputProblem) {
    let single = requests.indices.filter { requests[$0].isSingle }
    let texts = single.map { encoded[$0][0] }
    for group in TextBatch.groups(texts) {
      try readBatch(group.map { single[$0] }, observer)
    }
    for index in requests.indices where !requests[index].isSingle {
      try readTogether(index, observer)
    }
  }

  /// The positions of a text's masks, as far as they are to be filled.
  private func masks(_ text: EncodedText) -> [Int] {
    guard albert.contents.mlm, !options.onlyEmbeds, let mask = albert.tokenizer.specialTokens.mask
    else {
      return []
    }
    return text.tokens.indices.filter { text.tokens[$0].id == mask }
  }

  /// The stages that a text of its own is read from.
  private func stages(_ index: Int) -> [Stage] {
    var stages: [Stage] = []
    let contents = albert.contents
    if !options.onlyEmbeds {
      if !masks(encoded[index][0]).isEmpty { stages.append(.predictionLogits) }
      if requests[index].pair != nil, contents.sop, contents.pooler { stages.append(.sopLogits) }
      switch contents.taskHead {
      case .sequenceClassification where contents.pooler: stages.append(.logits)
      case .tokenClassification: stages.append(.logits)
      default: break
      }
    }
    if stages.isEmpty || options.embeds { stages.append(.lastHiddenState) }
    return stages
  }

  /// Reads texts side by side.
  private mutating func readBatch(
    _ places: [Int], _ observer: WorkObserver
  ) throws(InputProblem) {
    let inputs = try TextBatch.inputs(
      places.map { encoded[$0][0] }, padding: albert.padding)
    let wanted = Set(places.flatMap(stages))
    // Words are scored at the masks alone: a row for each of the vocabulary is the largest of all stages.
    let masks = places.map { self.masks(encoded[$0][0]) }
    let scored = zip(0..., masks).flatMap { row, masks in masks.map { row * inputs.sequence + $0 } }
    let outputs = try albert.engine.stages(inputs, Array(wanted), scored: scored, observer)
    var first = 0
    for (row, index) in places.enumerated() {
      results[index] = stages(index).compactMap { stage in
        outputs[stage].map { output in
          stage == .predictionLogits
            ? fill(output, masks[row], first: first) : result(output, row: row, index)
        }
      }
      first += masks[row].count
    }
  }

  /// The best words at a text's masks, whose scores are rows of `output` from `first` on.
  private func fill(
    _ output: StageOutput<Float>, _ masks: [Int], first: Int
  ) -> TextReading.Result {
    .masks(
      MaskFilling.fill(
        masks, top: options.top, scores: { output.row(first + $0) }, word: { albert.word($0) }))
  }

  private func result(
    _ output: StageOutput<Float>, row: Int, _ index: Int
  ) -> TextReading.Result {
    let text = encoded[index][0]
    switch output.stage {
    case .sopLogits:
      return .order(SentenceOrder(inOrder: Distribution.softmax(output.row(row))[0]))
    case .logits where albert.contents.taskHead == .tokenClassification:
      return .tokens(
        TokenLabelling.label(
          text, of: requests[index].text, scores: { output.row(row, $0) },
          names: ClassNames(albert.config), words: albert.wordRule))
    case .logits:
      let classification = Classification(albert.config)
      return .labels(classification.classify(output.row(row)), classification.scoring)
    default:
      return .embedding(
        albert.pooling.vector(count: text.tokens.count) { output.row(row, $0) })
    }
  }

  /// Reads what belongs to one text: the windows of a context, or choices.
  private mutating func readTogether(
    _ index: Int, _ observer: WorkObserver
  ) throws(InputProblem) {
    switch requests[index].companion {
    case .choices(let choices):
      let inputs = try TextBatch.inputs(
        encoded[index], padding: albert.padding, areChoices: true)
      guard let output = try albert.engine.stages(inputs, [.logits], observer)[.logits] else {
        return
      }
      let shares = Distribution.softmax(output.row(0))
      results[index] = [
        .choices(
          Distribution.best(shares.count, of: shares).map {
            ScoredChoice(index: $0, choice: choices[$0], probability: shares[$0])
          })
      ]
    case .question:
      results[index] = [try answers(index, observer)]
    case .none, .pair: return
    }
  }

  private func answers(
    _ index: Int, _ observer: WorkObserver
  ) throws(InputProblem) -> TextReading.Result {
    let texts = encoded[index]
    var windows: [AnswerSearch.Window?] = Array(repeating: nil, count: texts.count)
    for group in TextBatch.groups(texts) {
      let inputs = try TextBatch.inputs(group.map { texts[$0] }, padding: albert.padding)
      let outputs = try albert.engine.stages(inputs, [.startLogits, .endLogits], observer)
      guard let start = outputs[.startLogits], let end = outputs[.endLogits] else { continue }
      for (row, place) in group.enumerated() {
        windows[place] = AnswerSearch.Window(
          text: texts[place], start: start.row(row), end: end.row(row))
      }
    }
    let found = AnswerSearch(words: albert.wordRule).search(
      windows.compactMap { $0 }, in: requests[index].text, top: options.top)
    guard options.allowsNoAnswer else { return .answers(found.answers, noAnswer: found.noAnswer) }
    let none = Answer(text: "", span: nil, score: found.noAnswer)
    let place = found.answers.firstIndex { $0.score < none.score } ?? found.answers.count
    var answers = found.answers
    answers.insert(none, at: place)
    return .answers(Array(answers.prefix(options.top)), noAnswer: found.noAnswer)
  }
}

extension TextRequest {
  /// Whether the text is one input, which others may stand beside.
  fileprivate var isSingle: Bool {
    switch companion {
    case .none, .pair: true
    case .question, .choices: false
    }
  }

  /// The second text.
  var pair: String? { if case .pair(let pair) = companion { pair } else { nil } }

  /// The question.
  var question: String? { if case .question(let question) = companion { question } else { nil } }
}

internal import AlbertJSON
internal import AlbertPipelines
internal import AlbertTokenizers

extension ReadingReport {
  /// What a model says of one text, as `run --json` has it: each head under a key of its own.
  static func json(_ reading: TextReading) -> JSONValue {
    var json: JSONValue = ["text": .string(reading.text)]
    if let pair = reading.pair { json = json.adding(["pair": .string(pair)]) }
    if let question = reading.question { json = json.adding(["question": .string(question)]) }
    json = json.adding(["tokens": .count(reading.tokens), "cut": .count(reading.cut)])
    return reading.results.reduce(json) { $0.adding(members($1)) }
  }

  private static func members(_ result: TextReading.Result) -> JSONValue {
    switch result {
    case .masks(let masks): ["masks": .array(masks.map(json))]
    case .order(let order):
      ["order": ["in_order": .finite(order.inOrder), "swapped": .finite(order.swapped)]]
    case .labels(let labels, let scoring):
      ["scoring": .string(scoring.rawValue), "labels": .array(labels.map(json))]
    case .tokens(let labelled):
      [
        "token_labels": .array(labelled.tokens.map(json)),
        "words": .array(labelled.words.map(json)),
        "entities": .array(labelled.entities.map(json)),
      ]
    case .answers(let answers, let noAnswer):
      ["answers": .array(answers.map(json)), "no_answer": .finite(noAnswer)]
    case .choices(let choices): ["choices": .array(choices.map(json))]
    case .embedding(let vector): ["embedding": .array(of: vector) { .finite(Double($0)) }]
    }
  }

  private static func json(_ mask: FilledMask) -> JSONValue {
    [
      "position": .count(mask.position),
      "words": .array(of: mask.words) { word in
        [
          "word": .string(word.word), "id": .count(word.id),
          "probability": .finite(word.probability),
        ]
      },
    ]
  }

  private static func json(_ label: ScoredLabel) -> JSONValue {
    ["label": .string(label.label), "score": .finite(label.score), "logit": .finite(label.logit)]
  }

  private static func json(_ token: LabelledText.Token) -> JSONValue {
    let json: JSONValue = [
      "piece": .string(token.piece), "id": .count(token.id), "position": .count(token.position),
      "label": .string(token.label), "probability": .finite(token.probability),
    ]
    return json.adding(members(token.span))
  }

  private static func json(_ part: LabelledText.Part) -> JSONValue {
    let json: JSONValue = [
      "text": .string(part.text), "label": .string(part.label),
      "probability": .finite(part.probability),
    ]
    return json.adding(members(part.span))
  }

  private static func json(_ answer: Answer) -> JSONValue {
    let json: JSONValue = ["text": .string(answer.text), "score": .finite(answer.score)]
    return answer.span.map { json.adding(members($0)) } ?? json
  }

  private static func json(_ choice: ScoredChoice) -> JSONValue {
    [
      "index": .count(choice.index), "choice": .string(choice.choice),
      "probability": .finite(choice.probability),
    ]
  }

  /// Places in the text, counted in scalars as Python does and in UTF-8 bytes.
  private static func members(_ span: TextSpan) -> JSONValue {
    [
      "start": .count(span.scalars.lowerBound), "end": .count(span.scalars.upperBound),
      "byte_start": .count(span.bytes.lowerBound), "byte_end": .count(span.bytes.upperBound),
    ]
  }
}

internal import AlbertJSON
internal import AlbertPipelines
internal import AlbertTokenizers

extension ReadingReport {
  /// What a model says of one text, as `run --json` has it: each head under a key of its own.
  static func json(_ reading: TextReading) -> JSONValue {
    var members = [JSONMember("text", .string(reading.text))]
    if let pair = reading.pair { members.append(JSONMember("pair", .string(pair))) }
    if let question = reading.question { members.append(JSONMember("question", .string(question))) }
    members.append(JSONMember("tokens", .count(reading.tokens)))
    members.append(JSONMember("cut", .count(reading.cut)))
    return .object(members + reading.results.flatMap(self.members))
  }

  private static func members(_ result: TextReading.Result) -> [JSONMember] {
    switch result {
    case .masks(let masks): [JSONMember("masks", .array(masks.map(json)))]
    case .order(let order):
      [
        JSONMember(
          "order",
          .object([
            JSONMember("in_order", .finite(order.inOrder)),
            JSONMember("swapped", .finite(order.swapped)),
          ]))
      ]
    case .labels(let labels, let scoring):
      [
        JSONMember("scoring", .string(scoring.rawValue)),
        JSONMember("labels", .array(labels.map(json))),
      ]
    case .tokens(let labelled):
      [
        JSONMember("token_labels", .array(labelled.tokens.map(json))),
        JSONMember("words", .array(labelled.words.map(json))),
        JSONMember("entities", .array(labelled.entities.map(json))),
      ]
    case .answers(let answers, let noAnswer):
      [
        JSONMember("answers", .array(answers.map(json))),
        JSONMember("no_answer", .finite(noAnswer)),
      ]
    case .choices(let choices): [JSONMember("choices", .array(choices.map(json)))]
    case .embedding(let vector):
      [JSONMember("embedding", .array(vector.map { .finite(Double($0)) }))]
    }
  }

  private static func json(_ mask: FilledMask) -> JSONValue {
    .object([
      JSONMember("position", .count(mask.position)),
      JSONMember(
        "words",
        .array(
          mask.words.map { word in
            .object([
              JSONMember("word", .string(word.word)), JSONMember("id", .count(word.id)),
              JSONMember("probability", .finite(word.probability)),
            ])
          })),
    ])
  }

  private static func json(_ label: ScoredLabel) -> JSONValue {
    .object([
      JSONMember("label", .string(label.label)), JSONMember("score", .finite(label.score)),
      JSONMember("logit", .finite(label.logit)),
    ])
  }

  private static func json(_ token: LabelledText.Token) -> JSONValue {
    .object(
      [
        JSONMember("piece", .string(token.piece)), JSONMember("id", .count(token.id)),
        JSONMember("position", .count(token.position)), JSONMember("label", .string(token.label)),
        JSONMember("probability", .finite(token.probability)),
      ] + members(token.span))
  }

  private static func json(_ part: LabelledText.Part) -> JSONValue {
    .object(
      [
        JSONMember("text", .string(part.text)), JSONMember("label", .string(part.label)),
        JSONMember("probability", .finite(part.probability)),
      ] + members(part.span))
  }

  private static func json(_ answer: Answer) -> JSONValue {
    .object(
      [JSONMember("text", .string(answer.text)), JSONMember("score", .finite(answer.score))]
        + (answer.span.map(members) ?? []))
  }

  private static func json(_ choice: ScoredChoice) -> JSONValue {
    .object([
      JSONMember("index", .count(choice.index)), JSONMember("choice", .string(choice.choice)),
      JSONMember("probability", .finite(choice.probability)),
    ])
  }

  /// Places in the text, counted in scalars as Python does and in UTF-8 bytes.
  private static func members(_ span: TextSpan) -> [JSONMember] {
    [
      JSONMember("start", .count(span.scalars.lowerBound)),
      JSONMember("end", .count(span.scalars.upperBound)),
      JSONMember("byte_start", .count(span.bytes.lowerBound)),
      JSONMember("byte_end", .count(span.bytes.upperBound)),
    ]
  }
}

package import AlbertJSON
package import AlbertTokenizers

/// What `albert tokenize` made of texts, as text and as JSON.
package struct TokenizeReport: Sendable {
  package let model: String
  /// How its tokenizer works.
  package let tokenizer: String
  /// The ids that it may yield.
  package let vocabularySize: Int
  /// The texts in their order.
  package let encodings: [Encoding]
  /// Whether they came as a list, of which each has one line.
  package let isBatch: Bool

  package init(
    model: String, _ tokenizer: Tokenizer, _ encodings: [Encoding], isBatch: Bool
  ) {
    self.model = model
    self.tokenizer = tokenizer.summary
    vocabularySize = tokenizer.vocabularySize
    self.encodings = encodings
    self.isBatch = isBatch
  }

  /// The result in words: a table of one text's tokens, or a line of ids for each of several.
  package func lines(terminal: Terminal) -> [String] {
    if isBatch { return encodings.map { $0.ids.map(String.init).joined(separator: " ") } }
    return encodings.flatMap { encoding -> [String] in
      var table = TextTable(
        [.right, .name, .right, .right, .right],
        titles: ["id", "piece", "segment", "characters", "bytes"])
      for index in encoding.ids.indices {
        let span = encoding.offsets[index]
        table.add([
          "\(encoding.ids[index])", Terminal.shown(encoding.pieces[index]),
          "\(encoding.tokenTypeIDs[index])", span.map { Self.shown($0.scalars) } ?? "",
          span.map { Self.shown($0.bytes) } ?? "",
        ])
      }
      let title =
        "\(encoding.count) tokens  \(tokenizer), \(Numbers.grouped(vocabularySize)) pieces"
      return [title] + table.lines(terminal: terminal)
    }
  }

  private static func shown(_ range: Range<Int>) -> String {
    "\(range.lowerBound)-\(range.upperBound)"
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "result": .string("ok"),
      "model": .string(model),
      "tokenizer": .string(tokenizer),
      "vocabulary_size": .count(vocabularySize),
      "texts": .array(encodings.map(Self.json)),
    ])
  }

  private static func json(_ encoding: Encoding) -> JSONValue {
    func list(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .count($0) }) }
    func spans(_ part: (TextSpan) -> Range<Int>) -> JSONValue {
      .array(of: encoding.offsets) { span in
        span.map { list([part($0).lowerBound, part($0).upperBound]) } ?? .null
      }
    }
    return [
      "ids": list(encoding.ids),
      "pieces": .array(encoding.pieces.map { .string($0) }),
      "offsets": spans(\.scalars),
      "byte_offsets": spans(\.bytes),
      "token_type_ids": list(encoding.tokenTypeIDs),
      "special_tokens_mask": list(encoding.specialTokensMask.map { $0 ? 1 : 0 }),
      "cut": .count(encoding.cutCount),
    ]
  }
}

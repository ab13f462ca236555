internal import AlbertTokenizers

/// Texts as inputs that fit a model's positions.
struct TextEncoder {
  private let tokenizer: Tokenizer
  /// The most tokens of one input.
  let positions: Int

  init(_ tokenizer: Tokenizer, positions: Int) {
    self.tokenizer = tokenizer
    self.positions = positions
  }

  /// The inputs of a text: one, or one for each window of a context or for each choice.
  func encode(_ request: TextRequest) -> [EncodedText] {
    switch request.companion {
    case .none: [encode(request.text, pair: nil)]
    case .pair(let pair): [encode(request.text, pair: pair)]
    case .choices(let choices): choices.map { encode(request.text, pair: $0) }
    case .question(let question): windows(question, context: request.text)
    }
  }

  private func encode(_ text: String, pair: String?) -> EncodedText {
    EncodedText(
      tokenizer.encode(text, pair: pair, EncodingOptions(maximumLength: positions)))
  }

  /// A question with each window of its context; of a question that leaves no room for a context, its
  /// beginning.
  private func windows(_ question: String, context: String) -> [EncodedText] {
    let whole = EncodedText(tokenizer.encode(question, pair: context, EncodingOptions()))
    let most = min(positions, ContextWindows.longest)
    let isContext = whole.tokens.map { $0.text == 1 }
    guard let first = isContext.firstIndex(of: true), let last = isContext.lastIndex(of: true)
    else { return [encode(question, pair: context)] }
    let front = Array(whole.tokens[..<first])
    let body = Array(whole.tokens[first...last])
    let back = Array(whole.tokens[(last + 1)...])
    let room = most - front.count - back.count
    guard room > 0 else { return [encode(question, pair: context)] }
    let ranges = ContextWindows.ranges(
      count: body.count, room: room, stride: min(most / 2, 128))
    return ranges.map { EncodedText(tokens: front + body[$0] + back) }
  }
}

extension EncodedText {
  /// What a tokenizer made of a text.
  init(_ encoding: Encoding) {
    tokens = encoding.ids.indices.map { index in
      Token(
        id: encoding.ids[index], segment: encoding.tokenTypeIDs[index],
        text: encoding.textIndices[index], piece: encoding.pieces[index],
        span: encoding.offsets[index])
    }
    cut = encoding.cutCount
  }
}

internal import AlbertArchitecture
internal import AlbertTensors

/// Encoded texts side by side as inputs of a model, the shorter ones padded behind.
enum TextBatch {
  /// The inputs for `texts`, which are the choices of one question where `areChoices` says so.
  static func inputs(
    _ texts: [EncodedText], padding: Int, areChoices: Bool = false
  ) throws(InputProblem) -> ModelInputs {
    let width = texts.map(\.tokens.count).max() ?? 0
    var (ids, mask, segments): ([Int], [Int], [Int]) = ([], [], [])
    for text in texts {
      let missing = width - text.tokens.count
      ids += text.tokens.map(\.id) + Array(repeating: padding, count: missing)
      mask += text.tokens.map { _ in 1 } + Array(repeating: 0, count: missing)
      segments += text.tokens.map(\.segment) + Array(repeating: 0, count: missing)
    }
    let shape = areChoices ? Shape([1, texts.count, width]) : Shape([texts.count, width])
    return try ModelInputs(
      inputIDs: ids, shape: shape, attentionMask: mask, tokenTypeIDs: segments)
  }

  /// Places of texts in groups that make good batches: of about the same length, and of not too many
  /// tokens together.
  static func groups(_ texts: [EncodedText], tokens most: Int = 4096) -> [[Int]] {
    let order = texts.indices.sorted { left, right in
      let (short, long) = (texts[left].tokens.count, texts[right].tokens.count)
      return short == long ? left < right : short < long
    }
    var groups: [[Int]] = []
    for index in order {
      // The longest comes last, so that it decides the width of all.
      if let group = groups.last, (group.count + 1) * texts[index].tokens.count <= most {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups
  }
}

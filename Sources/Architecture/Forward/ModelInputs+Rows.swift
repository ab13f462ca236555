internal import AlbertTensors

extension ModelInputs {
  /// Rows of token ids as a literal, such as `ModelInputs([[2, 15, 99, 3], [2, 7, 3]])`.
  ///
  /// Rows that are shorter than the longest are filled up at their ends, masked, so that what is filled
  /// in has no part in the result of a real token.
  ///
  /// - Parameters:
  ///   - rows: Token ids, one array for each sequence of the batch.
  ///   - segments: Segment ids of the same extents; all 0 where nil.
  ///   - padding: The token id that is filled in, ALBERT's `<pad>`.
  /// - Throws: ``InputProblem`` where there is no row, no token, or segments of other extents.
  public init(_ rows: [[Int]], segments: [[Int]]? = nil, padding: Int = 0) throws(InputProblem) {
    let length = rows.map(\.count).max() ?? 0
    if let segments, segments.map(\.count) != rows.map(\.count) {
      throw .count(
        input: InputName.tokenTypeIDs, expected: Shape([rows.count, length]),
        found: segments.map(\.count).reduce(0, +))
    }
    func filled(_ rows: [[Int]], with value: Int) -> [Int] {
      rows.flatMap { $0 + Array(repeating: value, count: length - $0.count) }
    }
    try self.init(
      inputIDs: filled(rows, with: padding), shape: Shape([rows.count, length]),
      attentionMask: filled(rows.map { $0.map { _ in 1 } }, with: 0),
      tokenTypeIDs: segments.map { filled($0, with: 0) })
  }
}

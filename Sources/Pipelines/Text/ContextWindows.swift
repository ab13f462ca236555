/// The windows in which a context is read that is longer than a model's positions, each beginning
/// before the last one's end.
enum ContextWindows {
  /// The most tokens of a question with its context, as transformers' pipeline has it.
  static let longest = 384

  /// The parts of a context of `count` tokens, `room` in each, where neighbours share `stride`.
  static func ranges(count: Int, room: Int, stride: Int) -> [Range<Int>] {
    let step = max(1, room - stride)
    var ranges: [Range<Int>] = []
    for start in Swift.stride(from: 0, to: max(1, count), by: step) {
      ranges.append(start..<min(start + room, count))
      if start + room >= count { break }
    }
    return ranges
  }
}

/// The most probable sequence of pieces, by the algorithm that both SentencePiece and Hugging Face's
/// tokenizers use, down to its arithmetic, so that ties fall as they do there: `Score` is Float for the
/// one and Double for the other.
///
/// SentencePiece up to 0.2.1 added in double precision what it stored in single precision, so that of
/// paths as probable it took others now and then; here later versions count.
struct UnigramSearch<Score: BinaryFloatingPoint & Sendable>: Sendable {
  /// The number that `trie` has for a piece, and its score.
  let trie: ScalarTrie
  let scores: [Score]
  /// Which pieces a path may take; empty for all.
  var isUsable: [Bool] = []
  let unknownID: Int32
  let unknownScore: Score
  /// Sums beyond it are begun anew, so that those of a long text stay exact.
  var largestSum: Score?

  /// One step of a path: a piece, or an unknown character.
  struct Step: Equatable {
    let id: Int32
    let range: Range<Int>
  }

  private struct Node {
    var id: Int32 = -1
    var start: Int32 = -1
    var score: Score = 0
  }

  /// The pieces of `text`; the time is its length times that of the longest piece.
  func path(_ text: [Unicode.Scalar]) -> [Step] {
    var nodes = Array(repeating: Node(), count: text.count + 1)
    var frontier = 0
    for start in text.indices {
      if let largestSum, abs(nodes[start].score) > largestSum {
        let sum = nodes[start].score
        for index in start...frontier where index == start || nodes[index].start >= 0 {
          nodes[index].score -= sum
        }
      }
      let before = nodes[start].score
      var isCovered = false
      var node = ScalarTrie.root
      var end = start
      while end < text.count, let next = trie.child(node, text[end]) {
        node = next
        end += 1
        guard let id = trie.value(node), isUsable.isEmpty || isUsable[Int(id)] else { continue }
        isCovered = isCovered || end == start + 1
        frontier = max(frontier, end)
        let sum = scores[Int(id)] + before
        if nodes[end].start < 0 || sum > nodes[end].score {
          nodes[end] = Node(
            id: id, start: Int32(truncatingIfNeeded: start), score: sum)
        }
      }
      guard !isCovered else { continue }
      frontier = max(frontier, start + 1)
      let sum = unknownScore + before
      if nodes[start + 1].start < 0 || sum > nodes[start + 1].score {
        nodes[start + 1] = Node(
          id: unknownID, start: Int32(truncatingIfNeeded: start), score: sum)
      }
    }
    var steps: [Step] = []
    var end = text.count
    while end > 0 {
      let node = nodes[end]
      let start = Int(node.start)
      steps.append(Step(id: node.id, range: start..<end))
      end = start
    }
    return steps.reversed()
  }

  /// The pieces of `text`, of which neighbours that are unknown count as one.
  func fusedPath(_ text: [Unicode.Scalar]) -> [Step] {
    var steps: [Step] = []
    for step in path(text) {
      if step.id == unknownID, let last = steps.last, last.id == unknownID {
        steps[steps.count - 1] = Step(
          id: unknownID, range: last.range.lowerBound..<step.range.upperBound)
      } else {
        steps.append(step)
      }
    }
    return steps
  }
}

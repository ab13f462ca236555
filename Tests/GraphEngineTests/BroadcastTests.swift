import AlbertGraphEngine
import AlbertTensors
import Testing

@Suite struct BroadcastTests {
  @Test func extentsJoinAtTheLastAxis() {
    #expect(Broadcast.extents([[2, 1, 4], [3, 1]]) == [2, 3, 4])
    #expect(Broadcast.extents([[], [5]]) == [5])
    #expect(Broadcast.extents([[0], [1]]) == [0])
    #expect(Broadcast.extents([[2], [3]]) == nil)
  }

  /// Every way in which the two sides of a row advance or stay.
  @Test(arguments: [
    ([2, 3, 4], [2, 3, 4]), ([2, 3, 4], [4]), ([4], [2, 3, 4]), ([2, 3, 4], []), ([], [2, 3, 4]),
    ([2, 3, 1], [1, 3, 4]), ([2, 1, 4], [3, 1]), ([1, 3, 1], [2, 1, 1]), ([3, 1], [1]), ([], []),
    ([2, 0], [1, 1]), ([2, 3, 1], [2, 3, 1]),
  ])
  func pairsAreThoseOfOneIndex(_ first: [Int], _ second: [Int]) throws {
    let (a, b) = (Shape(first), Shape(second))
    let extents = try #require(Broadcast.extents([first, second]))
    let pairs = Broadcast.map(
      Array(0..<a.count), a, Array(0..<b.count), b, over: extents
    ) { 100 * $0 + $1 }
    var expected: [Int] = []
    for place in 0..<extents.reduce(1, *) {
      // The index along each axis, and from it the place on each side by the definition.
      var (rest, index) = (place, [Int](repeating: 0, count: extents.count))
      for axis in extents.indices.reversed() {
        index[axis] = rest % extents[axis]
        rest /= extents[axis]
      }
      func own(_ shape: Shape) -> Int {
        let tail = index.suffix(shape.rank)
        return zip(tail, shape.dimensions).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
      }
      expected.append(100 * own(a) + own(b))
    }
    #expect(pairs == expected)
  }
}

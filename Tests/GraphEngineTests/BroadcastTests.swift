import AlbertGraphEngine
import Testing

@Suite struct BroadcastTests {
  @Test func extentsJoinAtTheLastAxis() {
    #expect(Broadcast.extents([[2, 1, 4], [3, 1]]) == [2, 3, 4])
    #expect(Broadcast.extents([[], [5]]) == [5])
    #expect(Broadcast.extents([[0], [1]]) == [0])
    #expect(Broadcast.extents([[2], [3]]) == nil)
  }
}

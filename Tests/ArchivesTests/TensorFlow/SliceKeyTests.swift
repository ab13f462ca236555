import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertArchives

@Suite struct SliceKeyTests {
  private func key(_ name: String, _ extents: [(Int, Int)?]) -> [UInt8] {
    SliceKey.encode(
      Array(name.utf8),
      TensorSlice(extents: extents.map { .init(start: $0?.0 ?? 0, length: $0?.1) }))
  }

  /// The keys that TensorFlow wrote.
  @Test func encodesAsTensorFlowDoes() throws {
    let index = try BundleKeys.read("tensorflow/tf1-partitioned-sharded/model.ckpt-7.index")
    #expect(
      index.filter(SliceKey.isSliceKey) == [
        key("bert/embeddings/position_embeddings", [(0, 64), (0, 16)]),
        key("bert/embeddings/position_embeddings", [(0, 64), (16, 16)]),
        key("bert/embeddings/word_embeddings", [(0, 171), (0, 32)]),
        key("bert/embeddings/word_embeddings", [(171, 171), (0, 32)]),
        key("bert/embeddings/word_embeddings", [(342, 170), (0, 32)]),
      ])
    let mixed = try BundleKeys.read("tensorflow/slices/model.index")
    #expect(mixed.filter(SliceKey.isSliceKey).first == key("columns", [nil, (0, 4)]))
  }

  /// The lengths at which the encoding grows by a byte (ordered_code_test.cc).
  @Test(arguments: [
    (0, 1), (0x3f, 1), (0x40, 2), (0x1fff, 2), (0x2000, 3), (0x10_0000, 4), (0x800_0000, 5),
    (0x4_0000_0000, 6), (0x200_0000_0000, 7), (0x1_0000_0000_0000, 8), (0x80_0000_0000_0000, 9),
    (0x4000_0000_0000_0000, 10), (Int.max, 10),
  ]) func numbersTakeTheFewestBytes(number: Int, length: Int) {
    // A zero, an empty name and the number of axes take four bytes, a start of zero takes one.
    #expect(key("", [(0, number)]).count == 1 + 2 + 2 + 1 + length)
  }

  /// The order of keys is the order of numbers, whatever their lengths.
  @Test func keysSortAsTheirNumbers() {
    let numbers = [
      0, 1, 0x3f, 0x40, 0x41, 0x1fff, 0x2000, 0x10_0000, 0x100_0000_0000, 0x4000_0000_0000_0001,
      Int.max,
    ]
    let keys = numbers.map { key("name", [($0, 1)]) }
    for (low, high) in zip(keys, keys.dropFirst()) {
      #expect(low.lexicographicallyPrecedes(high))
    }
    #expect(key("name", [nil]).lexicographicallyPrecedes(key("name", [(0, 1)])))
  }

  @Test func namesAreEscaped() {
    #expect(key("a\0b", []) == [0, 0x61, 0, 0xFF, 0x62, 0, 1, 0])
    #expect(SliceKey.name(in: key("a\0bÿ", [nil])) == "a\0bÿ")
    #expect(SliceKey.name(in: [0, 0x61]) == nil)
    #expect(SliceKey.name(in: [0, 0x61, 0, 7]) == nil)
    #expect(!SliceKey.isSliceKey([]))
  }
}

/// The keys of an index, in order.
enum BundleKeys {
  static func read(_ fixture: String) throws -> [[UInt8]] {
    var keys: [[UInt8]] = []
    try SortedTable(SourceFile(Fixture.path(fixture))).forEachEntry { key, _ in keys.append(key) }
    return keys
  }
}

@Suite struct SliceGridTests {
  private func grid(_ boxes: [[Range<Int>]], _ shape: [Int]) -> SliceGrid? {
    SliceGrid(boxes, in: Shape(shape))
  }

  /// Every run in order, as the piece and the number of elements.
  private func runs(_ grid: SliceGrid) -> [[Int]] {
    var runs: [[Int]] = []
    grid.forEachRun { runs.append([$0, $1]) }
    return runs
  }

  @Test func walksTheTensorInOrder() throws {
    let rows = try #require(grid([[3..<5, 0..<4], [0..<3, 0..<4]], [5, 4]))
    #expect(rows.isSequential)
    #expect(rows.cells == [1, 0])
    #expect(runs(rows) == [[1, 12], [0, 8]])

    let columns = try #require(grid([[0..<2, 0..<1], [0..<2, 1..<4]], [2, 4]))
    #expect(!columns.isSequential)
    #expect(runs(columns) == [[0, 1], [1, 3], [0, 1], [1, 3]])

    let both = try #require(
      grid([[0..<1, 0..<1], [0..<1, 1..<3], [1..<3, 0..<1], [1..<3, 1..<3]], [3, 3]))
    #expect(runs(both) == [[0, 1], [1, 2], [2, 1], [3, 2], [2, 1], [3, 2]])

    // Cut within an axis of one element each, the pieces follow each other all the same.
    let single = try #require(grid([[0..<1, 2..<4], [0..<1, 0..<2]], [1, 4]))
    #expect(single.isSequential)
    #expect(runs(single) == [[1, 2], [0, 2]])

    #expect(runs(try #require(grid([[]], []))) == [[0, 1]])
    #expect(runs(try #require(grid([[0..<0, 0..<9]], [0, 9]))).isEmpty)
  }

  @Test func gapsAndOverlapsAreRefused() {
    #expect(grid([], [4]) == nil)
    #expect(grid([[0..<3]], [4]) == nil)
    #expect(grid([[1..<4]], [4]) == nil)
    #expect(grid([[0..<2], [2..<4], [0..<2]], [4]) == nil)
    #expect(grid([[0..<2], [1..<4]], [4]) == nil)
    #expect(grid([[0..<2], [0..<2]], [2]) == nil)
    #expect(grid([[0..<2], [3..<4]], [4]) == nil)
    // Right volume and cuts, but one cell twice and one not at all.
    let twice = [[0..<1, 0..<1], [0..<1, 1..<2], [0..<1, 1..<2], [1..<2, 1..<2]]
    #expect(grid(twice, [2, 2]) == nil)
    // Bricks tile the shape but are no grid.
    #expect(
      grid([[0..<1, 0..<1], [0..<1, 1..<3], [1..<2, 0..<2], [1..<2, 2..<3]], [2, 3]) == nil)
  }
}

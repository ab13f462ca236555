/// Which of a picture's boxes take values of which: those that follow by a line between the two, all others by
/// lanes at the right, one for each box that gives values.
struct GraphFlow {
  /// What leads from one box to those that do not follow it.
  private struct Lane {
    let source: Int
    let targets: [Int]
    /// How many lanes lie between it and the boxes.
    var place = 0

    var boxes: ClosedRange<Int> {
      min(source, targets.first ?? source)...max(source, targets.last ?? source)
    }
  }

  private let sources: [[Int]]
  private let lanes: [Lane]

  private static let laneWidth = 14
  private static let inset = 14

  /// `sources` are each box's, by their places.
  init(_ sources: [[Int]]) {
    self.sources = sources
    var lanes: [Lane] = []
    // Where the boxes of each place's last lane end: the next may begin at the box.
    var ends: [Int] = []
    for source in sources.indices {
      let targets = sources.indices.filter { $0 != source + 1 && sources[$0].contains(source) }
      if targets.isEmpty { continue }
      var lane = Lane(source: source, targets: targets)
      lane.place = ends.firstIndex { $0 <= lane.boxes.lowerBound } ?? ends.count
      if lane.place == ends.count { ends.append(0) }
      ends[lane.place] = lane.boxes.upperBound
      lanes.append(lane)
    }
    self.lanes = lanes
    width = ends.count * Self.laneWidth
  }

  /// The pixels that the lanes take.
  let width: Int

  /// Whether a box takes values of the one above it.
  func goesStraight(to box: Int) -> Bool { sources[box].contains(box - 1) }

  /// The lanes beside boxes at some heights.
  func markup(_ places: [Range<Int>]) -> String {
    let paths = lanes.map { lane in
      let x = -width + lane.place * Self.laneWidth + Self.laneWidth / 2
      let start = places[lane.source].upperBound - Self.inset
      let ends = lane.targets.map { places[$0].lowerBound + Self.inset }
      let branches = ends.map { "M\(x) \(start)V\($0)H\(-width + 1)m4 -3l-4 3l4 3" }
      return "<path d=\"M\(-width) \(start)H\(x)\(branches.joined())\"/>"
    }
    // Of a width in percent, paths know nothing: they begin at its end.
    return "<svg class=\"lanes\" x=\"100%\">\(paths.joined())</svg>"
  }
}

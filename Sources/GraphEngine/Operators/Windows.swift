internal import AlbertTensors

/// Windows that walk over the axes behind a batch of channels, as convolutions and pools have them.
struct Windows {
  /// What lies at a place that a window reaches beside the values.
  static let padding = -1
  /// What lies where not even padding was asked for.
  static let nothing = -2

  /// The number of windows along each axis.
  let counts: [Int]
  /// The elements of one window.
  let size: Int
  /// For each window its elements' places among one channel's values, or what lies there instead.
  let places: [Int]

  /// The windows of the elements `kernel` that the node's settings make over axes of `extents`; with
  /// `counts` there are as many, and no padding.
  init(
    _ call: OperatorCall, over extents: [Int], kernel: [Int], counts stated: [Int]? = nil
  ) throws(OperatorError) {
    let walk = try WindowWalk(call, kernel: kernel)
    var (counts, before, after) = ([Int](), [Int](), [Int]())
    for axis in extents.indices {
      if let stated {
        before.append(0)
        after.append(0)
        counts.append(stated[axis])
      } else {
        let padding = walk.padding(extents[axis], axis: axis)
        before.append(padding.before)
        after.append(padding.after)
        counts.append(try walk.count(extents[axis], axis: axis))
      }
    }
    self.counts = counts
    let window = try call.shape(kernel)
    size = window.count
    let all = try call.shape(counts + kernel)
    try call.spend(product: all.count, max(1, extents.count))
    let strides = try call.shape(extents).strides
    let (outer, inner) = (Shape(counts).strides, window.strides)
    places = (0..<all.count).map { index in
      let (place, offset) = index.quotientAndRemainder(dividingBy: max(1, window.count))
      var result = 0
      var isPadding = false
      for axis in extents.indices {
        let first = place / outer[axis] % counts[axis] * walk.strides[axis] - before[axis]
        let position = first + offset / inner[axis] % kernel[axis] * walk.dilations[axis]
        if position >= extents[axis] + after[axis] { return Self.nothing }
        if 0..<extents[axis] ~= position {
          result += position * strides[axis]
        } else {
          isPadding = true
        }
      }
      return isPadding ? Self.padding : result
    }
  }
}

/// How windows walk: what a node says of their steps and of the padding.
struct WindowWalk {
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  private let pads: [Int]
  private let mode: String
  private let roundsUp: Bool

  /// Steps and paddings beyond this are no real model's.
  private static let most = 1 << 31

  init(_ call: OperatorCall, kernel: [Int]) throws(OperatorError) {
    self.kernel = kernel
    let rank = kernel.count
    func list(_ name: String, count: Int, else value: Int) throws(OperatorError) -> [Int] {
      let list = try call.integers(name) ?? [Int](repeating: value, count: count)
      guard list.count == count, list.allSatisfy({ value...Self.most ~= $0 }) else {
        throw .invalid("the setting '\(name)' is \(list), which does not fit \(rank) axes")
      }
      return list
    }
    guard rank > 0, kernel.allSatisfy({ 1...Self.most ~= $0 }) else {
      throw .invalid("the window is \(kernel)")
    }
    strides = try list("strides", count: rank, else: 1)
    dilations = try list("dilations", count: rank, else: 1)
    pads = try list("pads", count: 2 * rank, else: 0)
    mode = try call.text("auto_pad", else: "NOTSET")
    roundsUp = try call.integer("ceil_mode", else: 0) != 0
    guard ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"].contains(mode) else {
      throw .unsupported("the padding '\(mode)'")
    }
  }

  /// The elements from a window's first to its last along an axis.
  func span(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

  /// Whether the padding follows from the sizes.
  var isSame: Bool { mode.hasPrefix("SAME") }

  /// The padding at both ends of an axis.
  func padding(_ extent: Int, axis: Int) -> (before: Int, after: Int) {
    if isSame {
      let count = (extent + strides[axis] - 1) / strides[axis]
      return split(max(0, (count - 1) * strides[axis] + span(axis) - extent))
    }
    return mode == "VALID" ? (0, 0) : (pads[axis], pads[kernel.count + axis])
  }

  /// The shares of a padding that is stated as a whole.
  func split(_ total: Int) -> (before: Int, after: Int) {
    let half = total / 2
    return mode == "SAME_LOWER" ? (total - half, half) : (half, total - half)
  }

  /// The number of windows along an axis.
  func count(_ extent: Int, axis: Int) throws(OperatorError) -> Int {
    if isSame { return (extent + strides[axis] - 1) / strides[axis] }
    let (before, after) = padding(extent, axis: axis)
    let room = extent + before + after - span(axis)
    guard room >= 0 else {
      throw .invalid("a window of \(span(axis)) does not fit an axis of \(extent)")
    }
    let count = (roundsUp ? room + strides[axis] - 1 : room) / strides[axis] + 1
    // A window that begins in the padding behind is none.
    return roundsUp && (count - 1) * strides[axis] >= extent + before ? count - 1 : count
  }
}

internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Products over neighbours, and their reverse.
enum ConvolutionOperators {
  static let operators: [Operator] = [
    Operator("Conv", run: convolve),
    Operator("ConvTranspose", run: spread),
  ]

  /// Numbers that are laid out for a product at one time.
  private static let roomiest = 1 << 20

  /// What both take: a batch of channels, weights over them, and how the channels divide.
  private struct Operands {
    let x: GraphValue
    let weights: GraphValue
    let groups: Int
    let batch: Int
    let extents: [Int]
    let kernel: [Int]
    /// The elements of one channel.
    var inner: Int { extents.reduce(1, *) }

    init(_ call: OperatorCall, channels axis: Int) throws(OperatorError) {
      x = try call.input(0)
      weights = try call.input(1)
      groups = try call.integer("group", else: 1)
      guard x.type.family == .numbers, weights.type == x.type else {
        throw .invalid("it takes floating-point numbers of one type")
      }
      guard x.rank >= 3, weights.rank == x.rank, groups > 0 else {
        throw .invalid("the weights \(weights.shape) do not fit \(x.shape)")
      }
      batch = x.dimensions[0]
      extents = Array(x.dimensions[2...])
      kernel = Array(weights.dimensions[2...])
      let channels = x.dimensions[1]
      let taken = axis == 1 ? groups.multiplied(by: weights.dimensions[1]) : weights.dimensions[0]
      guard taken == channels, weights.dimensions[0].isMultiple(of: groups),
        channels.isMultiple(of: groups)
      else {
        throw .invalid("the weights \(weights.shape) do not fit \(x.shape) in \(groups) groups")
      }
      if let stated = try call.integers("kernel_shape"), stated != kernel {
        throw .invalid(
          "the setting 'kernel_shape' is \(stated), and the weights are \(weights.shape)")
      }
    }
  }

  private static func convolve(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let given = try Operands(call, channels: 1)
    let windows = try Windows(call, over: given.extents, kernel: given.kernel)
    let (groups, outputs) = (given.groups, given.weights.dimensions[0] / given.groups)
    let channels = given.weights.dimensions[1]
    let shape = try call.shape([given.batch, outputs * groups] + windows.counts)
    let count = windows.counts.reduce(1, *)
    let depth = channels * windows.size
    try call.spend(product: shape.count, depth)
    let (x, weights) = (given.x.doubles, given.weights.doubles)
    var result = [Double](repeating: 0, count: shape.count)
    // What the windows hold is laid out for as many of them at a time as take little room.
    let strip = max(1, Self.roomiest / max(1, depth))
    for part in 0..<given.batch * groups {
      let start = part * channels * given.inner
      for first in stride(from: 0, to: count, by: strip) {
        try call.checkCancelled()
        let width = min(strip, count - first)
        var columns = [Double](repeating: 0, count: depth * width)
        for row in 0..<depth {
          let (channel, offset) = row.quotientAndRemainder(dividingBy: windows.size)
          for window in 0..<width {
            let place = windows.places[(first + window) * windows.size + offset]
            if place >= 0 {
              columns[row * width + window] = x[start + channel * given.inner + place]
            }
          }
        }
        let products = MatrixProduct.multiply(
          weights, columns, [(part % groups * outputs * depth, 0)], rows: outputs, depth: depth,
          columns: width)
        for row in 0..<outputs {
          let target = (part * outputs + row) * count + first
          result.replaceSubrange(
            target..<target + width, with: products[row * width..<(row + 1) * width])
        }
      }
    }
    return [try biased(call, GraphValue(result, given.x.type, shape))]
  }

  /// Each element times the weights, added up where they fall.
  private static func spread(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let given = try Operands(call, channels: 0)
    let extents = try spreadExtents(call, given)
    let windows = try Windows(
      call, over: extents.padded, kernel: given.kernel, counts: given.extents)
    let (groups, outputs) = (given.groups, given.weights.dimensions[1])
    let channels = given.weights.dimensions[0] / groups
    guard let all = groups.multiplied(by: outputs) else {
      throw .invalid("the weights are \(given.weights.shape)")
    }
    let shape = try call.shape([given.batch, all] + extents.kept)
    let rows = outputs * windows.size
    _ = try call.shape([rows, given.inner])
    try call.spend(product: given.batch * groups, rows, given.inner, channels)
    let kept = try call.shape(extents.kept)
    let padded = try call.shape(extents.padded)
    /// The place in the result of a place with the padding; nil where it is cut off.
    let targets = (0..<padded.count).map { place -> Int? in
      var result = 0
      for axis in extents.kept.indices {
        let index =
          place / padded.strides[axis] % padded.dimensions[axis] - extents.before[axis]
        guard 0..<kept.dimensions[axis] ~= index else { return nil }
        result += index * kept.strides[axis]
      }
      return result
    }
    let weights = MovementOperators.transposed(
      given.weights.reshaped(try call.shape([groups, channels, rows])), [0, 2, 1])
    let (x, turned) = (given.x.doubles, weights.doubles)
    var result = [Double](repeating: 0, count: shape.count)
    for part in 0..<given.batch * groups {
      try call.checkCancelled()
      let products = MatrixProduct.multiply(
        turned, x, [(part % groups * rows * channels, part * channels * given.inner)], rows: rows,
        depth: channels, columns: given.inner)
      for row in 0..<rows {
        let (output, offset) = row.quotientAndRemainder(dividingBy: windows.size)
        let start = (part * outputs + output) * kept.count
        for window in 0..<given.inner {
          let place = windows.places[window * windows.size + offset]
          guard place >= 0, let target = targets[place] else { continue }
          result[start + target] += products[row * given.inner + window]
        }
      }
    }
    return [try biased(call, GraphValue(result, given.x.type, shape))]
  }

  /// How far the results of `spread` reach, and what is cut off in front of those that are kept.
  private static func spreadExtents(
    _ call: OperatorCall, _ given: Operands
  ) throws(OperatorError) -> (padded: [Int], kept: [Int], before: [Int]) {
    let walk = try WindowWalk(call, kernel: given.kernel)
    let rank = given.extents.count
    let more = try call.integers("output_padding") ?? [Int](repeating: 0, count: rank)
    let stated = try call.integers("output_shape")
    guard more.count == rank, more.allSatisfy({ 0...(1 << 31) ~= $0 }),
      stated?.count ?? rank == rank
    else { throw .invalid("the output's settings do not fit \(rank) axes") }
    var (padded, kept, before) = ([Int](), [Int](), [Int]())
    for axis in 0..<rank {
      let reach = walk.strides[axis] * (given.extents[axis] - 1) + walk.span(axis)
      guard given.extents[axis] > 0, reach >= 0 else { throw .invalid("an axis has no elements") }
      var cut = walk.padding(given.extents[axis], axis: axis)
      var size = reach + more[axis] - cut.before - cut.after
      if let stated {
        size = stated[axis]
        cut = walk.split(max(0, reach + more[axis] - size))
      } else if walk.isSame {
        size = given.extents[axis] * walk.strides[axis]
        cut = walk.split(max(0, reach + more[axis] - size))
      }
      guard size >= 0 else { throw .invalid("the padding cuts off more than there is") }
      padded.append(reach)
      kept.append(size)
      before.append(cut.before)
    }
    return (padded, kept, before)
  }

  /// A result with the third input added to its channels.
  private static func biased(
    _ call: OperatorCall, _ y: GraphValue
  ) throws(OperatorError) -> GraphValue {
    guard let bias = call.optional(2) else { return y }
    guard bias.rank == 1, bias.count == y.dimensions[1] else {
      throw .invalid("the bias \(bias.shape) is not one number for each channel of \(y.shape)")
    }
    let shape = try call.shape([bias.count] + [Int](repeating: 1, count: y.rank - 2))
    return try ArithmeticOperators.sum(call, y, bias.reshaped(shape))
  }
}

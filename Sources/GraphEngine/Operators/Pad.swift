internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// The operator that adds elements at the ends of axes.
enum PadOperators {
  static let operators: [Operator] = [
    Operator(
      "Pad", since: 2,
      moved: [
        MovedAttribute("pads", since: 11, input: 1), MovedAttribute("value", since: 11, input: 2),
      ], run: pad)
  ]

  private static func pad(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let stated = try call.list("pads") else {
      throw .invalid("the numbers of elements to add are missing")
    }
    let mode = try call.text("mode", else: "constant")
    let axes = try call.axes(try call.list(3) ?? Array(0..<x.rank), rank: x.rank)
    guard stated.allSatisfy({ $0.magnitude < 1 << 40 }) else {
      throw .invalid("the numbers of elements to add, \(stated), are out of range")
    }
    guard stated.count == 2 * axes.count else {
      throw .invalid("\(stated.count) numbers of elements to add do not fit \(axes.count) axes")
    }
    var before = [Int](repeating: 0, count: x.rank)
    var extents = x.dimensions
    for (index, axis) in axes.enumerated() {
      before[axis] = stated[index]
      extents[axis] += stated[index] + stated[axes.count + index]
    }
    let shape = try call.shape(extents)
    var fill = GraphValue.zeros(x.type, Shape([1]))
    if !call.isInput("value"), x.type.family == .numbers {
      fill = GraphValue([try call.number("value", else: 0)], x.type, Shape([1]))
    } else if let value = call.optional(2) {
      guard value.count == 1, value.type == x.type else {
        throw .invalid("what to add is no number of the same type")
      }
      fill = value
    }
    let strides = shape.strides
    let own = x.shape.strides
    /// The index of an axis that an index of the result comes from; nil for what is added.
    func source(_ index: Int, _ extent: Int) -> Int? {
      if 0..<extent ~= index { return index }
      guard extent > 0 else { return nil }
      switch mode {
      case "edge": return index < 0 ? 0 : extent - 1
      case "wrap":
        let rest = index % extent
        return rest < 0 ? rest + extent : rest
      case "reflect":
        guard extent > 1 else { return 0 }
        let period = 2 * (extent - 1)
        var rest = index % period
        if rest < 0 { rest += period }
        return rest < extent ? rest : period - rest
      default: return nil
      }
    }
    guard ["constant", "edge", "wrap", "reflect"].contains(mode) else {
      throw .unsupported("the mode '\(mode)'")
    }
    if mode != "constant", x.count == 0, shape.count > 0 {
      throw .invalid("nothing can be repeated of \(x.shape)")
    }
    return [
      x.gathered(shape, filling: fill) { place in
        var result = 0
        for axis in 0..<shape.rank {
          let index = place / strides[axis] % shape.dimensions[axis] - before[axis]
          guard let index = source(index, x.dimensions[axis]) else { return nil }
          result += index * own[axis]
        }
        return result
      }
    ]
  }
}

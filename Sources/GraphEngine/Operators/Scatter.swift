internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Operators that put elements at places that indices name.
enum ScatterOperators {
  static let operators: [Operator] = [
    Operator("Scatter", since: 9, until: 10, run: scatterElements),
    Operator("ScatterElements", since: 11, run: scatterElements),
    Operator("ScatterND", since: 11, run: scatterND),
  ]

  private static func scatterElements(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: 0), rank: x.rank)
    let places = try GatherOperators.elementPlaces(call, x, axis: axis)
    let updates = try call.input(2)
    guard updates.shape == (try call.input(1)).shape else {
      throw .invalid("updates and indices have different shapes")
    }
    return [try put(call, updates, into: x, at: places)]
  }

  private static func scatterND(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let updates = try call.input(2)
    let starts = try GatherOperators.slicePlaces(call, x)
    let inner = starts.isEmpty ? 0 : updates.count / starts.count
    let depth = try call.input(1).dimensions.last ?? 0
    guard updates.count == starts.count * inner,
      starts.isEmpty || inner == x.shape.count(from: depth)
    else { throw .invalid("the updates do not fit the places") }
    let places = starts.flatMap { start in start..<start + inner }
    return [try put(call, updates, into: x, at: places)]
  }

  /// The updates at their places, one after the other.
  private static func put(
    _ call: OperatorCall, _ updates: GraphValue, into x: GraphValue, at places: [Int]
  ) throws(OperatorError) -> GraphValue {
    let reduction = try call.text("reduction", else: "none")
    guard ["none", "add", "mul", "max", "min"].contains(reduction) else {
      throw .unsupported("the reduction '\(reduction)'")
    }
    switch (x.storage, updates.storage) {
    case (.numbers(var values), .numbers(let new)):
      for (place, value) in zip(places, new) {
        values[place] =
          switch reduction {
          case "add": values[place] + value
          case "mul": values[place] * value
          case "max": values[place].isNaN ? values[place] : max(values[place], value)
          case "min": values[place].isNaN ? values[place] : min(values[place], value)
          default: value
          }
      }
      return GraphValue(values, x.type, x.shape)
    case (.integers(var values), .integers(let new)):
      for (place, value) in zip(places, new) {
        let new =
          switch reduction {
          case "add": values[place] &+ value
          case "mul": values[place] &* value
          case "max": max(values[place], value)
          case "min": min(values[place], value)
          default: value
          }
        values[place] = x.type.wrapped(new)
      }
      return GraphValue(values, x.type, x.shape)
    case (.flags(var values), .flags(let new)):
      guard reduction == "none" || reduction == "max" || reduction == "min" else {
        throw .invalid("truth values have no sum")
      }
      for (place, value) in zip(places, new) {
        values[place] =
          switch reduction {
          case "max": values[place] || value
          case "min": values[place] && value
          default: value
          }
      }
      return GraphValue(values, x.shape)
    default: throw .invalid("data and updates have different types")
    }
  }
}

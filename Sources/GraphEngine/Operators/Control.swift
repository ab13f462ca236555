internal import AlbertGraphs
internal import AlbertTensors

/// Operators that run graphs of their own: conditions and loops.
enum ControlOperators {
  static let operators: [Operator] = [
    Operator("If", run: condition),
    Operator("Loop", run: loop),
    Operator("Scan", since: 9, run: scan),
  ]

  private static func condition(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let flags = try call.flags(0)
    guard flags.count == 1 else { throw .invalid("the condition is not one truth value") }
    let branch = try call.graph(flags[0] ? "then_branch" : "else_branch")
    return try call.evaluate(branch, [])
  }

  private static func loop(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let body = try call.graph("body")
    let most = try call.list(0)?.first ?? .max
    var goesOn = true
    if call.optional(1) != nil {
      guard let flag = try call.flags(1).first else { throw .invalid("the condition is empty") }
      goesOn = flag
    }
    var carried: [GraphValue] = []
    for index in call.inputs.indices.dropFirst(2) { carried.append(try call.input(index)) }
    let scans = body.outputs.count - 1 - carried.count
    guard scans >= 0, body.inputs.count == carried.count + 2 else {
      throw .invalid("the body does not fit the values that it carries")
    }
    var rows = [[GraphValue]](repeating: [], count: scans)
    var count = 0
    while goesOn, count < most {
      try call.checkCancelled()
      let flag = GraphValue([goesOn], Shape([]))
      let results = try call.evaluate(body, [.scalar(Int64(count)), flag] + carried)
      guard case .flags(let next) = results[0].storage, next.count == 1 else {
        throw .invalid("the body's condition is not one truth value")
      }
      goesOn = next[0]
      carried = Array(results[1..<1 + carried.count])
      for (index, value) in results[(1 + carried.count)...].enumerated() {
        // Rows that are kept are held until the loop ends.
        try call.hold(value)
        rows[index].append(value)
      }
      count += 1
    }
    defer { for value in rows.joined() { call.release(value) } }
    var results: [GraphValue?] = carried
    for (index, row) in rows.enumerated() {
      results.append(
        row.isEmpty
          ? try empty(call, body.outputs[1 + carried.count + index]) : try stacked(call, row))
    }
    return results
  }

  /// What a loop without a turn gives: no rows of what the body says that it gives.
  private static func empty(
    _ call: OperatorCall, _ port: GraphPort
  ) throws(OperatorError) -> GraphValue {
    guard let type = port.type, type.family != .none else {
      throw .unsupported("a loop without a turn whose body states no type")
    }
    let extents = port.extents?.map { extent in
      if case .fixed(let size) = extent { size } else { 0 }
    }
    return .zeros(type, try call.shape([0] + (extents ?? [])))
  }

  /// Values of one shape along a new first axis.
  private static func stacked(
    _ call: OperatorCall, _ values: [GraphValue], axis: Int = 0
  ) throws(OperatorError) -> GraphValue {
    var wide: [GraphValue] = []
    for value in values {
      var extents = value.dimensions
      guard axis <= extents.count else { throw .invalid("axis \(axis) is out of range") }
      extents.insert(1, at: axis)
      wide.append(value.reshaped(try call.shape(extents)))
    }
    return try MovementOperators.concatenated(call, wide, axis: axis)
  }

  private static func scan(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let body = try call.graph("body")
    guard let scanned = try call.integer("num_scan_inputs"), 1...call.inputs.count ~= scanned,
      body.inputs.count == call.inputs.count
    else { throw .invalid("the body does not fit the values that it takes") }
    var values: [GraphValue] = []
    for index in call.inputs.indices { values.append(try call.input(index)) }
    let states = values.count - scanned
    var carried = Array(values[..<states])
    let sources = Array(values[states...])
    let outputs = body.outputs.count - states
    guard outputs >= 0 else { throw .invalid("the body gives too few values") }
    func settings(_ name: String, _ count: Int) throws(OperatorError) -> [Int] {
      let list = try call.integers(name) ?? [Int](repeating: 0, count: count)
      guard list.count == count else {
        throw .invalid("the setting '\(name)' has \(list.count) values")
      }
      return list
    }
    let stated = try settings("scan_input_axes", scanned)
    let directions = try settings("scan_input_directions", scanned)
    let outputAxes = try settings("scan_output_axes", outputs)
    let outputDirections = try settings("scan_output_directions", outputs)
    var axes: [Int] = []
    for (axis, source) in zip(stated, sources) {
      axes.append(try call.axis(axis, rank: source.rank))
    }
    let length = sources[0].dimensions[axes[0]]
    guard zip(sources, axes).allSatisfy({ $0.dimensions[$1] == length }) else {
      throw .invalid("the inputs that it walks along are not of one length")
    }
    var rows = [[GraphValue]](repeating: [], count: outputs)
    for step in 0..<length {
      try call.checkCancelled()
      var taken = carried
      for (index, source) in sources.enumerated() {
        let place = directions[index] == 0 ? step : length - 1 - step
        let part = MovementOperators.part(source, place..<place + 1, axis: axes[index])
        var extents = part.dimensions
        extents.remove(at: axes[index])
        taken.append(part.reshaped(try call.shape(extents)))
      }
      let results = try call.evaluate(body, taken)
      carried = Array(results[..<states])
      for (index, value) in results[states...].enumerated() {
        try call.hold(value)
        rows[index].append(value)
      }
    }
    defer { for value in rows.joined() { call.release(value) } }
    var results: [GraphValue?] = carried
    for (index, row) in rows.enumerated() {
      guard let first = row.first else { throw .unsupported("a walk without a step") }
      let axis = try call.axis(outputAxes[index], rank: first.rank + 1)
      let order = outputDirections[index] == 0 ? row : row.reversed()
      results.append(try stacked(call, order, axis: axis))
    }
    return results
  }
}

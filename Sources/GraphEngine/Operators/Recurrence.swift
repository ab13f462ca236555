internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Layers that walk along a sequence and carry a state from step to step.
enum RecurrenceOperators {
  static let operators: [Operator] = [
    Operator("RNN", since: 7, run: run(gates: 1, functions: ["Tanh"], plain)),
    Operator("GRU", since: 7, run: run(gates: 3, functions: ["Sigmoid", "Tanh"], gated)),
    Operator("LSTM", since: 7, run: run(gates: 4, functions: ["Sigmoid", "Tanh", "Tanh"], long)),
  ]

  /// One step of one sequence: from what the inputs and the last state give each gate, the new state.
  private typealias Cell =
    @Sendable (_ layer: Layer, _ inputs: ArraySlice<Double>, _ state: inout State) -> Void

  /// What a sequence carries.
  private struct State {
    var hidden: [Double]
    var cell: [Double]
  }

  /// The weights of one direction.
  private struct Layer {
    /// The size of a state.
    let size: Int
    /// The recurrent weights, [gates × size, size].
    let recurrent: ArraySlice<Double>
    /// What is added to the recurrent products, [gates × size].
    let bias: ArraySlice<Double>
    /// How far the gates of an LSTM look into its cell, [3 × size]; empty where they do not.
    let peepholes: ArraySlice<Double>
    let functions: [@Sendable (Double) -> Double]
    let clip: Double
    /// Whether a GRU's reset comes behind the product.
    let resetsBehind: Bool
    /// Whether an LSTM forgets what it does not take in.
    let isCoupled: Bool

    /// The product of a gate's row of weights and a state, with its bias.
    func product(_ row: Int, _ state: [Double]) -> Double {
      let start = recurrent.startIndex + row * size
      var sum = 0.0
      for index in 0..<size { sum += recurrent[start + index] * state[index] }
      return sum
    }

    func bias(_ row: Int) -> Double { bias[bias.startIndex + row] }
    func peephole(_ row: Int) -> Double {
      peepholes.isEmpty ? 0 : peepholes[peepholes.startIndex + row]
    }
    func call(_ function: Int, _ x: Double) -> Double {
      functions[function](min(max(x, -clip), clip))
    }
  }

  @Sendable private static func plain(
    _ layer: Layer, _ x: ArraySlice<Double>, _ state: inout State
  ) {
    let last = state.hidden
    for unit in 0..<layer.size {
      state.hidden[unit] = layer.call(
        0, x[x.startIndex + unit] + layer.product(unit, last) + layer.bias(unit))
    }
  }

  /// A GRU: how much of the state stays, what of it is reset, and the new one.
  @Sendable private static func gated(
    _ layer: Layer, _ x: ArraySlice<Double>, _ state: inout State
  ) {
    let (size, last) = (layer.size, state.hidden)
    func gate(_ row: Int) -> Double {
      layer.call(0, x[x.startIndex + row] + layer.product(row, last) + layer.bias(row))
    }
    let resets = (0..<size).map { gate(size + $0) }
    let held = zip(resets, last).map(*)
    for unit in 0..<size {
      let row = 2 * size + unit
      let recurrent =
        layer.resetsBehind
        ? resets[unit] * (layer.product(row, last) + layer.bias(row))
        : layer.product(row, held) + layer.bias(row)
      let update = gate(unit)
      let new = layer.call(1, x[x.startIndex + row] + recurrent)
      state.hidden[unit] = (1 - update) * new + update * last[unit]
    }
  }

  /// An LSTM: what goes in, out and is forgotten, and the new cell.
  @Sendable private static func long(
    _ layer: Layer, _ x: ArraySlice<Double>, _ state: inout State
  ) {
    let (size, last) = (layer.size, state.hidden)
    for unit in 0..<size {
      func gate(_ place: Int) -> Double {
        let row = place * size + unit
        return x[x.startIndex + row] + layer.product(row, last) + layer.bias(row)
      }
      let cell = state.cell[unit]
      let input = layer.call(0, gate(0) + layer.peephole(unit) * cell)
      let forget =
        layer.isCoupled
        ? 1 - input : layer.call(0, gate(2) + layer.peephole(2 * size + unit) * cell)
      let new = forget * cell + input * layer.call(1, gate(3))
      let output = layer.call(0, gate(1) + layer.peephole(size + unit) * new)
      state.cell[unit] = new
      state.hidden[unit] = output * layer.functions[2](new)
    }
  }

  private static func run(
    gates: Int, functions defaults: [String], _ cell: @escaping Cell
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let given = try Sequences(call, gates: gates)
      let directions = given.directions
      let names = try call.texts("activations") ?? (0..<directions).flatMap { _ in defaults }
      guard names.count == directions * defaults.count else {
        throw .invalid("the setting 'activations' has \(names.count) names")
      }
      var functions: [@Sendable (Double) -> Double] = []
      for name in names { functions.append(try function(name)) }
      let clip = try call.number("clip", else: .infinity)
      let resetsBehind = try call.integer("linear_before_reset", else: 0) != 0
      let isCoupled = try call.integer("input_forget", else: 0) != 0
      let (steps, batch, size) = (given.steps, given.batch, given.size)
      let rows = gates * size
      let all = try call.shape([steps, directions, batch, size])
      try call.spend(product: steps * batch, directions * rows, given.width + size)
      var result = [Double](repeating: 0, count: all.count)
      var states: [State] = []
      for direction in 0..<directions {
        let inputs = try given.inputs(direction, call)
        let layer = Layer(
          size: size, recurrent: given.part(given.recurrent, rows * size, direction),
          bias: given.recurrentBias(direction),
          peepholes: given.part(given.peepholes, 3 * size, direction),
          functions: Array(
            functions[direction * defaults.count..<(direction + 1) * defaults.count]),
          clip: clip, resetsBehind: resetsBehind, isCoupled: isCoupled)
        for sequence in 0..<batch {
          try call.checkCancelled()
          var state = given.state(direction, sequence)
          for step in 0..<given.lengths[sequence] {
            let place = given.isReverse(direction) ? given.lengths[sequence] - 1 - step : step
            let start = (place * batch + sequence) * rows
            cell(layer, inputs[start..<start + rows], &state)
            let target = ((place * directions + direction) * batch + sequence) * size
            result.replaceSubrange(target..<target + size, with: state.hidden)
          }
          states.append(state)
        }
      }
      let last = try call.shape([directions, batch, size])
      let outputs = [
        GraphValue(result, given.x.type, all),
        GraphValue(states.flatMap(\.hidden), given.x.type, last),
        GraphValue(states.flatMap(\.cell), given.x.type, last),
      ].prefix(gates == 4 ? 3 : 2)
      guard given.isBatchFirst else { return Array(outputs) }
      return outputs.map {
        MovementOperators.transposed($0, $0.rank == 4 ? [2, 0, 1, 3] : [1, 0, 2])
      }
    }
  }

  private static func function(
    _ name: String
  ) throws(OperatorError) -> @Sendable (Double) -> Double {
    switch name.lowercased() {
    case "sigmoid": ActivationFunctions.sigmoid
    case "tanh": ActivationFunctions.tanh
    case "relu": { $0 < 0 ? 0 : $0 }
    default: throw .unsupported("the activation '\(name)'")
    }
  }

  /// What all three take, held against each other.
  private struct Sequences {
    let x: GraphValue
    let isBatchFirst: Bool
    let direction: String
    let directions: Int
    let (steps, batch, width, size): (Int, Int, Int, Int)
    let recurrent: [Double]
    let peepholes: [Double]
    let lengths: [Int]
    private let gates: Int
    private let weights: [Double]
    private let bias: [Double]
    private let hidden: [Double]
    private let cells: [Double]

    init(_ call: OperatorCall, gates: Int) throws(OperatorError) {
      self.gates = gates
      isBatchFirst = try call.integer("layout", else: 0) != 0
      direction = try call.text("direction", else: "forward")
      guard ["forward", "reverse", "bidirectional"].contains(direction) else {
        throw .unsupported("the direction '\(direction)'")
      }
      let directions = direction == "bidirectional" ? 2 : 1
      self.directions = directions
      let isBatchFirst = isBatchFirst
      let stated = try call.input(0)
      guard stated.rank == 3, stated.type.family == .numbers else {
        throw .invalid(
          "it takes numbers of three axes, not \(stated.type.rawValue) \(stated.shape)")
      }
      x = isBatchFirst ? MovementOperators.transposed(stated, [1, 0, 2]) : stated
      let d = x.dimensions
      let r = try call.input(2)
      let size = try call.integer("hidden_size", else: r.dimensions.last ?? 0)
      guard size > 0, size < 1 << 31 else { throw .invalid("the setting 'hidden_size' is \(size)") }
      (steps, batch, width, self.size) = (d[0], d[1], d[2], size)
      func numbers(_ index: Int, _ extents: [Int]) throws(OperatorError) -> [Double] {
        guard call.optional(index) != nil else { return [] }
        guard try call.input(index).dimensions == extents else {
          throw .invalid("input \(index) is \(try call.input(index).shape), not \(extents)")
        }
        return try call.numbers(index)
      }
      func states(_ index: Int) throws(OperatorError) -> [Double] {
        guard isBatchFirst, let value = call.optional(index), value.rank == 3 else {
          return try numbers(index, [directions, d[1], size])
        }
        _ = try numbers(index, [d[1], directions, size])
        return MovementOperators.transposed(value, [1, 0, 2]).doubles
      }
      weights = try numbers(1, [directions, gates * size, d[2]])
      recurrent = try numbers(2, [directions, gates * size, size])
      bias = try numbers(3, [directions, 2 * gates * size])
      hidden = try states(5)
      cells = gates == 4 ? try states(6) : []
      peepholes = gates == 4 ? try numbers(7, [directions, 3 * size]) : []
      guard call.optional(1) != nil else { throw .invalid("input 1 is missing") }
      let lengths = try call.list(4) ?? [Int](repeating: d[0], count: d[1])
      guard lengths.count == d[1], lengths.allSatisfy({ 0...d[0] ~= $0 }) else {
        throw .invalid("the lengths of the sequences do not fit \(x.shape)")
      }
      self.lengths = lengths
    }

    func isReverse(_ index: Int) -> Bool { direction == "reverse" || index == 1 }

    /// The part of a direction; empty where there is nothing.
    func part(_ values: [Double], _ count: Int, _ index: Int) -> ArraySlice<Double> {
      values.isEmpty ? [] : values[index * count..<(index + 1) * count]
    }

    func recurrentBias(_ index: Int) -> ArraySlice<Double> {
      let half = gates * size
      let both = part(bias, 2 * half, index)
      return both.isEmpty ? ArraySlice([Double](repeating: 0, count: half)) : both.suffix(half)
    }

    func state(_ index: Int, _ sequence: Int) -> State {
      func values(_ all: [Double]) -> [Double] {
        let start = (index * batch + sequence) * size
        return all.isEmpty
          ? [Double](repeating: 0, count: size) : Array(all[start..<start + size])
      }
      return State(hidden: values(hidden), cell: values(cells))
    }

    /// What the inputs give each gate at each step, with their bias: [steps, batch, gates × size].
    func inputs(_ index: Int, _ call: OperatorCall) throws(OperatorError) -> [Double] {
      let rows = gates * size
      let shape = try call.shape([steps * batch, rows])
      let own = Array(part(weights, rows * width, index))
      var result = MatrixProduct.multiply(
        x.doubles, own.transposed(rows: rows, columns: width), [(0, 0)], rows: steps * batch,
        depth: width, columns: rows)
      let bias = Array(part(bias, 2 * rows, index).prefix(rows))
      guard !bias.isEmpty else { return result }
      for place in 0..<shape.count { result[place] += bias[place % rows] }
      return result
    }
  }
}

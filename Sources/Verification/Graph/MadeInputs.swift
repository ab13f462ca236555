internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertReading
internal import AlbertTensors

/// Inputs for a graph of which nothing is known but what it says itself: names, types and shapes.
struct MadeInputs {
  private let model: GraphModel
  private let ports: [GraphPort]

  /// How far an axis reaches that may have any length: the first one of an input, and all others.
  private typealias Lengths = (first: Int, other: Int)

  /// Lengths in the order in which they are tried: a graph of images may want more than a few points, and
  /// one that was drawn for a single row no second one.
  private static let lengths: [Lengths] = [(2, 8), (1, 8), (1, 1), (2, 32), (1, 224)]
  /// Elements that are made up for a small file.
  private static let maxElements = 1 << 22
  /// Inputs that the note names.
  private static let maxTold = 16

  /// Inputs for a graph; where `ports` are given, as those state types and shapes.
  init(_ model: GraphModel, ports: [GraphPort]? = nil) {
    self.model = model
    self.ports = ports ?? model.graph.inputs
  }

  /// Runs `body` on the inputs, where axes have any length on the first lengths for which no node throws,
  /// and says what they were.
  func run<Result>(
    _ body: ([String: GraphValue]) throws(FileError) -> Result
  ) throws(FileError) -> (result: Result, findings: [Finding]) {
    var problem: FileError?
    for lengths in isOpen ? Self.lengths : [(1, 1)] {
      let values = try values(lengths)
      do throws(FileError) {
        return (try body(values), [finding(values)])
      } catch {
        guard case .rejected(GraphEngine.nodeCode, _) = error.problem else { throw error }
        problem = problem ?? error
      }
    }
    guard let problem else { throw FileError(model.path, .cancelled) }
    throw FileError(
      model.path, problem.problem,
      remedy:
        "its inputs were made up: name a file of right ones with \(.inputs); where that does not "
        + "help, this graph cannot run: export the model again")
  }

  private var isOpen: Bool {
    ports.contains { port in
      port.extents?.contains { if case .fixed = $0 { false } else { true } } ?? false
    }
  }

  private func finding(_ values: [String: GraphValue]) -> Finding {
    let words = ports.compactMap { port in
      values[port.name].map { "'\(port.name)' \($0.type.rawValue) \($0.shape)" }
    }
    guard !words.isEmpty else {
      return Finding(.note, code: "made-up-inputs", "the graph takes no inputs")
    }
    return Finding(
      .note, code: "made-up-inputs",
      "the graph ran on made-up inputs: \(words.counted(naming: Self.maxTold))",
      remedy: "name a file of others with \(.inputs)")
  }

  /// The inputs with axes of these lengths where the graph takes any.
  private func values(_ lengths: Lengths) throws(FileError) -> [String: GraphValue] {
    var result: [String: GraphValue] = [:]
    var named: [String: Int] = [:]
    var left = Self.maxElements
    for (place, port) in ports.enumerated() {
      if let type = port.type, type.family == .none {
        throw FileError(
          model.path, .unsupported("the type \(type.rawValue) of the input '\(port.name.short)'"),
          remedy: "export the model without inputs of this type")
      }
      guard let extents = port.extents, let type = port.type else {
        throw FileError(
          model.path,
          .missing("the type and the shape of the input '\(port.name)', to make one up,"),
          remedy: "name a file that has an array of that name with \(.inputs)")
      }
      let sizes = extents.enumerated().map { axis, extent in
        let length = axis == 0 ? lengths.first : lengths.other
        switch extent {
        case .fixed(let size): return size
        case .unknown: return length
        case .named(let name):
          let known = named[name] ?? length
          named[name] = known
          return known
        }
      }
      guard let shape = Shape(checking: sizes), shape.count <= left else {
        throw FileError(
          model.path, .unsupported("making up an input as large as '\(port.name)' \(sizes)"),
          remedy: "name a file of inputs with \(.inputs)")
      }
      left -= shape.count
      result[port.name] = value(port, type, shape, place)
    }
    return result
  }

  private func value(
    _ port: GraphPort, _ type: GraphType, _ shape: Shape, _ place: Int
  ) -> GraphValue {
    let indices = 0..<shape.count
    let width = shape.dimensions.last ?? 1
    func integers(_ value: (Int) -> Int) -> GraphValue {
      let integers = indices.map { type.wrapped(Int64(value($0))) }
      return switch type.family {
      case .flags: GraphValue(integers.map { $0 != 0 }, shape)
      case .integers: GraphValue(integers, type, shape)
      default: GraphValue(integers.map(Double.init), type, shape)
      }
    }
    switch shape.rank < 2 ? nil : GraphFeed.role(port) {
    case .ids:
      // Ids from all over the table that they are looked up in; small ones where that is not seen.
      let words = model.graph.rows(lookedUpBy: port.name) ?? 8
      return integers { ($0 % words * max(1, words / shape.count) + $0 / words) % words }
    // Padding at the end of the last row.
    case .mask: return integers { $0 < shape.count - width / 2 ? 1 : 0 }
    case .segments: return integers { $0 % width < width / 2 ? 0 : 1 }
    case .positions: return integers { $0 % width }
    case nil: break
    }
    switch type.family {
    case .flags: return GraphValue(indices.map { $0.isMultiple(of: 2) }, shape)
    case .integers:
      if let rows = model.graph.rows(lookedUpBy: port.name) { return integers { $0 % rows } }
      // Bytes are often quantised numbers; other integers count, choose or measure something.
      return type.bits == 8 ? integers { 1 + $0 * 37 % 127 } : integers { $0 % 2 == 0 ? 1 : 0 }
    default:
      // Numbers from -1 to 1 that do not repeat.
      return GraphValue(
        indices.map { index in
          let turn = (Double(index + 1) * 0.6180339887498949 + Double(place) * 0.41421356)
            .truncatingRemainder(dividingBy: 1)
          return type.nearest(2 * turn - 1)
        }, type, shape)
    }
  }
}

extension Graph {
  /// Operators behind which indices are what they were.
  private static let movements: Set<String> = [
    "Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand",
    "Slice",
  ]

  /// The rows of the smallest stored table in which an input is looked up; nil where none is seen.
  func rows(lookedUpBy input: String) -> Int? {
    var carried: Set = [input]
    var rows: Int?
    for node in nodes {
      if Self.movements.contains(node.operation), let first = node.inputs.first,
        carried.contains(first)
      {
        carried.formUnion(node.outputs)
      }
      if node.operation == "Gather", node.inputs.count == 2, carried.contains(node.inputs[1]),
        let table = initializers[node.inputs[0]], table.shape.rank > 0,
        let count = table.shape.dimensions.first, count > 0
      {
        rows = min(rows ?? count, count)
      }
    }
    return rows
  }
}

internal import AlbertTensors

/// Gives matrices the shape that the graph computes with, where it takes a stored tensor only after a change of
/// shape that constants fix.
///
/// Keras 3's exporter makes products of sums over several axes, and stores as [1, 1, out, heads, size] what it
/// multiplies as [out, heads × size]. Of lists it stores [1, 1, width], as they are added to sequences.
struct ONNXReshaping {
  /// The operators, with copies in the place of those changes.
  private(set) var nodes: [OperatorNode]
  /// The new shapes by the tensors' names.
  private(set) var shapes: [String: Shape] = [:]

  private let constants: [String: GraphConstant]
  private let producers: [String: Int]

  /// Operators to which axes of length 1 before a list mean nothing.
  private static let elementwise: Set = ["Add", "Mul", "Sub", "Div"]

  /// Operators followed in a row.
  private static let farthest = 16

  init(_ nodes: [OperatorNode], _ constants: [String: GraphConstant]) {
    self.nodes = nodes
    self.constants = constants
    var producers: [String: Int] = [:]
    var changes: [String: [Int]] = [:]
    var users: [String: Int] = [:]
    var others: Set<String> = []
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
      // To ask for the shape is no use of the numbers.
      for input in node.inputs where node.operation != "Shape" {
        users[input, default: 0] += 1
        if !Self.elementwise.contains(node.operation) { others.insert(input) }
      }
      if node.operation == "Reshape", let input = node.input(0),
        let tensor = constants[input]?.tensor, tensor.type.isFloatingPoint, tensor.shape.rank > 2
      {
        changes[input, default: []].append(index)
      }
    }
    self.producers = producers
    for (name, constant) in constants where users[name] != nil && !others.contains(name) {
      let shape = constant.tensor.shape
      guard constant.tensor.type.isFloatingPoint, shape.rank > 2, shape.count > 1,
        shape.dimensions.last == shape.count
      else { continue }
      shapes[name] = Shape([shape.count])
    }
    for (name, places) in changes where users[name] == places.count {
      let count = constants[name]?.tensor.shape.count ?? 0
      let targets = Set(places.map { target(of: nodes[$0], count: count) })
      guard targets.count == 1, let target = targets.first ?? nil, target.count == 2 else {
        continue
      }
      shapes[name] = Shape(target)
      for place in places {
        let node = nodes[place]
        self.nodes[place] = OperatorNode(
          name: node.name, operation: "Identity", inputs: [name], outputs: node.outputs)
      }
    }
  }

  /// The shape that a change of shape gives `count` elements; nil where constants do not fix it.
  private func target(of node: OperatorNode, count: Int) -> [Int]? {
    guard let value = node.input(1), var shape = list(value, Self.farthest),
      shape.allSatisfy({ $0 == -1 || $0 > 0 }),
      let known = Self.product(shape.filter { $0 > 0 }), count.isMultiple(of: known)
    else { return nil }
    let open = shape.indices.filter { shape[$0] == -1 }
    guard open.count == 1 || (open.isEmpty && known == count) else { return nil }
    if let open = open.first { shape[open] = count / known }
    return shape
  }

  /// The integers that `value` is, as few as a shape has.
  private func list(_ value: String, _ steps: Int) -> [Int]? {
    if let constant = constants[value] {
      return constant.integers.flatMap { $0.count <= Shape.maxAxes ? $0 : nil }
    }
    guard steps > 0, let node = producers[value].map({ nodes[$0] }), let first = node.input(0)
    else { return nil }
    func items() -> [Int]? { list(first, steps - 1) }
    switch node.operation {
    case "Shape":
      guard node.attributes.isEmpty || node.integer("start") == 0 && node.integer("end") == nil
      else { return nil }
      return constants[first]?.tensor.shape.dimensions
    case "Identity", "Cast", "Squeeze", "Unsqueeze": return items()
    case "Gather":
      guard node.integer("axis") ?? 0 == 0, let items = items(),
        let places = node.input(1).flatMap({ list($0, steps - 1) }),
        places.allSatisfy(items.indices.contains)
      else { return nil }
      return places.map { items[$0] }
    case "ReduceProd": return items().flatMap(Self.product).map { [$0] }
    case "Concat":
      var result: [Int] = []
      for input in node.inputs {
        guard let part = list(input, steps - 1), result.count + part.count <= Shape.maxAxes
        else { return nil }
        result += part
      }
      return result
    default: return nil
    }
  }

  private static func product(_ numbers: [Int]) -> Int? {
    var result = 1
    for number in numbers {
      let (next, overflow) = result.multipliedReportingOverflow(by: number)
      if overflow || next < 1 { return nil }
      result = next
    }
    return result
  }
}

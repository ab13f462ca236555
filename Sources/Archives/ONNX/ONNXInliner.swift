internal import AlbertBytes
internal import AlbertTensors

/// Expands calls of a file's own functions, so that only known operators remain.
///
/// Exporters have written whole modules as functions, one calling the other. A hostile file could
/// nest them until the expansion fills memory, so depth, nodes and all that is made are bounded.
struct ONNXInliner {
  let functions: [ONNXFunction.Key: ONNXFunction]
  let operatorSets: [String: Int]
  let path: String
  private(set) var nodes: [ONNXNode] = []
  private var budget: ONNXExpansionBudget
  private var calls = 0

  /// Functions within functions that are followed.
  static let deepest = 64

  init(_ model: ONNXModel, path: String) {
    functions = model.functions
    operatorSets = model.operatorSets
    budget = ONNXExpansionBudget(stated: model, path: path)
    self.path = path
  }

  /// Appends `body`, with values renamed by `names` and attributes filled from `arguments`; graphs
  /// within nodes alike.
  ///
  /// `versions` are those of the operators, where the function of the body states its own.
  mutating func expand(
    _ body: [ONNXNode], names: [String: String]?, arguments: [String: ONNXAttribute.Value],
    scope: String, versions: [String: Int] = [:], prefix: String = "", depth: Int = 0
  ) throws(FileError) {
    func renamed(_ value: String) -> String {
      guard let names, !value.isEmpty else { return value }
      return names[value] ?? prefix + value
    }
    for node in body {
      var copy = node
      if names != nil {
        copy.inputs = node.inputs.map(renamed)
        copy.outputs = node.outputs.map(renamed)
      }
      copy.version = versions[node.domain] ?? operatorSets[node.domain]
      if node.attributes.contains(where: { $0.reference != nil }) {
        copy.attributes = node.attributes.compactMap { attribute in
          guard let reference = attribute.reference else { return attribute }
          // An argument that the caller leaves out is left out here too.
          return arguments[reference].map { ONNXAttribute(name: attribute.name, value: $0) }
        }
      }
      if !scope.isEmpty { copy.name = scope + "/" + node.name }
      try budget.spend(copy.memorySize)
      for (index, attribute) in copy.attributes.enumerated() {
        // A graph that the caller hands over speaks of the caller's values already.
        guard case .graph(var graph) = attribute.value,
          node.attributes.contains(where: {
            $0.name == attribute.name && $0.reference == nil
          })
        else { continue }
        graph.rename(renamed)
        let outside = nodes
        nodes = []
        try expand(
          graph.nodes, names: names, arguments: arguments, scope: scope, versions: versions,
          prefix: prefix, depth: depth + 1)
        graph.nodes = nodes
        nodes = outside
        copy.attributes[index].value = .graph(graph)
      }
      if !functions.isEmpty, let function = functions[node.key] {
        try call(function, by: copy, depth: depth + 1)
      } else {
        try FileError.limit(
          nodes.count + 1, "the number of nodes with functions expanded", most: ONNXParser.maxNodes,
          in: path)
        nodes.append(copy)
      }
    }
  }

  private mutating func call(
    _ function: ONNXFunction, by node: ONNXNode, depth: Int
  ) throws(FileError) {
    try FileError.limit(depth, "the nesting of functions", most: Self.deepest, in: path)
    calls += 1
    try FileError.limit(calls, "the number of calls", most: ONNXParser.maxNodes, in: path)
    guard node.inputs.count <= function.inputs.count, node.outputs.count <= function.outputs.count
    else {
      throw FileError(
        path, .malformed("function '\(function.key.name)' is called with too many values"))
    }
    try budget.spend(function.signatureSize)
    var names: [String: String] = [:]
    for (index, input) in function.inputs.enumerated() {
      names[input] = index < node.inputs.count ? node.inputs[index] : ""
    }
    let given = names
    for (output, actual) in zip(function.outputs, node.outputs) where !actual.isEmpty {
      // An input that is handed through as an output needs a node of its own to carry the name.
      if let input = given[output] {
        let identity = ONNXNode(operation: "Identity", inputs: [input], outputs: [actual])
        try budget.spend(identity.memorySize)
        nodes.append(identity)
      } else {
        names[output] = actual
      }
    }
    var arguments: [String: ONNXAttribute.Value] = [:]
    for attribute in function.defaults + node.attributes {
      arguments[attribute.name] = attribute.value
    }
    try expand(
      function.nodes, names: names, arguments: arguments, scope: node.name,
      versions: function.operatorSets, prefix: "call\(calls)/", depth: depth)
  }
}

extension ONNXGraph {
  /// Gives the graph's own values other names; its nodes keep theirs.
  fileprivate mutating func rename(_ renamed: (String) -> String) {
    inputs = inputs.map(renamed)
    outputs = outputs.map(renamed)
    for index in initializers.indices {
      initializers[index].name = renamed(initializers[index].name)
    }
    values = Dictionary(
      firstOfEach: values.map { (renamed($0.key), $0.value) })
  }
}

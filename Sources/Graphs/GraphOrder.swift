package import AlbertBytes

extension Graph {
  /// The nodes in an order in which each comes behind those whose results it takes; of several such
  /// orders the one nearest to the file's.
  ///
  /// Throws where nodes wait for each other in a ring, where two give one value, or where a value comes
  /// from nowhere. `outer` are the values that a surrounding graph has.
  package func ordered(outer: Set<String>, path: String) throws(FileError) -> [GraphNode] {
    var producers: [String: Int] = [:]
    var known = outer.union(initializers.keys).union(inputs.map(\.name))
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard producers.updateValue(index, forKey: output) == nil,
          initializers[output] == nil
        else { throw Self.problem("two nodes give the value '\(output)'", path) }
        known.insert(output)
      }
    }
    if let missing = outputs.first(where: { !known.contains($0.name) }) {
      throw Self.problem("no node gives the output '\(missing.name)'", path)
    }
    var needs: [[Int]] = []
    for node in nodes {
      let taken = node.inputs + node.captured.sorted()
      if let missing = taken.first(where: { !$0.isEmpty && !known.contains($0) }) {
        throw Self.problem("node \(node.title) takes '\(missing)', which nothing gives", path)
      }
      needs.append(taken.compactMap { producers[$0] })
    }
    if needs.enumerated().allSatisfy({ index, needs in needs.allSatisfy { $0 < index } }) {
      return nodes
    }
    return try sorted(needs, path)
  }

  /// Depth first from each node in turn, on a stack of our own: a ring may be as long as the file.
  private func sorted(_ needs: [[Int]], _ path: String) throws(FileError) -> [GraphNode] {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: nodes.count)
    var order: [Int] = []
    for root in nodes.indices where marks[root] == .new {
      var stack = [(node: root, next: 0)]
      marks[root] = .open
      while let (node, next) = stack.last {
        guard next < needs[node].count else {
          marks[node] = .done
          order.append(node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let need = needs[node][next]
        switch marks[need] {
        case .done: break
        case .open:
          throw Self.problem("node \(nodes[need].title) waits for its own result", path)
        case .new:
          marks[need] = .open
          stack.append((need, 0))
        }
      }
    }
    return order.map { nodes[$0] }
  }

  private static func problem(_ what: String, _ path: String) -> FileError {
    FileError(path, .malformed(what), remedy: "export the model again")
  }

  /// Values that the graph takes from the one around it.
  package var captured: Set<String> {
    var own = Set(inputs.map(\.name)).union(initializers.keys)
    var captured: Set<String> = []
    for node in nodes { own.formUnion(node.outputs) }
    for node in nodes {
      for input in node.inputs where !input.isEmpty && !own.contains(input) {
        captured.insert(input)
      }
      captured.formUnion(node.captured.subtracting(own))
    }
    for output in outputs where !own.contains(output.name) { captured.insert(output.name) }
    return captured
  }
}

extension GraphNode {
  /// Values that graphs within the node take from the one around it.
  package var captured: Set<String> {
    graphs.reduce(into: []) { $0.formUnion($1.captured) }
  }
}

package import AlbertBytes

extension Graph {
  /// The nodes in an order in which each comes behind those whose results it takes; of several such
  /// orders the one nearest to the file's.
  ///
  /// Throws where nodes wait for each other in a ring, where two give one value, or where a value comes
  /// from nowhere. `outer` are the values that a surrounding graph has.
  package func ordered(outer: Set<String>, path: String) throws(FileError) -> [GraphNode] {
    // The node that gives a value, or -1 where it is there before any runs.
    var givers: [String: Int] = [:]
    givers.reserveCapacity(outer.count + initializers.count + inputs.count + nodes.count)
    for name in outer { givers[name] = -1 }
    for name in initializers.keys { givers[name] = -1 }
    var names = Set<String>(minimumCapacity: inputs.count)
    for input in inputs {
      guard names.insert(input.name).inserted else {
        throw Self.problem("two inputs have the name '\(input.name.short)'", path)
      }
      givers[input.name] = -1
    }
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard let other = givers.updateValue(index, forKey: output) else { continue }
        // A value of the graph around this one, or a caller's, gives way to a node's.
        guard other < 0, initializers[output] == nil else {
          let givers =
            initializers[output] == nil ? "two nodes give" : "a node and the file both give"
          throw Self.problem("\(givers) the value '\(output.short)'", path)
        }
      }
    }
    if let missing = outputs.first(where: { givers[$0.name] == nil }) {
      throw Self.problem("no node gives the output '\(missing.name.short)'", path)
    }
    var needs: [Int] = []
    var ends: [Int] = []
    var isOrdered = true
    ends.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      for name in node.inputs + node.captured.sorted() where !name.isEmpty {
        guard let giver = givers[name] else {
          throw Self.problem("node \(node.title) takes '\(name.short)', which nothing gives", path)
        }
        guard giver >= 0 else { continue }
        if giver >= index { isOrdered = false }
        needs.append(giver)
      }
      ends.append(needs.count)
    }
    if isOrdered { return nodes }
    return try sorted(
      ends.indices.map { needs[($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]] }, path)
  }

  /// Depth first from each node in turn, on a stack of our own: a ring may be as long as the file.
  private func sorted(_ needs: [ArraySlice<Int>], _ path: String) throws(FileError) -> [GraphNode] {
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
        let need = needs[node][needs[node].startIndex + next]
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
    let graphs = graphs
    return graphs.isEmpty ? [] : graphs.reduce(into: []) { $0.formUnion($1.captured) }
  }
}

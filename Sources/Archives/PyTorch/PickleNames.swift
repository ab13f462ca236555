internal import AlbertBytes

/// The search of a pickle for what it holds by name.
struct PickleNames {
  let tree: PickleTree
  let path: String

  /// The longest name of a tensor.
  private static let longestName = 4096
  /// The deepest nesting of dictionaries, lists and objects that is searched for tensors.
  private static let deepestNesting = 64
  /// The most tensors, and the bytes of all their names: far beyond any model.
  private static let maxTensors = 1 << 18
  private static let maxNameBytes = 1 << 26

  /// Everything that `leaf` takes, in the order of the pickle, named by the keys that lead to it, joined
  /// by dots.
  ///
  /// A dictionary, list or object that is met again under another name is not searched again, so
  /// that shared and circular ones cost no more than their bytes.
  func all<Leaf>(
    _ leaf: (PickleValue) throws(FileError) -> Leaf?
  ) throws(FileError) -> [(name: String, leaf: Leaf)] {
    var found: [(name: String, leaf: Leaf)] = []
    var nameBytes = 0
    var seen: Set<Int> = []
    // Names are kept as steps and spelled for tensors only: a long one above many members stays one.
    var steps: [Step] = [Step(key: "", parent: 0)]
    var waiting: [(value: PickleValue, step: Int, depth: Int)] = [(tree.root, 0, 0)]
    while let (value, step, depth) = waiting.popLast() {
      if let leaf = try leaf(value) {
        let name = try spell(step, steps)
        nameBytes += name.utf8.count
        guard found.count < Self.maxTensors, nameBytes <= Self.maxNameBytes else {
          throw limit("the number of tensors", found.count + 1, Self.maxTensors)
        }
        found.append((name, leaf))
        continue
      }
      guard case .node(let place) = value, seen.insert(place).inserted else { continue }
      let members = members(of: tree.nodes[place])
      guard depth < Self.deepestNesting || members.isEmpty else {
        throw limit("the nesting of the pickle", depth + 1, Self.deepestNesting)
      }
      // The last one put in comes out first.
      for (key, value) in members.reversed() {
        guard case .node = value else { continue }
        waiting.append((value, steps.count, depth + 1))
        steps.append(Step(key: key, parent: step))
      }
    }
    return found
  }

  private struct Step {
    let key: String
    let parent: Int
  }

  /// The keys from the root to `step`; those that are empty add nothing.
  private func spell(_ step: Int, _ steps: [Step]) throws(FileError) -> String {
    var keys: [String] = []
    var length = 0
    var step = step
    while step != 0 {
      let key = steps[step].key
      if !key.isEmpty { keys.append(key) }
      length += key.utf8.count + 1
      step = steps[step].parent
    }
    guard length <= Self.longestName else {
      throw limit("the length of a tensor's name", length, Self.longestName)
    }
    return keys.isEmpty ? "tensor" : keys.reversed().joined(separator: ".")
  }

  private func limit(_ what: String, _ value: Int, _ most: Int) -> FileError {
    FileError(path, .limit(of: what, value: value, most: most))
  }

  /// What `node` holds by name; an empty name adds nothing.
  private func members(of node: PickleNode) -> [(key: String, value: PickleValue)] {
    switch node.kind {
    case .list, .tuple: return enumerated(node.values)
    case .dictionary: return keyed(node.pairs)
    case .object:
      return keyed(node.pairs) + enumerated(node.values.dropFirst(2)) + initialItems(node)
        + attributes(node)
    case .text, .blob, .set, .global, .persistent: return []
    }
  }

  private func enumerated(_ values: some Collection<PickleValue>) -> [(String, PickleValue)] {
    values.enumerated().map { (String($0), $1) }
  }

  /// Values under keys that are strings or integers; where one comes twice, the last counts.
  private func keyed(_ pairs: [PickleValue]) -> [(String, PickleValue)] {
    var places: [String: Int] = [:]
    var members: [(String, PickleValue)] = []
    for (key, value) in pairs.inPairs {
      guard let key = tree.key(key) else { continue }
      if let place = places[key] {
        members[place].1 = value
      } else {
        places[key] = members.count
        members.append((key, value))
      }
    }
    return members
  }

  /// The pairs that Python 2 gave to an ordered dictionary's maker.
  private func initialItems(_ node: PickleNode) -> [(String, PickleValue)] {
    guard tree.global(node.values[0]) == "collections.OrderedDict",
      let first = tree.tuple(node.values[1])?.first,
      let items = tree.node(first, .list)?.values
    else { return [] }
    let pairs = items.compactMap(tree.elements)
    return keyed(pairs.filter { $0.count == 2 }.flatMap { $0 })
  }

  /// The attributes of an object; of a module its parameters, buffers and modules alone, under the
  /// names that its state dictionary would have.
  private func attributes(_ node: PickleNode) -> [(String, PickleValue)] {
    let kind = tree.global(node.values[0])
    // A quantised layer's matrix and bias are the state of an object of C++.
    if kind == "torch.ScriptObject", let state = tree.tuple(node.state) {
      return enumerated(state.first.flatMap(tree.tuple) ?? state)
    }
    // An ordered dictionary's attributes are notes on versions.
    guard kind != "collections.OrderedDict", let state = tree.node(node.state, .dictionary) else {
      return []
    }
    let attributes = keyed(state.pairs)
    let own = ["_parameters", "_buffers", "_modules"]
    let parts = own.compactMap { name in attributes.first { $0.0 == name }?.1 }
    guard parts.count == own.count else { return attributes }
    let packed = attributes.filter { attribute in
      Self.packed.contains { kind?.hasSuffix($0.kind) == true && $0.key == attribute.0 }
    }
    return parts.map { ("", $0) } + packed
  }

  /// The modules of quantised layers whose objects of C++ are not modules themselves, and their keys for these.
  private static let packed = [
    (kind: ".LinearPackedParams", key: "_packed_params"),
    (kind: ".EmbeddingPackedParams", key: "_packed_weight"),
  ]
}

internal import AlbertJSON

/// The config that a pickle carries beside its tensors: that of a whole model, or the settings of a
/// training loop.
///
/// Read off the description of what the pickle would build, of which nothing is made.
struct PickledConfig {
  private let tree: PickleTree
  /// Values that one config may still take.
  private var budget = 0

  /// Keys without which a dictionary is not a config of a transformer.
  private static let telling = ["hidden_size", "num_attention_heads", "num_hidden_layers"]
  private static let maxValues = 1 << 14
  private static let deepest = 8
  /// Configs that are compared with each other.
  private static let most = 64

  private init(_ tree: PickleTree) {
    self.tree = tree
  }

  /// The config as JSON; nil where there is none, or where two say different things.
  static func text(in tree: PickleTree) -> String? {
    var config = PickledConfig(tree)
    return config.find()?.text()
  }

  /// That of Hugging Face's class where there is one, else a dictionary with a config's keys.
  private mutating func find() -> JSONValue? {
    var own: [JSONValue] = []
    var others: [JSONValue] = []
    for node in tree.nodes where own.count + others.count < Self.most {
      if node.kind == .object, isAlbertConfig(node), let members = members(of: node.state) {
        let stated = Set(members.map(\.key))
        let added = [
          JSONMember("model_type", .string("albert")),
          JSONMember("architectures", .array(modelClass.map { [.string($0)] } ?? [])),
        ]
        own.append(.object(members + added.filter { !stated.contains($0.key) }))
      } else if node.kind == .dictionary, isTelling(node), let members = members(of: node) {
        others.append(.object(members))
      } else if node.kind == .text, let config = parsed(node.text) {
        others.append(config)
      }
    }
    let found = own.isEmpty ? others : own
    guard let first = found.first, found.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// The one class of Hugging Face's with a head that the pickle mentions, where its config states none.
  private var modelClass: String? {
    let classes = tree.globals.compactMap { $0.split(separator: ".").last }.filter {
      $0.hasPrefix("AlbertFor")
    }
    return classes.count == 1 ? classes.first.map(String.init) : nil
  }

  /// A config that was kept as JSON text.
  private func parsed(_ text: String) -> JSONValue? {
    guard text.hasPrefix("{"), text.contains("hidden_size"),
      let config = try? JSONValue.parse(Array(text.utf8), path: "the pickle"),
      Self.telling.allSatisfy({ config[$0] != nil })
    else { return nil }
    return config
  }

  /// Whether an object is of the class, by its function or by what older protocols hand to theirs.
  private func isAlbertConfig(_ node: PickleNode) -> Bool {
    let names = [
      node.values.first.flatMap(tree.global),
      node.values.dropFirst().first.flatMap(tree.tuple)?.first.flatMap(tree.global),
    ]
    return names.contains { $0?.hasSuffix(".AlbertConfig") ?? false }
  }

  private func isTelling(_ node: PickleNode) -> Bool {
    let keys = Array(node.pairs.prefix(1024)).inPairs.compactMap { tree.text($0.key) }
    return Self.telling.allSatisfy(keys.contains)
  }

  private mutating func members(of state: PickleValue) -> [JSONMember]? {
    tree.node(state, .dictionary).flatMap { members(of: $0) }
  }

  /// What a dictionary says in values that JSON has; names with an underscore are the class's own.
  private mutating func members(of node: PickleNode) -> [JSONMember]? {
    budget = Self.maxValues
    return object(node, depth: 0)?.filter { !$0.key.hasPrefix("_") && $0.value != .null }
  }

  private mutating func object(_ node: PickleNode, depth: Int) -> [JSONMember]? {
    var members: [JSONMember] = []
    var places: [String: Int] = [:]
    for (key, value) in node.pairs.inPairs {
      guard let key = tree.key(key) else { continue }
      guard budget > 0 else { return nil }
      guard let value = json(value, depth: depth + 1) else { continue }
      let member = JSONMember(key, value)
      if let place = places[key] {
        members[place] = member
      } else {
        places[key] = members.count
        members.append(member)
      }
    }
    return members
  }

  /// A value that JSON has; nil for any other.
  private mutating func json(_ value: PickleValue, depth: Int) -> JSONValue? {
    budget -= 1
    guard budget > 0, depth < Self.deepest else { return nil }
    switch value {
    case .null: return .null
    case .bool(let bool): return .bool(bool)
    case .integer(let integer): return .integer(Int64(integer))
    case .real(let real): return real.isFinite ? .number(real) : nil
    case .node(let place):
      let node = tree.nodes[place]
      switch node.kind {
      case .text: return .string(node.text)
      case .list, .tuple:
        var elements: [JSONValue] = []
        for value in node.values {
          guard let element = json(value, depth: depth + 1) else { return nil }
          elements.append(element)
        }
        return .array(elements)
      case .dictionary: return object(node, depth: depth).map { .object($0) }
      default: return nil
      }
    }
  }
}

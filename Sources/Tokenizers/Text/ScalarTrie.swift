/// A set of strings with a number each, walked scalar by scalar: it finds all that begin at a place
/// of a text in one go.
///
/// Edges lie in one table, hashed by node and scalar. The hash is seeded anew for every trie, so that
/// no file can be made whose edges all fall into one place.
struct ScalarTrie: Sendable {
  /// Where the walk begins.
  static let root: Int32 = 0

  private var edges: [Edge] = []
  private var values: [Int32] = [-1]
  private let seed = UInt64.random(in: 0...UInt64.max)
  /// The scalars of the longest string.
  private(set) var deepest = 0

  /// Side by side, since each step of a walk looks somewhere else in the table.
  private struct Edge {
    var key: UInt64 = 0
    var target: Int32 = 0
  }

  /// An empty trie with room for about `edges`.
  init(edges count: Int = 16) {
    var size = 32
    while size < count * 2 { size *= 2 }
    edges = Array(repeating: Edge(), count: size)
  }

  /// The number of strings is 0.
  var isEmpty: Bool { values.count == 1 }

  /// Adds `string`, or gives it another number; returns the one that it had before.
  @discardableResult
  mutating func insert(_ string: some Sequence<Unicode.Scalar>, _ value: Int32) -> Int32? {
    var node = Self.root
    var depth = 0
    for scalar in string {
      node = childOrNew(node, scalar)
      depth += 1
    }
    deepest = max(deepest, depth)
    let before = values[Int(node)]
    values[Int(node)] = value
    return before < 0 ? nil : before
  }

  /// The node behind `node` along `scalar`.
  func child(_ node: Int32, _ scalar: Unicode.Scalar) -> Int32? {
    let key = Self.key(node, scalar)
    var slot = slot(key)
    while true {
      let edge = edges[slot]
      if edge.key == key { return edge.target }
      if edge.key == 0 { return nil }
      slot = (slot + 1) & (edges.count - 1)
    }
  }

  /// The number of the string that ends at `node`.
  func value(_ node: Int32) -> Int32? {
    let value = values[Int(node)]
    return value < 0 ? nil : value
  }

  /// The node at which `string` ends, also where that is only the beginning of one.
  func node(_ string: some Sequence<Unicode.Scalar>, from start: Int32 = root) -> Int32? {
    var node = start
    for scalar in string {
      guard let next = child(node, scalar) else { return nil }
      node = next
    }
    return node
  }

  /// The number of `string`.
  func value(of string: some Sequence<Unicode.Scalar>) -> Int32? {
    node(string).flatMap { value($0) }
  }

  /// The longest string that begins at `start` of `text`, and its end.
  func longest(
    in text: [Unicode.Scalar], at start: Int, from root: Int32 = root
  ) -> (value: Int32, end: Int)? {
    var node = root
    var found: (Int32, Int)?
    var index = start
    while index < text.count, let next = child(node, text[index]) {
      node = next
      index += 1
      if let value = value(node) { found = (value, index) }
    }
    return found
  }

  private mutating func childOrNew(_ node: Int32, _ scalar: Unicode.Scalar) -> Int32 {
    if let child = child(node, scalar) { return child }
    if values.count * 2 > edges.count { grow() }
    let new = Int32(truncatingIfNeeded: values.count)
    values.append(-1)
    put(Self.key(node, scalar), new)
    return new
  }

  private mutating func put(_ key: UInt64, _ target: Int32) {
    var slot = slot(key)
    while edges[slot].key != 0 { slot = (slot + 1) & (edges.count - 1) }
    edges[slot] = Edge(key: key, target: target)
  }

  private mutating func grow() {
    let old = edges
    edges = Array(repeating: Edge(), count: old.count * 2)
    for edge in old where edge.key != 0 { put(edge.key, edge.target) }
  }

  /// Never 0, which marks a free place.
  private static func key(_ node: Int32, _ scalar: Unicode.Scalar) -> UInt64 {
    (UInt64(UInt32(bitPattern: node)) << 21 | UInt64(scalar.value)) + 1
  }

  private func slot(_ key: UInt64) -> Int {
    var hash = (key ^ seed) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: hash >> 32) & (edges.count - 1)
  }
}

internal import AlbertGraphs

/// An attribute of an operator that is an input since some version.
///
/// A node that states one in a file of a later version means it, and would be computed without it: runtimes
/// refuse such files, which tools write that raise a file's version without its nodes.
package struct MovedAttribute: Sendable {
  let name: String
  /// The first version in which it is an input.
  let since: Int
  /// The input that it is then.
  let input: Int

  init(_ name: String, since: Int, input: Int) {
    self.name = name
    self.since = since
    self.input = input
  }
}

extension Operator {
  /// The attribute that a node of this operator states though it is an input in the node's version.
  func misplaced(in node: GraphNode) -> MovedAttribute? {
    moved.first { node.version >= $0.since && node.attributes[$0.name] != nil }
  }
}

extension OperatorCall {
  /// Whether what was an attribute of this name is an input in the node's version.
  func isInput(_ name: String) -> Bool { place(of: name) != nil }

  /// The list of integers that is an attribute of this name or, in later versions, an input; nil where it
  /// is left out.
  func list(_ name: String) throws(OperatorError) -> [Int]? {
    guard let place = place(of: name) else { return try integers(name) }
    return try list(place)
  }

  private func place(of name: String) -> Int? {
    row.moved.first { $0.name == name && version >= $0.since }?.input
  }
}

/// A value of a pickle: a small one itself, any other as its place among the tree's nodes.
enum PickleValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A number with a fraction.
  case real(Double)
  case node(Int)
}

/// Something that a pickle builds, as a description of what it would be: nothing is ever made of it.
struct PickleNode: Sendable {
  enum Kind: Sendable {
    /// A string, in `text`.
    case text
    /// Bytes, a long string or a large integer, passed over.
    case blob
    case tuple
    case list
    case set
    case dictionary
    /// The name of a Python function or class, in `text`.
    case global
    /// What a call would return; its function and its arguments are the first two `values`.
    case object
    /// Something outside the pickle, such as a storage; its description is the only one of `values`.
    case persistent
  }

  let kind: Kind
  var text = ""
  /// Elements; of an object those of a list come after function and arguments.
  var values: [PickleValue] = []
  /// Keys and values in turn; `inPairs` has them together.
  var pairs: [PickleValue] = []
  /// What an object is told to take as its attributes.
  var state: PickleValue = .null
  /// Where the bytes of a string, of bytes or of a long integer lie.
  var range: Range<Int> = 0..<0
  /// Whether those bytes are text, which older protocols also make of bytes.
  var isUnicode = false
}

/// All that one pickle holds.
///
/// Nodes refer to each other by place, so that shared and circular structures cost nothing and
/// letting go of a deep one needs no recursion.
struct PickleTree: Sendable {
  let root: PickleValue
  let nodes: [PickleNode]
  /// The names of all functions and classes that the pickle mentions, in order, once each.
  let globals: [String]

  /// The node of `value`, if it is one of `kind`.
  func node(_ value: PickleValue, _ kind: PickleNode.Kind) -> PickleNode? {
    guard case .node(let index) = value, nodes[index].kind == kind else { return nil }
    return nodes[index]
  }

  /// The elements of a tuple; nil for anything else.
  func tuple(_ value: PickleValue) -> [PickleValue]? { node(value, .tuple)?.values }

  /// The elements of a tuple or list; nil for anything else.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    tuple(value) ?? node(value, .list)?.values
  }

  /// The text of a string; nil for anything else.
  func text(_ value: PickleValue) -> String? { node(value, .text)?.text }

  /// The name of a function or class; nil for anything else.
  func global(_ value: PickleValue) -> String? { node(value, .global)?.text }

  /// An integer; nil for anything else.
  func integer(_ value: PickleValue) -> Int? {
    if case .integer(let integer) = value { integer } else { nil }
  }

  /// A key that is a string or an integer, as text; nil for anything else.
  func key(_ value: PickleValue) -> String? { text(value) ?? integer(value).map { String($0) } }

  /// A number with a fraction, or an integer; nil for anything else.
  func number(_ value: PickleValue) -> Double? {
    switch value {
    case .real(let number): number
    case .integer(let integer): Double(integer)
    default: nil
    }
  }

  /// The name of the function that makes an object; nil for anything else.
  func function(_ value: PickleValue) -> String? {
    node(value, .object).flatMap { global($0.values[0]) }
  }

  /// The arguments of the function that makes an object, where they are a tuple.
  func arguments(_ value: PickleValue) -> [PickleValue]? {
    node(value, .object).flatMap { tuple($0.values[1]) }
  }
}

extension [PickleValue] {
  /// Each key with the value behind it.
  var inPairs: [(key: PickleValue, value: PickleValue)] {
    stride(from: 0, to: count - 1, by: 2).map { (self[$0], self[$0 + 1]) }
  }
}

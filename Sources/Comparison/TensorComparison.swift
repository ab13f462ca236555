internal import AlbertBytes
internal import AlbertTensors

/// What became of one tensor from A to B.
package struct TensorComparison: Sendable {
  /// The outcome in the word that JSON uses.
  package enum Outcome: String, CaseIterable, Sendable {
    case same
    case differs
    case onlyInA = "only_in_a"
    case onlyInB = "only_in_b"
  }

  /// What the outcome rests on.
  package enum Evidence: String, Sendable {
    /// Digests that both files state, which were not read against.
    case digests
    /// The numbers, all of them read.
    case values
    /// Nothing but types and shapes: there was nothing that could be compared.
    case headers
  }

  /// The tensor in A; nil where A lacks it.
  package let a: TensorItem?
  /// The tensor in B; nil where B lacks it.
  package let b: TensorItem?
  /// What the outcome rests on.
  package let evidence: Evidence
  /// How far the numbers are apart; nil where their bytes are the same or were not compared.
  package let values: ValueDifference?
  /// Whether the bytes of both are the same, as far as they were compared.
  package let hasSameBytes: Bool

  /// The name that reports show.
  package var name: String { a?.name ?? b?.name ?? "" }
  /// What it is part of.
  package var part: TensorItem.Part { a?.part ?? b?.part ?? .other }
  /// Whether both sides have it in different shapes.
  package var hasOtherShape: Bool { isOnBoth && a?.shape != b?.shape }
  /// Whether both sides have it in different element types.
  package var hasOtherType: Bool { isOnBoth && a?.stored.type != b?.stored.type }
  /// Whether all that happened to the numbers is that they were rounded to another type.
  package var isRounded: Bool {
    hasOtherType && !hasOtherShape && values.map { $0.differing == 0 || $0.isRounding } ?? false
  }

  private var isOnBoth: Bool { a != nil && b != nil }

  /// What became of it.
  package var outcome: Outcome {
    if b == nil { return .onlyInA }
    if a == nil { return .onlyInB }
    let hasOtherNumbers = !hasSameBytes && (values?.differing ?? 1) > 0
    return hasOtherShape || hasOtherType || hasOtherNumbers ? .differs : .same
  }
}

extension TensorComparison {
  /// A tensor of one side alone.
  init(onlyInA a: TensorItem) {
    self.init(a: a, b: nil, evidence: .headers, values: nil, hasSameBytes: false)
  }

  /// A tensor of the other side alone.
  init(onlyInB b: TensorItem) {
    self.init(a: nil, b: b, evidence: .headers, values: nil, hasSameBytes: false)
  }
}

/// How a file lays out a parameter, seen from the canonical layout (PyTorch's: a linear weight is
/// [out, in]).
///
/// Shapes never tell whether a square matrix is transposed, so every name table says it.
package enum Layout: String, CaseIterable, Sendable {
  /// As the canonical layout.
  case canonical
  /// A matrix as [in, out]: TensorFlow's and Flax's kernels.
  case transposed
  /// A kernel whose output axis is split into heads, [in, heads, head size]: Keras' query, key, value.
  case outputHeads = "output-heads"
  /// A kernel whose input axis is split into heads, [heads, head size, out]: Keras' attention output.
  case inputHeads = "input-heads"
  /// A bias that is split into heads, [heads, head size]: Keras' query, key and value biases.
  case heads
  /// A table with a row for padding before those that count: UER's segment embeddings.
  case afterPaddingRow = "after-padding-row"
  /// A table behind an axis of length 1: the rows that an exporter looked up itself, as one sequence.
  case oneSequence = "one-sequence"
  /// One row, repeated for each token of each sequence: the row that an exporter looked up itself.
  case repeatedRow = "repeated-row"

  /// Whether bytes move; otherwise the stored bytes are the canonical ones.
  package var transposes: Bool {
    switch self {
    case .canonical, .heads, .afterPaddingRow, .oneSequence, .repeatedRow: false
    case .transposed, .outputHeads, .inputHeads: true
    }
  }

  /// Whether the stored bytes of one layout are those of another.
  package func hasBytes(of other: Layout) -> Bool {
    transposes == other.transposes && (self == .afterPaddingRow) == (other == .afterPaddingRow)
      && (self == .repeatedRow) == (other == .repeatedRow)
  }

  /// The shape in the file of a parameter whose canonical shape is `canonical`, or nil where the
  /// layout does not fit (a rank that it cannot have, heads that do not divide the axis).
  package func storedShape(of canonical: Shape, heads: Int) -> Shape? {
    let d = canonical.dimensions
    switch self {
    case .canonical:
      return canonical
    case .transposed:
      return d.count == 2 ? canonical.reversed : nil
    case .outputHeads:
      guard d.count == 2, heads > 0, d[0] % heads == 0 else { return nil }
      return Shape(checking: [d[1], heads, d[0] / heads])
    case .inputHeads:
      guard d.count == 2, heads > 0, d[1] % heads == 0 else { return nil }
      return Shape(checking: [heads, d[1] / heads, d[0]])
    case .heads:
      guard d.count == 1, heads > 0, d[0] % heads == 0 else { return nil }
      return Shape(checking: [heads, d[0] / heads])
    case .afterPaddingRow:
      guard d.count == 2 else { return nil }
      return Shape(checking: [d[0] + 1, d[1]])
    case .oneSequence:
      return d.count == 2 ? Shape(checking: [1] + d) : nil
    case .repeatedRow:
      return d.count == 2 && d[0] == 1 ? Shape(checking: [1] + d) : nil
    }
  }

  /// The canonical shape of a parameter that a file holds in `stored`; nil where the layout does not fit.
  ///
  /// It undoes `storedShape`.
  package func canonicalShape(of stored: Shape) -> Shape? {
    let d = stored.dimensions
    switch self {
    case .canonical: return stored
    case .transposed: return d.count == 2 ? stored.reversed : nil
    case .outputHeads: return d.count == 3 ? Shape(checking: [d[1] * d[2], d[0]]) : nil
    case .inputHeads: return d.count == 3 ? Shape(checking: [d[2], d[0] * d[1]]) : nil
    case .heads: return d.count == 2 ? Shape(checking: [d[0] * d[1]]) : nil
    case .afterPaddingRow:
      return d.count == 2 && d[0] > 0 ? Shape(checking: [d[0] - 1, d[1]]) : nil
    case .oneSequence: return d.count == 3 && d[0] == 1 ? Shape(checking: [d[1], d[2]]) : nil
    case .repeatedRow: return d.count > 1 ? Shape(checking: [1, d[d.count - 1]]) : nil
    }
  }

  /// Whether a parameter whose canonical shape is `canonical` may be stored in the shape `stored`.
  package func fits(_ stored: Shape, canonical: Shape, heads: Int) -> Bool {
    guard self == .repeatedRow else { return stored == storedShape(of: canonical, heads: heads) }
    return canonical.rank == 2 && canonical.dimensions[0] == 1 && stored.rank >= 2
      && stored.dimensions.last == canonical.dimensions[1] && stored.count > 0
  }

  /// Turns stored bytes into canonical ones; `canonical` is the canonical shape.
  package func toCanonical(_ stored: [UInt8], canonical: Shape, elementSize: Int) -> [UInt8] {
    let d = canonical.dimensions
    if self == .afterPaddingRow { return Array(stored.dropFirst(d[1] * elementSize)) }
    if self == .repeatedRow { return Array(stored.prefix(canonical.count * elementSize)) }
    guard transposes else { return stored }
    return transpose(stored, rows: d[1], columns: d[0], elementSize: elementSize)
  }

  /// Turns canonical bytes into stored ones: the inverse of `toCanonical`; a padding row is
  /// zero, and no row is repeated.
  package func fromCanonical(_ bytes: [UInt8], canonical: Shape, elementSize: Int) -> [UInt8] {
    let d = canonical.dimensions
    if self == .afterPaddingRow {
      return [UInt8](repeating: 0, count: d[1] * elementSize) + bytes
    }
    guard transposes else { return bytes }
    return transpose(bytes, rows: d[0], columns: d[1], elementSize: elementSize)
  }
}

/// What an exporter left of a model's tables of embeddings, where its fixed shapes use no more.
package struct EmbeddingCut: Equatable, Sendable {
  /// What is left of the segments' table.
  package enum Segments: Sendable {
    /// All of it.
    case whole
    /// The first segment's row, by itself.
    case first
    /// Nothing by itself: the first segment's row was added to each position.
    case added
  }

  /// The positions whose rows are left.
  package let positions: Int
  /// What is left of the segments.
  package let segments: Segments

  /// Whether the first segment's row was added to each position, and the segments' table is gone.
  package var addsSegment: Bool { segments == .added }

  /// Whether there is but one segment left.
  package var hasOneSegment: Bool { segments != .whole }

  /// The code of what is said of it.
  package static let code = "folded-embeddings"

  /// States a cut.
  package init(positions: Int, segments: Segments) {
    self.positions = positions
    self.segments = segments
  }
}

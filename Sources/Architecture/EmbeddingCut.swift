/// What an exporter left of a model's tables of embeddings, where its fixed shapes use no more.
package struct EmbeddingCut: Equatable, Sendable {
  /// The positions whose rows are left.
  package let positions: Int
  /// Whether the first segment's row was added to each of them, and the segments' table is gone.
  package let addsSegment: Bool

  /// The code of what is said of it.
  package static let code = "folded-embeddings"

  /// States a cut.
  package init(positions: Int, addsSegment: Bool) {
    self.positions = positions
    self.addsSegment = addsSegment
  }
}

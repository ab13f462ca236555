package import AlbertBytes
package import AlbertTensors

/// The layout of a file as `flax.serialization.to_bytes` writes it: maps in maps, whose keys are the
/// parts of the tensors' names between slashes, with arrays as leaves.
///
/// Keys stand in the order in which they first occur. An array of more than 1 GiB is written in
/// pieces, as Flax writes it.
package struct FlaxLayout: ArchiveLayout {
  /// Where each array lies, from its first byte to its last.
  package let ranges: [Range<Int>]
  /// The size of the whole file.
  package let byteCount: Int

  private let pieces: [[Range<Int>]]
  /// What stands between the arrays, by where it begins.
  private let texts: [(offset: Int, bytes: [UInt8])]

  /// The size from which on Flax writes an array in pieces (flax/serialization.py,
  /// `MAX_CHUNK_SIZE`).
  package static let maxInOnePiece = 1 << 30

  /// Lays out arrays under names with slashes.
  ///
  /// Throws where a name occurs twice or begins another one's path, or Flax has no word for an
  /// element type.
  package init(_ tensors: [TensorDescription], path: String) throws(FileError) {
    try self.init(tensors, maxInOnePiece: Self.maxInOnePiece, path: path)
  }

  /// The same with pieces of another size.
  init(_ tensors: [TensorDescription], maxInOnePiece: Int, path: String) throws(FileError) {
    try tensors.checkWritable(as: "Flax", path: path) { $0 != .opaque }
    let leaves = tensors.enumerated().map { index, tensor in
      FlaxTreeLayout.Leaf(
        index: index,
        keys: tensor.name.split(separator: "/", omittingEmptySubsequences: false)[...])
    }
    var tree = FlaxTreeLayout(tensors, maxInOnePiece: maxInOnePiece, path: path)
    try tree.map(leaves)
    tree.endText()
    pieces = tree.pieces
    ranges = pieces.map { ($0.first?.lowerBound ?? 0)..<($0.last?.upperBound ?? 0) }
    texts = tree.texts
    byteCount = tree.room.end
  }

  /// The ranges that an array's bytes fill one after another.
  package func pieces(of index: Int) -> [Range<Int>] { pieces[index] }

  /// Writes what stands between the arrays.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    for text in texts { try unsafe sink.write(text.bytes.span.bytes, at: text.offset) }
  }
}

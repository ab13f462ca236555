internal import AlbertBytes
internal import AlbertTensors

/// Everything that the index file of a bundle says, before a data shard is looked at.
struct BundleIndex: Sendable {
  let file: SourceFile
  /// The number of data shards.
  private(set) var shards = 0
  /// All tensors by name, in the table's order.
  private(set) var tensors: [(name: String, entry: BundleEntry)] = []
  /// The pieces of partitioned variables, by their keys.
  private var pieces: [[UInt8]: BundleEntry] = [:]

  /// An index of more bytes is not a model's.
  private static let maxBytes = 1 << 26
  /// Nor is one of more tensors and pieces.
  private static let maxEntries = 1 << 16

  /// Reads and checks the whole file.
  init(_ file: SourceFile) throws(FileError) {
    self.file = file
    try FileError.limit(
      file.size, "the size of an index", most: Self.maxBytes, in: file.path.string)
    let table = try SortedTable(file)
    var isFirst = true
    try table.forEachEntry { (key, value) throws(FileError) in
      defer { isFirst = false }
      if isFirst {
        guard key.isEmpty else { throw value.malformed("the first entry is not the header") }
        shards = try BundleHeader.shards(value)
        return
      }
      try FileError.limit(
        tensors.count + pieces.count + 1, "the number of tensors", most: Self.maxEntries,
        in: value.path, offset: value.position)
      if SliceKey.isSliceKey(key) {
        pieces[key] = try FileError.concerning(SliceKey.name(in: key)) { () throws(FileError) in
          try BundleEntry(value)
        }
      } else {
        guard let name = String(validating: key, as: UTF8.self) else {
          throw value.malformed("a tensor's name is not valid UTF-8")
        }
        let entry = try FileError.concerning(name) { () throws(FileError) in
          try BundleEntry(value)
        }
        tensors.append((name, entry))
      }
    }
    guard !isFirst else {
      throw FileError(file.path.string, .malformed("the index has no entries"))
    }
  }

  /// Takes the entries of the pieces of the partitioned variable `name`, in the order in which its
  /// entry lists them, and the grid that they form.
  mutating func takePieces(
    of name: String, _ whole: BundleEntry
  ) throws(FileError) -> (entries: [BundleEntry], grid: SliceGrid) {
    var entries: [BundleEntry] = []
    var boxes: [[Range<Int>]] = []
    for slice in whole.slices {
      guard let box = slice.resolved(in: whole.shape) else {
        throw error(.malformed("slice \(slice.text) does not lie within \(whole.shape)"), name)
      }
      guard let piece = pieces.removeValue(forKey: SliceKey.encode(Array(name.utf8), slice)) else {
        throw error(.missing("the entry of slice \(slice.text)"), name)
      }
      guard piece.type == whole.type, piece.shape.dimensions == box.map(\.count) else {
        throw error(
          .mismatch(
            of: "the type and shape of slice \(slice.text)",
            expected: "type \(whole.type.number) \(box.map(\.count))",
            found: "type \(piece.type.number) \(piece.shape)"), name)
      }
      guard piece.slices.isEmpty else {
        throw error(.malformed("slice \(slice.text) is sliced again"), name)
      }
      entries.append(piece)
      boxes.append(box)
    }
    guard let grid = SliceGrid(boxes, in: whole.shape) else {
      throw error(
        .malformed(
          "the \(boxes.count) slices do not tile the shape \(whole.shape) without gap or overlap"),
        name)
    }
    return (entries, grid)
  }

  /// Throws where a piece was taken by no variable.
  func checkAllTaken() throws(FileError) {
    guard let key = pieces.keys.min(by: { $0.lexicographicallyPrecedes($1) }) else { return }
    throw error(
      .malformed("a slice belongs to no tensor of this index"), SliceKey.name(in: key) ?? "?")
  }

  private func error(_ problem: FileError.Problem, _ name: String) -> FileError {
    FileError(file.path.string, problem, tensor: name)
  }
}

internal import AlbertBytes
internal import AlbertTensors

/// A TensorFlow checkpoint of the first format: one table that holds names and values alike.
///
/// TensorFlow itself wrote it until 2017. Checksums cover whole blocks, so all of them are checked
/// when it is opened.
final class TensorFlowTable: TensorArchive {
  let format = "tensorflow-checkpoint"
  let files: [SourceFile]
  let tensors: [TensorDescription]

  private struct Content {
    let description: TensorDescription
    let grid: SliceGrid
    let pieces: [TableValues]
  }

  private let file: SourceFile
  private let contents: ByName<Content>

  init(_ file: SourceFile, named: [SourceFile]) throws(FileError) {
    self.file = file
    files = named.filter { !$0.identity.isSameFile(as: file.identity) } + [file]
    try Self.checkIsWhole(file)
    var index = try TableIndex(file)
    var contents = ByName<Content>()
    var descriptions: [TensorDescription] = []
    for tensor in index.tensors {
      try FileError.concerning(tensor.name) { () throws(FileError) in
        let content = try Self.content(tensor, &index, file)
        guard contents.insert(content, as: tensor.name) else {
          throw FileError(file.path.string, .malformed("the list names a tensor twice"))
        }
        descriptions.append(content.description)
      }
    }
    try index.checkAllTaken()
    self.contents = contents
    tensors = descriptions
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let content = contents[name] else {
      throw absent(name)
    }
    let type = content.description.type
    guard type != .opaque else {
      throw FileError(
        file.path.string, .unsupported("reading a tensor that holds no numbers"), tensor: name)
    }
    try FileError.concerning(name) { () throws(FileError) in
      var pieces: [TableValuesReader] = []
      for piece in content.pieces { pieces.append(try TableValuesReader(piece, type, in: file)) }
      try content.grid.gather(pieces, elementSize: type.size, body)
    }
  }

  private static func content(
    _ tensor: TableIndex.Tensor, _ index: inout TableIndex, _ file: SourceFile
  ) throws(FileError) -> Content {
    guard let element = tensor.type.element else {
      throw FileError(
        file.path.string, .unsupported("TensorFlow's element type \(tensor.type.number)"))
    }
    var boxes: [[Range<Int>]] = []
    var pieces: [TableValues] = []
    for slice in tensor.slices {
      guard let box = slice.resolved(in: tensor.shape) else {
        throw FileError(
          file.path.string, .malformed("slice '\(slice.text)' does not lie within \(tensor.shape)"))
      }
      boxes.append(box)
      pieces.append(
        try index.takeValues(of: slice, tensor, count: box.reduce(1) { $0 * $1.count }))
    }
    guard let grid = SliceGrid(boxes, in: tensor.shape) else {
      throw FileError(
        file.path.string,
        .malformed("the \(boxes.count) slices do not tile \(tensor.shape) without gap or overlap"))
    }
    return Content(
      description: TensorDescription(name: tensor.name, type: element, shape: tensor.shape),
      grid: grid, pieces: pieces)
  }

  /// Throws for one of several files that make up a checkpoint: each lists only its own tensors, so
  /// that it would pass for a whole.
  private static func checkIsWhole(_ file: SourceFile) throws(FileError) {
    let parts = file.name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 3, parts[parts.count - 2] == "of", let count = Int(parts[parts.count - 1]),
      parts[parts.count - 1].count == 5, count > 1
    else { return }
    throw FileError(
      file.path.string,
      .unsupported("one of \(count) files of TensorFlow's first checkpoint format"),
      remedy: "restore all with TensorFlow and save them again with tf.compat.v1.train.Saver")
  }
}

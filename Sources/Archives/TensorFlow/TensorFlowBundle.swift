package import AlbertBytes
internal import Synchronization
package import AlbertTensors

/// A TensorFlow checkpoint of the second format: an index file and any number of data shards, alone
/// or as the variables of a SavedModel.
///
/// Every byte of every file but those that only lead here is covered by a checksum or checked
/// otherwise: the index when it is opened, a tensor's data when it is read, all other data by
/// `finish`.
package final class TensorFlowBundle: TensorArchive {
  /// `tensorflow-checkpoint` or `saved-model`.
  package let format: String
  /// What was named, then the index and all data shards.
  package let files: [SourceFile]
  /// All entries of the index, partitioned variables as one tensor each.
  package let tensors: [TensorDescription]

  /// The objects that the tensors were variables of, in a TensorFlow 2 checkpoint.
  package let objectGraph: TensorFlowObjectGraph?

  /// All tensors by name.
  let contents: ByName<BundleTensor>
  /// The names of the tensors whose bytes are known to be right.
  private let verified = Mutex<Set<String>>([])

  init(
    format: String, files: [SourceFile], contents: [BundleTensor]
  ) throws(FileError) {
    self.format = format
    self.files = files
    tensors = contents.map(\.description)
    var byName = ByName<BundleTensor>()
    for content in contents { byName.insert(content, as: content.description.name) }
    self.contents = byName
    objectGraph = try Self.objectGraph(in: byName)
  }

  /// The name that each variable had in the program that wrote it, by its name in the checkpoint.
  ///
  /// Only a TensorFlow 2 checkpoint states them; they are what remains where its own names are
  /// mere numbers.
  package var aliases: [String: String] {
    var aliases: [String: String] = [:]
    for (key, variable) in objectGraph?.variables ?? [:]
    where !variable.fullName.isEmpty && contents[key] != nil {
      aliases[key] = variable.fullName
    }
    return aliases
  }

  /// Hands on a tensor's bytes, put together where it is partitioned, and checks their checksums.
  package func read(
    _ name: String, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard let content = contents[name] else {
      throw absent(name)
    }
    guard content.description.type != .opaque else {
      throw FileError(
        files[0].path.string, .unsupported("reading a tensor that holds no numbers"), tensor: name)
    }
    try FileError.concerning(name) { () throws(FileError) in try content.read(body) }
    verified.withLock { _ = $0.insert(name) }
  }

  /// A tensor in one piece lies in its shard as it is.
  package func place(of name: String) -> TensorPlace? {
    guard let content = contents[name], content.pieces.count == 1, let piece = content.pieces.first,
      content.description.type != .opaque
    else { return nil }
    return TensorPlace(piece.shard, piece.range, isChecked: true)
  }

  /// Checks the data of every tensor that was not read, so that no damage passes because it lies
  /// in something that a conversion leaves out.
  package func finish() throws(FileError) {
    let done = verified.withLock { $0 }
    for tensor in tensors where !done.contains(tensor.name) {
      guard let content = contents[tensor.name] else { continue }
      try FileError.concerning(tensor.name) { () throws(FileError) in try content.verify() }
      verified.withLock { _ = $0.insert(tensor.name) }
    }
    for file in files { try file.checkUnchanged() }
  }

  private static func objectGraph(
    in contents: ByName<BundleTensor>
  ) throws(FileError) -> TensorFlowObjectGraph? {
    let key = TensorFlowObjectGraph.key
    guard let content = contents[key], content.type == .string,
      content.description.shape.count == 1, let piece = content.pieces.first
    else { return nil }
    return try FileError.concerning(key) { () throws(FileError) in
      let range = try StringTensor.checkStrings(piece, count: 1)
      return try TensorFlowObjectGraph(ByteCursor(piece.shard, range: range))
    }
  }
}

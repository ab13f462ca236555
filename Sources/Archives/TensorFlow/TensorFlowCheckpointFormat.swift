package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// TensorFlow checkpoints by prefix, by any of their files, or by their state file.
package enum TensorFlowCheckpointFormat: ArchiveFormat {
  /// `tensorflow-checkpoint`.
  package static let name = "tensorflow-checkpoint"

  /// The index says what belongs to it.
  package static let folderRules = [FolderRule(.ending(".index"), .tensorFlowIndex)]

  /// A table by its last bytes, a state file by its first word, any other file by its neighbours.
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    if CheckpointState.begins(head) { return true }
    if try SortedTable.ends(file) { return true }
    // Neither a data shard nor a graph says what it is, so their names and neighbours must.
    guard let prefix = TensorFlowPrefix(ofFile: file.path) else { return false }
    if file.name.hasPrefix((prefix.path.lastComponent?.string ?? "") + ".data-") { return true }
    if try isTable(prefix.index) { return true }
    return try isTable(prefix.path)
  }

  /// The index of a prefix, or the state file of a folder without an index.
  package static func complete(_ path: FilePath) throws(FileError) -> FilePath? {
    let prefix = TensorFlowPrefix(path)
    if try prefix.exists { return prefix.index }
    let state = path.appending("checkpoint")
    return try TensorFlowPrefix.exists(state) ? state : nil
  }

  /// Opens the whole checkpoint, whichever of its files is named.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    // What a prefix was completed to need not be there: then some of its shards are.
    let named =
      try TensorFlowPrefix.exists(path)
      ? FileError.ifReadable { () throws(FileError) in try SourceFile(path) } : nil
    guard let file = named else {
      return try open(TensorFlowPrefix(ofFile: path) ?? TensorFlowPrefix(path), named: [])
    }
    if CheckpointState.begins(try file.head(ArchiveRegistry.headSize)) {
      let state = try CheckpointState(file)
      return try open(try state.prefix(in: ModelFolder(of: path), named: path), named: [file])
    }
    guard let prefix = TensorFlowPrefix(ofFile: path) else {
      return try TensorFlowTable(file, named: [])
    }
    return try open(prefix, named: [file])
  }

  private static func open(
    _ prefix: TensorFlowPrefix, named: [SourceFile]
  ) throws(FileError) -> any TensorArchive {
    if try !TensorFlowPrefix.exists(prefix.index), try isTable(prefix.path) {
      return try TensorFlowTable(SourceFile(prefix.path), named: named)
    }
    return try TensorFlowBundle.open(
      prefix, format: try SavedModelFormat.holds(prefix) ? SavedModelFormat.name : name,
      named: named)
  }

  private static func isTable(_ path: FilePath) throws(FileError) -> Bool {
    let opened = try FileError.ifReadable { () throws(FileError) in try SourceFile(path) }
    guard let file = opened else { return false }
    return try SortedTable.ends(file)
  }
}

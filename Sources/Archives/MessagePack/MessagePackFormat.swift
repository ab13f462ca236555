package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// Flax's MessagePack: a file, or several with an index.
package enum MessagePackFormat: ArchiveFormat {
  /// `msgpack`.
  package static let name = "msgpack"

  /// An index before the shards that it lists.
  package static let folderRules = [
    FolderRule(.ending(".msgpack.index.json"), .flaxIndex),
    FolderRule(.exactly("flax_model.msgpack"), .flaxModel),
  ]

  /// A map whose first key is text, or an index of such files.
  ///
  /// MessagePack has no magic number, but no other format begins so.
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    if ShardIndex.claims(file, head: head, shardsEndingIn: ".msgpack") { return true }
    if ForeignModel.known(file.path.string, head: head) != nil { return false }
    // The cursor goes over the file: what a count promises must fit into all of it.
    let isMap = try FileError.ifReadable { () throws(FileError) in
      var cursor = MessagePackCursor(try ByteCursor(file))
      guard case .map(1...) = try cursor.token(), case .string(1...) = try cursor.token() else {
        return false
      }
      return true
    }
    return isMap ?? false
  }

  /// Opens the whole checkpoint, whether its file, its index or one of its shards is named.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    if let index = try ShardIndex.index(of: path, shardsEndingIn: ".msgpack") {
      return try MessagePackArchive(index, named: path)
    }
    return try MessagePackArchive(path)
  }
}

internal import AlbertBytes

extension TorchContents {
  private static let version = 1001

  /// Reads the five pickles of an old file, behind which its storages lie one after another, each
  /// after the number of its elements.
  static func legacy(_ file: SourceFile) throws(FileError) -> TorchContents {
    let path = file.path.string
    var cursor = try ByteCursor(file)
    _ = try PickleMachine.read(&cursor)
    let version = try PickleMachine.read(&cursor)
    guard version.integer(version.root) == Self.version else {
      throw cursor.malformed("the file states another version of its format than \(Self.version)")
    }
    let isBigEndian = try isBigEndian(PickleMachine.read(&cursor), cursor)
    let pickle = try TorchPickle(PickleMachine.read(&cursor), path: path)
    let keys = try PickleMachine.read(&cursor)
    guard let list = keys.node(keys.root, .list)?.values else {
      throw cursor.malformed("the file has no list of its storages")
    }

    var storages: [String: TorchFile.Place] = [:]
    for value in list {
      guard let key = keys.key(value),
        let storage = pickle.storages[key], storages[key] == nil
      else { throw cursor.malformed("the file lists a storage that its pickle does not describe") }
      let count = try cursor.littleEndian(Int64.self, "the size of storage '\(key)'")
      guard Int(count) == storage.byteCount / storage.element.size else {
        throw FileError(
          path,
          .mismatch(
            of: "the number of elements in storage '\(key)'",
            expected: "\(storage.byteCount / storage.element.size)", found: "\(count)"),
          offset: cursor.position - 8, remedy: FileError.Problem.malformed("").usualRemedy)
      }
      let start = cursor.position
      try cursor.skip(storage.byteCount, "storage '\(key)'")
      storages[key] = .range(start..<cursor.position)
    }
    guard cursor.isAtEnd else { throw cursor.malformed("the file goes on after its last storage") }
    return try TorchContents(
      file: file, zip: nil, isBigEndian: isBigEndian, pickle: pickle, storages: storages)
  }

  private static func isBigEndian(
    _ system: PickleTree, _ cursor: ByteCursor
  ) throws(FileError) -> Bool {
    guard let pairs = system.node(system.root, .dictionary)?.pairs else {
      throw cursor.malformed("the file says nothing of the system that wrote it")
    }
    for case (let key, .bool(let little)) in pairs.inPairs
    where system.text(key) == "little_endian" {
      return !little
    }
    throw cursor.malformed("the file does not state its byte order")
  }
}

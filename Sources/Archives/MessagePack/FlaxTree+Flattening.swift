internal import AlbertBytes
internal import AlbertTensors

/// The leaves of a tree under their full names.
struct FlaxLeaves {
  /// Arrays in the order of the file, by keys joined with `/`.
  private(set) var arrays: [(name: String, array: FlaxArray)] = []
  /// Numbers and texts beside them, such as a step count.
  private(set) var texts: [String: String] = [:]

  private let path: String
  private var names: Set<String> = []
  private var nameBytes = 0

  /// The most bytes of all names together, since a long key repeats in each name below it.
  static let maxNameBytes = 32 << 20

  /// The leaves of `tree`, which is a map; `path` is for errors.
  init(_ tree: FlaxTree, path: String) throws(FileError) {
    self.path = path
    guard case .map(let members) = tree else {
      throw FileError(path, .malformed("the file holds no map of parameters"), offset: 0)
    }
    for member in members { try add(member.value, member.key) }
  }

  private mutating func add(_ tree: FlaxTree, _ name: String) throws(FileError) {
    nameBytes += name.utf8.count
    try FileError.limit(nameBytes, "the length of all names", most: Self.maxNameBytes, in: path)
    switch tree {
    case .map(let members):
      if members.contains(where: { $0.key == FlaxTree.chunkKey }) {
        arrays.append((try claim(name), try joined(members, name)))
      } else {
        for member in members { try add(member.value, name + "/" + member.key) }
      }
    case .array(let array): arrays.append((try claim(name), array))
    case .plain(let text): texts[try claim(name)] = text
    }
  }

  /// Keys may themselves hold a slash, so two paths may give one name.
  private mutating func claim(_ name: String) throws(FileError) -> String {
    guard names.insert(name).inserted else {
      throw FileError(path, .malformed("the name occurs twice"), tensor: name)
    }
    return name
  }

  /// One array from `{chunkKey: true, "shape": {"0": …}, "chunks": {"0": …}}`.
  private func joined(_ members: [FlaxTree.Member], _ name: String)
    throws(FileError) -> FlaxArray
  {
    func malformed(_ what: String) -> FileError { FileError(path, .malformed(what), tensor: name) }
    func list(_ key: String) throws(FileError) -> [FlaxTree] {
      guard case .map(let items)? = members.first(where: { $0.key == key })?.value else {
        throw malformed("an array in pieces has no '\(key)'")
      }
      var byIndex: [String: FlaxTree] = [:]
      for item in items { byIndex[item.key] = item.value }
      var list: [FlaxTree] = []
      for index in 0..<items.count {
        guard let item = byIndex["\(index)"] else {
          throw malformed("an array in pieces lacks number \(index) of its '\(key)'")
        }
        list.append(item)
      }
      return list
    }
    let extents = try list("shape").compactMap { item in
      if case .plain(let text) = item { Int(text) } else { nil }
    }
    guard let shape = Shape(checking: extents), try list("shape").count == extents.count else {
      throw malformed("an array in pieces has an impossible shape")
    }
    var ranges: [Range<Int>] = []
    var words: Set<String> = []
    var count = 0
    for item in try list("chunks") {
      guard case .array(let piece) = item else {
        throw malformed("a piece of an array is no array")
      }
      words.insert(piece.word)
      ranges += piece.ranges
      count = count.adding(piece.shape.count) ?? .max
    }
    guard words.count == 1, let word = words.first else {
      throw malformed("an array in pieces has \(words.count) types")
    }
    guard count == shape.count else {
      throw FileError(
        path,
        .mismatch(
          of: "the elements of all pieces of \(shape)", expected: "\(shape.count)",
          found: "\(count)"),
        tensor: name, remedy: FileError.Problem.malformed("").usualRemedy)
    }
    return FlaxArray(word: word, shape: shape, ranges: ranges)
  }
}

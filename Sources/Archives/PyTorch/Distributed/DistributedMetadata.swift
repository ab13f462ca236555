internal import AlbertBytes
internal import AlbertTensors

/// What the `.metadata` of a distributed checkpoint says: each tensor's type and shape, and the parts that
/// it was saved in (torch/distributed/checkpoint/metadata.py, filesystem.py).
struct DistributedMetadata {
  /// A part of a tensor.
  struct Chunk: Sendable {
    /// Where it begins along each axis.
    let offsets: [Int]
    let shape: Shape
    let file: String
    /// Where `torch.save` put it in the file.
    let range: Range<Int>
  }

  /// A tensor and all its parts.
  struct Entry: Sendable {
    let tensor: TensorDescription
    let chunks: [Chunk]
  }

  let entries: [Entry]

  /// The most parts of one tensor, and of all.
  private static let maxParts = 1 << 10
  private static let maxChunks = 1 << 17

  init(_ file: SourceFile) throws(FileError) {
    var cursor = try ByteCursor(file)
    let tree = try PickleMachine.read(&cursor)
    let path = file.path.string
    let root = Self.attributes(tree.root, tree)
    guard let tensors = root["state_dict_metadata"].flatMap({ Self.pairs($0, tree) }),
      let places = root["storage_data"].flatMap({ Self.pairs($0, tree) })
    else {
      throw FileError(path, .malformed("the metadata lists no tensors and where they lie"))
    }
    var storage: [String: (file: String, range: Range<Int>)] = [:]
    for (key, value) in places {
      guard let (key, place) = try Self.place(key, value, tree, path) else { continue }
      storage[key] = place
    }
    var entries: [Entry] = []
    var count = 0
    for (key, value) in tensors {
      guard let name = tree.text(key) else { throw Self.malformed(path) }
      // What is not a tensor, such as the number of steps, lies there as a pickle.
      guard let entry = try Self.entry(name, value, storage, tree, path) else { continue }
      count += entry.chunks.count
      try FileError.limit(count, "the number of parts", most: Self.maxChunks, in: path)
      entries.append(entry)
    }
    self.entries = entries
  }

  private static func place(
    _ key: PickleValue, _ value: PickleValue, _ tree: PickleTree, _ path: String
  ) throws(FileError) -> (key: String, (file: String, range: Range<Int>))? {
    let index = attributes(key, tree)
    let info = attributes(value, tree)
    guard let name = index["fqn"].flatMap(tree.text) else { throw malformed(path) }
    let offset = index["offset"].flatMap { sizes($0, tree) }
    guard let file = info["relative_path"].flatMap(tree.text),
      let start = info["offset"].flatMap(tree.integer),
      let length = info["length"].flatMap(tree.integer), start >= 0, length >= 0,
      let end = start.adding(length)
    else { throw malformed(path, name) }
    if let transforms = info["transform_descriptors"], transforms != .null,
      tree.elements(transforms)?.isEmpty != true
    {
      throw FileError(
        path, .unsupported("a distributed checkpoint whose parts are compressed"), tensor: name,
        remedy: DistributedArchive.remedy)
    }
    return (id(name, offset ?? []), (file, start..<end))
  }

  private static func entry(
    _ name: String, _ value: PickleValue,
    _ storage: [String: (file: String, range: Range<Int>)], _ tree: PickleTree, _ path: String
  ) throws(FileError) -> Entry? {
    guard tree.function(value)?.hasSuffix(".TensorStorageMetadata") == true else { return nil }
    let facts = attributes(value, tree)
    let properties = facts["properties"].flatMap { tree.node($0, .object)?.state }
    guard let type = properties.flatMap({ tree.tuple($0)?.first ?? attributes($0, tree)["dtype"] }),
      let element = tree.global(type).flatMap(TorchElement.init(dtype:)),
      let shape = facts["size"].flatMap({ sizes($0, tree) }).flatMap(Shape.init(checking:)),
      let chunks = facts["chunks"].flatMap({ tree.node($0, .list)?.values }),
      chunks.count <= maxParts
    else { throw malformed(path, name) }
    var parts: [Chunk] = []
    for chunk in chunks {
      let facts = attributes(chunk, tree)
      guard let offsets = facts["offsets"].flatMap({ sizes($0, tree) }),
        let extents = facts["sizes"].flatMap({ sizes($0, tree) }),
        let part = Shape(checking: extents), offsets.count == shape.rank, part.rank == shape.rank,
        offsets.indices.allSatisfy({ axis in
          let room = shape.dimensions[axis] - extents[axis]
          return offsets[axis] >= 0 && room >= 0 && offsets[axis] <= room
        })
      else { throw malformed(path, name) }
      guard let place = storage[id(name, offsets)] else {
        throw FileError(path, .missing("the place of a part at \(offsets)"), tensor: name)
      }
      parts.append(Chunk(offsets: offsets, shape: part, file: place.file, range: place.range))
    }
    guard parts.reduce(0, { $0.adding($1.shape.count) ?? .max }) == shape.count,
      areApart(parts.filter { $0.shape.count > 0 })
    else {
      throw FileError(
        path, .malformed("the parts do not make up the whole \(shape)"), tensor: name)
    }
    return Entry(
      tensor: TensorDescription(name: name, type: element.type, shape: shape), chunks: parts)
  }

  /// Whether no two parts share an element.
  private static func areApart(_ chunks: [Chunk]) -> Bool {
    for (index, chunk) in chunks.enumerated() {
      for other in chunks[(index + 1)...] {
        let shares = chunk.offsets.indices.allSatisfy { axis in
          let (start, length) = (chunk.offsets[axis], chunk.shape.dimensions[axis])
          let (otherStart, otherLength) = (other.offsets[axis], other.shape.dimensions[axis])
          return start < otherStart + otherLength && otherStart < start + length
        }
        if shares { return false }
      }
    }
    return true
  }

  private static func id(_ name: String, _ offsets: [Int]) -> String { "\(offsets) \(name)" }

  private static func malformed(_ path: String, _ tensor: String? = nil) -> FileError {
    FileError(
      path, .malformed("the metadata describes a part as PyTorch never does"), tensor: tensor)
  }

  // MARK: Values of the pickle

  /// The attributes of an object by name.
  private static func attributes(_ value: PickleValue, _ tree: PickleTree) -> [String: PickleValue]
  {
    let state = tree.node(value, .object)?.state ?? value
    var result: [String: PickleValue] = [:]
    for (key, value) in pairs(state, tree) ?? [] {
      if let name = tree.text(key) { result[name] = value }
    }
    return result
  }

  private static func pairs(
    _ value: PickleValue, _ tree: PickleTree
  ) -> [(key: PickleValue, value: PickleValue)]? {
    tree.node(value, .dictionary)?.pairs.inPairs
  }

  /// A `torch.Size`, or a mere tuple.
  private static func sizes(_ value: PickleValue, _ tree: PickleTree) -> [Int]? {
    let inner = tree.function(value) == "torch.Size" ? tree.arguments(value)?.first : value
    guard let values = inner.flatMap(tree.elements),
      values.count <= Shape.maxAxes
    else { return nil }
    let integers = values.compactMap(tree.integer)
    return integers.count == values.count ? integers : nil
  }
}

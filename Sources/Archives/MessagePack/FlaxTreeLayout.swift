internal import AlbertBytes
internal import AlbertTensors

/// Walks through the maps of a Flax file and notes where arrays and the text between them go.
struct FlaxTreeLayout {
  /// A tensor, and the keys that lead to it from the map that is being written.
  struct Leaf {
    let index: Int
    let keys: ArraySlice<Substring>
  }

  /// The file so far, the text that is not yet in `texts` left out.
  private(set) var room: RegionAllocator
  /// The text between the arrays, by where it begins.
  private(set) var texts: [(offset: Int, bytes: [UInt8])] = []
  /// The ranges of each tensor.
  private(set) var pieces: [[Range<Int>]]

  private let tensors: [TensorDescription]
  private let maxInOnePiece: Int
  private let path: String
  private var writer = MessagePackWriter()

  /// A file of `tensors`; `path` is for errors.
  init(_ tensors: [TensorDescription], maxInOnePiece: Int, path: String) {
    self.tensors = tensors
    self.maxInOnePiece = maxInOnePiece
    self.path = path
    room = RegionAllocator(path: path)
    pieces = tensors.map { _ in [] }
  }

  /// Writes the map that holds `leaves`.
  mutating func map(_ leaves: [Leaf], level: Int = 0) throws(FileError) {
    var order: [Substring] = []
    var members: [Substring: [Leaf]] = [:]
    for leaf in leaves {
      guard let key = leaf.keys.first, level < FlaxTree.maxLevels else {
        throw FileError(
          path, .inexpressible("the name is a map's, which holds other tensors, or is too deep"),
          tensor: tensors[leaf.index].name, remedy: "give the tensor another name")
      }
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(Leaf(index: leaf.index, keys: leaf.keys.dropFirst()))
    }
    writer.map(order.count)
    for key in order {
      writer.text(String(key))
      let below = members[key] ?? []
      if below.count == 1, below[0].keys.isEmpty {
        try leaf(below[0].index)
      } else {
        try map(below, level: level + 1)
      }
    }
  }

  /// Ends the text before an array, or at the end of the file.
  ///
  /// Texts are short beside a file's limit, so that only arrays are told to exceed it.
  mutating func endText() {
    guard !writer.bytes.isEmpty, let range = try? room.take(writer.bytes.count) else { return }
    texts.append((range.lowerBound, writer.bytes))
    writer = MessagePackWriter()
  }

  private mutating func leaf(_ index: Int) throws(FileError) {
    let tensor = tensors[index]
    guard tensor.byteCount > maxInOnePiece else {
      return try array(index, tensor.shape.dimensions, tensor.byteCount)
    }
    let dimensions = tensor.shape.dimensions
    writer.map(3)
    writer.text(FlaxTree.chunkKey)
    writer.yes()
    writer.text("shape")
    writer.map(dimensions.count)
    for (axis, extent) in dimensions.enumerated() {
      writer.text("\(axis)")
      writer.integer(extent)
    }
    let most = max(1, maxInOnePiece / tensor.type.size)
    let count = (tensor.shape.count - 1) / most + 1
    try FileError.limit(
      count, "the number of an array's pieces", most: FlaxTree.maxLeaves, in: path,
      tensor: tensor.name)
    writer.text("chunks")
    writer.map(count)
    for piece in 0..<count {
      writer.text("\(piece)")
      let elements = min(most, tensor.shape.count - piece * most)
      try array(index, [elements], elements * tensor.type.size)
    }
  }

  /// Writes an array, or a piece of one: an extension that holds (shape, type, bytes).
  private mutating func array(
    _ index: Int, _ dimensions: [Int], _ byteCount: Int
  ) throws(FileError) {
    var head = MessagePackWriter()
    head.array(3)
    head.array(dimensions.count)
    for extent in dimensions { head.integer(extent) }
    head.text(tensors[index].type.name)
    head.binary(byteCount)
    writer.extended(type: 1, head.bytes.count + byteCount)
    writer.append(head)
    endText()
    pieces[index].append(try room.take(byteCount, tensor: tensors[index].name))
  }
}

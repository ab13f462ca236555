internal import AlbertBytes
internal import AlbertTensors

/// A pytree as Flax serialises it: maps of maps with arrays as leaves, whose places in the file are
/// noted and whose bytes are left alone.
indirect enum FlaxTree {
  case map([Member])
  case array(FlaxArray)
  /// A number, text or nothing, as text.
  case plain(String)

  /// One pair of a map.
  struct Member {
    let key: String
    let value: FlaxTree
  }

  /// The deepest nesting that is read.
  static let maxLevels = 64
  /// The most leaves of one file.
  static let maxLeaves = 1 << 18
  /// The key of a map that stands for one array in pieces, which Flax writes for arrays over 1 GiB.
  static let chunkKey = "__msgpack_chunked_array__"
}

/// An array, and where its bytes lie: row-major and little-endian, as NumPy leaves them.
struct FlaxArray: Sendable {
  /// NumPy's name of the element type.
  let word: String
  let shape: Shape
  /// One range, or several for an array in pieces.
  let ranges: [Range<Int>]

  /// The type, `opaque` where it has none here.
  var type: ElementType {
    ElementType.allCases.first { $0.name == word } ?? .opaque
  }
}

/// Builds a `FlaxTree` from a file.
struct FlaxParser {
  private var cursor: MessagePackCursor
  private var leaves = 0

  init(_ bytes: ByteCursor) {
    cursor = MessagePackCursor(bytes)
  }

  /// Parses the whole file.
  mutating func parse() throws(FileError) -> FlaxTree {
    let tree = try node(level: 0)
    guard cursor.bytes.isAtEnd else {
      throw cursor.bytes.malformed("\(cursor.bytes.remaining) bytes follow the end of the data")
    }
    return tree
  }

  private mutating func node(level: Int) throws(FileError) -> FlaxTree {
    try FileError.limit(
      level, "the nesting of maps", most: FlaxTree.maxLevels, in: cursor.bytes.path,
      offset: cursor.bytes.position)
    leaves += 1
    try FileError.limit(
      leaves, "the number of values", most: FlaxTree.maxLeaves, in: cursor.bytes.path,
      offset: cursor.bytes.position)
    switch try cursor.token() {
    case .map(let count): return try map(count, level: level)
    case .array(let count):
      // Flax turns lists into maps by index; other writers leave them.
      var members: [FlaxTree.Member] = []
      for index in 0..<count {
        members.append(FlaxTree.Member(key: "\(index)", value: try node(level: level + 1)))
      }
      return .map(members)
    case .extended(let type, let count): return try extended(type, count)
    case .null: return .plain("null")
    case .bool(let value): return .plain("\(value)")
    case .integer(let value): return .plain("\(value)")
    case .unsigned(let value): return .plain("\(value)")
    case .double(let value): return .plain("\(value)")
    case .string(let count):
      // A long text is none that a model needs.
      guard count <= 1 << 16 else {
        try cursor.bytes.skip(count, "a string")
        return .plain("a text of \(count) bytes")
      }
      return .plain(try cursor.bytes.utf8(count))
    case .binary(let count):
      try cursor.bytes.skip(count, "binary data")
      return .plain("\(count) bytes of binary data")
    }
  }

  private mutating func map(_ count: Int, level: Int) throws(FileError) -> FlaxTree {
    var members: [FlaxTree.Member] = []
    var keys: Set<String> = []
    for _ in 0..<count {
      let start = cursor.bytes.position
      guard case .string(let length) = try cursor.token() else {
        throw FileError(
          cursor.bytes.path, .malformed("the key of a map is no string"), offset: start)
      }
      let key = try cursor.bytes.utf8(length, "a key")
      guard keys.insert(key).inserted else {
        throw FileError(
          cursor.bytes.path, .malformed("the key '\(key)' occurs twice in one map"), offset: start)
      }
      members.append(FlaxTree.Member(key: key, value: try node(level: level + 1)))
    }
    return .map(members)
  }

  /// Flax's own types: 1 an array, 2 a Python complex number, 3 a NumPy scalar, which is stored as an
  /// array without axes.
  private mutating func extended(_ type: Int8, _ count: Int) throws(FileError) -> FlaxTree {
    let start = cursor.bytes.position
    switch type {
    case 1, 3: return .array(try array(end: start + count))
    case 2:
      try cursor.bytes.skip(count, "a complex number")
      return .array(
        FlaxArray(word: "complex128", shape: Shape([]), ranges: [start..<start + count]))
    default:
      throw FileError(
        cursor.bytes.path, .unsupported("MessagePack's extension type \(type), which Flax lacks,"),
        offset: start)
    }
  }

  /// An array is MessagePack of its own: (shape, name of the type, bytes).
  private mutating func array(end: Int) throws(FileError) -> FlaxArray {
    let start = cursor.bytes.position
    func malformed(_ what: String) -> FileError {
      FileError(cursor.bytes.path, .malformed(what), offset: start)
    }
    guard try cursor.token() == .array(3), case .array(let axes) = try cursor.token(),
      axes <= Shape.maxAxes
    else { throw malformed("an array is no (shape, type, bytes)") }
    var extents: [Int] = []
    for _ in 0..<axes {
      guard case .integer(let extent) = try cursor.token() else {
        throw malformed("an array's shape holds something else than integers")
      }
      extents.append(Int(extent))
    }
    guard let shape = Shape(checking: extents) else {
      throw malformed("the shape \(extents) is out of range")
    }
    let word: String
    switch try cursor.token() {
    case .string(let count), .binary(let count):
      guard count <= 64 else { throw malformed("an array's type has a name of \(count) bytes") }
      word = try cursor.bytes.utf8(count, "an array's type")
    default: throw malformed("an array's type is no name")
    }
    guard case .binary(let count) = try cursor.token() else {
      throw malformed("an array's content is no binary data")
    }
    let range = cursor.bytes.position..<cursor.bytes.position + count
    guard range.upperBound == end else {
      throw malformed("an array's content ends elsewhere than the array")
    }
    try cursor.bytes.skip(count, "an array's content")
    let array = FlaxArray(word: word, shape: shape, ranges: [range])
    guard array.type == .opaque || shape.count * array.type.size == count else {
      throw FileError(
        cursor.bytes.path,
        .mismatch(
          of: "the size of \(word) \(shape)", expected: "\(shape.count * array.type.size) bytes",
          found: "\(count)"),
        offset: start, remedy: FileError.Problem.malformed("").usualRemedy)
    }
    return array
  }
}

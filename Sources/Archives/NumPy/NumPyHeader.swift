internal import AlbertBytes
internal import AlbertTensors

/// What stands before the data of a `.npy` file: type, order and shape of one array.
struct NumPyHeader {
  let type: NumPyType
  /// Whether the first axis varies fastest, as in Fortran.
  let isColumnMajor: Bool
  let shape: Shape
  /// Where the data starts, counted from the file's beginning.
  let dataStart: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest dictionary that is read; NumPy itself stops at 10,000 bytes.
  static let longestText = 1 << 16
  /// The bytes that hold nearly every header whole.
  static let usualSize = 512

  /// The bytes of the whole header, given its first ones.
  ///
  /// Versions 1, 2 and 3 differ in the width of the length and in the text's encoding.
  static func size(_ start: [UInt8], path: String, offset: Int) throws(FileError) -> Int {
    var cursor = ByteCursor(start, path: path, offset: offset)
    guard try cursor.bytes(magic.count, "the magic number") == magic else {
      throw FileError(
        path, .malformed("the array does not begin with NumPy's magic number"), offset: offset)
    }
    let major = try cursor.byte("the version")
    let minor = try cursor.byte("the version")
    guard (1...3).contains(major), minor == 0 else {
      throw FileError(
        path, .unsupported("version \(major).\(minor) of NumPy's format"), offset: offset + 6)
    }
    let length =
      major == 1
      ? Int(try cursor.littleEndian(UInt16.self, "the header's length"))
      : Int(try cursor.littleEndian(UInt32.self, "the header's length"))
    try FileError.limit(
      length, "the length of the header", most: longestText, in: path, offset: offset + 8)
    return cursor.position - offset + length
  }

  /// Parses a whole header, whose size `size` told.
  init(_ bytes: [UInt8], path: String, offset: Int) throws(FileError) {
    var cursor = ByteCursor(bytes, path: path, offset: offset)
    try cursor.skip(bytes[6] == 1 ? 10 : 12, "the header")
    func malformed(_ what: String) -> FileError {
      FileError(path, .malformed(what), offset: offset)
    }
    guard bytes.last == UInt8(ascii: "\n") else {
      throw malformed("the header does not end with a line break")
    }
    guard case .dictionary(let pairs) = try PythonLiteral.parse(cursor) else {
      throw malformed("the header is no dictionary")
    }
    var values: [String: PythonLiteral] = [:]
    for pair in pairs {
      guard case .string(let key) = pair.key,
        ["descr", "fortran_order", "shape"].contains(key),
        values.updateValue(pair.value, forKey: key) == nil
      else { throw malformed("the header holds other keys than descr, fortran_order and shape") }
    }
    guard let descr = values["descr"], let order = values["fortran_order"],
      let extents = values["shape"]
    else { throw malformed("the header lacks descr, fortran_order or shape") }
    guard let type = NumPyType(descr) else {
      throw malformed("the header's descr \(descr.text) is no type with its byte order")
    }
    guard case .bool(let isColumnMajor) = order else {
      throw malformed("the header's fortran_order is neither True nor False")
    }
    guard case .tuple(let items) = extents else {
      throw malformed("the header's shape is no tuple")
    }
    let dimensions = items.compactMap { item in
      if case .integer(let extent) = item { extent } else { nil }
    }
    guard dimensions.count == items.count, let shape = Shape(checking: dimensions) else {
      throw malformed("the header's shape is out of range")
    }
    self.type = type
    self.isColumnMajor = isColumnMajor
    self.shape = shape
    dataStart = bytes.count
  }

  /// Throws unless the data that shape and type demand fill a file of `size` bytes to its end.
  func check(size: Int, path: String, offset: Int) throws(FileError) {
    guard let elementSize = type.size else { return }
    let available = size - dataStart
    guard let needed = shape.count.multiplied(by: elementSize) else {
      throw FileError(path, .malformed("the header's shape is out of range"), offset: offset)
    }
    if available < needed {
      throw FileError(
        path, .truncated(what: "the data", needed: needed, available: max(0, available)),
        offset: offset + dataStart)
    }
    if available > needed {
      throw FileError(
        path, .malformed("\(available - needed) bytes follow the end of the array"),
        offset: offset + dataStart + needed)
    }
  }
}

extension PythonLiteral {
  /// A string as it stands in the header; other kinds by their name.
  fileprivate var text: String {
    if case .string(let text) = self { "'\(text.prefix(40))'" } else { "in the header" }
  }
}

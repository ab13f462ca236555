package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The arrays of a Python pickle, named by the keys that lead to them.
package struct NumPyPickleArchive: TensorArchive {
  /// `numpy-pickle`.
  package let format = NumPyPickleFormat.name
  /// The file.
  package let files: [SourceFile]
  /// All arrays in the order of the pickle.
  package let tensors: [TensorDescription]
  /// What the pickle wanted beyond arrays.
  package let notes: [ArchiveNote]

  private let places: ByName<PickledArray>

  /// Opens a file; reads its pickle and passes over the arrays' data.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    var cursor = try ByteCursor(file)
    let tree = try PickleMachine.read(&cursor)
    guard cursor.isAtEnd else { throw cursor.malformed("the file goes on after its pickle") }
    let named = try PickleNames(tree: tree, path: path.string).all { (value) throws(FileError) in
      try PickledArray(value, in: tree, path: path.string)
    }
    guard !named.isEmpty else {
      if tree.globals.contains("torch.storage._load_from_bytes") {
        throw FileError(
          path.string, .unsupported("reading PyTorch's tensors that Python's pickle wrote"),
          remedy: "load it in Python and save what it holds with torch.save or safetensors")
      }
      throw FileError(
        path.string, .malformed("the pickle holds no array"),
        remedy: "name the file that holds the model's weights")
    }
    var places = ByName<PickledArray>()
    var total = 0
    for (name, array) in named {
      guard places.insert(array, as: name) else {
        throw FileError(path.string, .malformed("two arrays have this name"), tensor: name)
      }
      total = total.adding(array.shape.count.multiplied(by: array.type.size ?? 0) ?? .max) ?? .max
    }
    // One array may have several names; a hostile file gives it as many as it likes.
    let most = max(1 << 26, file.size.multiplied(by: 16) ?? .max)
    try FileError.limit(total, "the bytes of all arrays together", most: most, in: path.string)
    self.places = places
    files = [file]
    let isPaddles = Self.isPaddles(tree, file)
    tensors = named.map { name, array in
      let type = array.type.type
      return TensorDescription(
        name: name, type: isPaddles && type == .uint16 ? .bfloat16 : type, shape: array.shape)
    }
    let extras = tree.globals.filter { !TorchGlobals.isOrdinary($0) && !PickledArray.isMaker($0) }
    notes = PyTorchNotes.notes(onExtras: extras)
  }

  /// Whether `paddle.save` wrote the pickle: it has no unsigned integers of 16 bits, and keeps bfloat16 as
  /// such, since NumPy lacks the type.
  private static func isPaddles(_ tree: PickleTree, _ file: SourceFile) -> Bool {
    file.name.hasSuffix(".pdparams")
      || tree.nodes.contains { $0.kind == .text && $0.text == "StructuredToParameterName@@" }
  }

  /// Hands on the elements in row-major order, little-endian.
  package func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let array = places[name] else {
      throw absent(name)
    }
    guard array.type.type != .opaque else {
      let (problem, remedy) = array.type.reason
      throw FileError(files[0].path.string, .unsupported(problem), tensor: name, remedy: remedy)
    }
    try FileError.concerning(name) { () throws(FileError) in try read(array, body) }
  }

  private func read(
    _ array: PickledArray, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let size = array.type.type.size
    let needsWhole = array.isText || array.isColumnMajor || array.type.swapUnit != nil
    guard needsWhole else {
      return try files[0].stream(array.range, what: "the array's data", body)
    }
    var bytes = try files[0].bytes(
      at: array.range.lowerBound, count: array.range.count, what: "the array's data")
    if array.isText {
      guard let decoded = Latin1.bytes(ofUTF8: bytes) else {
        throw FileError(
          files[0].path.string, .malformed("the array's data is not what Python makes of bytes"),
          offset: array.range.lowerBound)
      }
      bytes = decoded
    }
    guard bytes.count == array.shape.count * size else {
      throw FileError(
        files[0].path.string,
        .mismatch(
          of: "the array's size", expected: "\(array.shape.count * size) bytes",
          found: "\(bytes.count)"), offset: array.range.lowerBound)
    }
    if let unit = array.type.swapUnit { bytes = unsafe bytes.span.bytes.byteSwapped(unit: unit) }
    if array.isColumnMajor, array.shape.rank > 1 {
      bytes = rowMajor(columnMajor: bytes, array.shape, elementSize: size)
    }
    try unsafe body(bytes.span.bytes)
  }
}

/// Bytes that old protocols hold as a text of the characters of these codes.
private enum Latin1 {
  /// The bytes; nil where a character is beyond the first 256.
  static func bytes(ofUTF8 text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        result.append(byte)
        index += 1
      } else {
        guard byte & 0xFC == 0xC0, index + 1 < text.count, text[index + 1] & 0xC0 == 0x80 else {
          return nil
        }
        result.append(byte << 6 | text[index + 1] & 0x3F)
        index += 2
      }
    }
    return result
  }
}

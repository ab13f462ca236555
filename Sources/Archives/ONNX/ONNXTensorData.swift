internal import AlbertBytes
internal import AlbertTensors

/// Hands out the elements of a tensor as little-endian bytes, a window at a time.
struct ONNXTensorData {
  let tensor: ONNXTensor
  /// The file that holds the data: the model's own or an external one.
  let file: SourceFile
  /// What the file is checked by before its first bytes are handed out.
  var check: ONNXDataCheck?
  /// Where the tensor is one of several that the file packs side by side: its columns.
  var columns: ONNXColumns?

  /// The data as errors name them.
  private var what: String { "the data of '\(tensor.name)'" }

  /// The tensor as the archive lists it.
  var description: TensorDescription {
    columns?.description(of: tensor.description) ?? tensor.description
  }

  /// Bytes that are gathered from typed fields before they are handed on.
  static let windowSize = 1 << 16

  /// Streams all elements and checks that there are as many as the shape says.
  func read(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    try check?.run()
    var filter = columns.map { ONNXColumnFilter($0, of: tensor.description) }
    func pass(_ window: RawSpan) throws(FileError) {
      guard let bytes = filter?(window) else { return try body(window) }
      try unsafe body(bytes.span.bytes)
    }
    if let range {
      try file.stream(range, what: what, pass)
    } else if case .typed(let field, let message) = tensor.data {
      try readTyped(field, message, pass)
    }
  }

  /// Where the file has all elements together, columns that are left out included.
  private var range: Range<Int>? {
    switch tensor.data {
    case .raw(let range): range
    case .external(let place): place.offset..<place.offset + tensor.description.byteCount
    case .none, .typed: nil
    }
  }

  /// Where all elements lie together, if they do.
  var place: TensorPlace? {
    guard columns == nil, let range else { return nil }
    return TensorPlace(file, range, isChecked: check != nil)
  }

  /// All elements at once.
  func bytes() throws(FileError) -> [UInt8] {
    if columns == nil, let range {
      try check?.run()
      return try file.bytes(at: range.lowerBound, count: range.count, what: what)
    }
    var result: [UInt8] = []
    try read { (window) throws(FileError) in
      result.append(window)
    }
    return result
  }

  private func readTyped(
    _ field: Int, _ message: Range<Int>, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var reader = ProtobufReader(try ByteCursor(file, range: message))
    var gathered = Gathered(tensor: tensor, path: file.path.string)
    while let next = try reader.next() {
      guard next.number == field else { continue }
      switch field {
      case ONNXTensorField.floats, ONNXTensorField.doubles:
        switch next.value {
        case .bytes(let range):
          // Packed numbers are little-endian bytes already.
          try gathered.flush(body)
          try gathered.count(range.count)
          guard range.count.isMultiple(of: tensor.type.size) else {
            throw next.malformed("packed numbers end within an element").concerning(
              tensor: tensor.name)
          }
          try file.stream(range, what: what, body)
        case .fixed32(let bits): try gathered.append(UInt64(bits), body, size: 4)
        case .fixed64(let bits): try gathered.append(bits, body, size: 8)
        case .varint: throw next.malformed("numbers with a fraction are stored as varints")
        }
      default:
        try reader.varints(next, "an element") { (value) throws(FileError) in
          // onnx 1.16 writes bytes of two signed integers as if they had a sign themselves.
          let isByte = tensor.isPacked && ElementType.int8.holds(varint: value)
          guard isByte || tensor.type.holds(varint: value) else {
            throw next.malformed(
              "the element \(Int64(bitPattern: value)) is no \(tensor.type.name)"
            )
            .concerning(tensor: tensor.name)
          }
          try gathered.append(value, body, size: tensor.type.size)
        }
      }
    }
    try gathered.flush(body)
    try gathered.finish()
  }
}

/// Elements on their way from a typed field into windows of bytes.
private struct Gathered {
  private let tensor: ONNXTensor
  private let path: String
  private let expected: Int
  private var buffer: [UInt8] = []
  private var total = 0

  init(tensor: ONNXTensor, path: String) {
    self.tensor = tensor
    self.path = path
    expected = tensor.description.byteCount
  }

  /// Adds one element of `size` bytes.
  mutating func append(
    _ value: UInt64, _ body: (RawSpan) throws(FileError) -> Void, size: Int
  ) throws(FileError) {
    try count(size)
    buffer.append(littleEndian: value, count: size)
    if buffer.count >= ONNXTensorData.windowSize { try flush(body) }
  }

  /// Hands on what has been gathered.
  mutating func flush(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard !buffer.isEmpty else { return }
    try unsafe body(buffer.span.bytes)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Counts bytes; throws where there are more than the shape says.
  mutating func count(_ bytes: Int) throws(FileError) {
    total += bytes
    if total > expected { try finish() }
  }

  /// Throws unless there are as many bytes as the shape says.
  func finish() throws(FileError) {
    guard total == expected else {
      throw FileError(
        path,
        .mismatch(
          of: "the bytes of \(tensor.type.name) \(tensor.shape)", expected: "\(expected)",
          found: total > expected ? "more" : "\(total)"),
        offset: tensor.offset, tensor: tensor.name)
    }
  }
}

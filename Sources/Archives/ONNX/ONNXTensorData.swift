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
    guard let columns else { return try readAll(body) }
    var filter = ONNXColumnFilter(columns, of: tensor.description)
    try readAll { (window) throws(FileError) in
      let bytes = filter(window)
      try unsafe body(bytes.span.bytes)
    }
  }

  private func readAll(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    switch tensor.data {
    case .none: break
    case .raw(let range):
      try file.stream(range, what: what, body)
    case .external(let place):
      try check?.run()
      let range = place.offset..<place.offset + tensor.description.byteCount
      try file.stream(range, what: what, body)
    case .typed(let field, let message):
      try readTyped(field, message, body)
    }
  }

  /// Where all elements lie together, if they do.
  var place: TensorPlace? {
    guard columns == nil else { return nil }
    switch tensor.data {
    case .raw(let range): return TensorPlace(file, range, isChecked: false)
    case .external(let place):
      return TensorPlace(
        file, place.offset..<place.offset + tensor.description.byteCount, isChecked: check != nil)
    case .none, .typed: return nil
    }
  }

  /// All elements at once.
  func bytes() throws(FileError) -> [UInt8] {
    if let place {
      try check?.run()
      return try file.bytes(
        at: place.range.lowerBound, count: place.range.count, what: what)
    }
    var result: [UInt8] = []
    try read { (window) throws(FileError) in
      unsafe window.withUnsafeBytes { unsafe result.append(contentsOf: $0) }
    }
    return result
  }

  private func readTyped(
    _ field: Int, _ message: Range<Int>, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var reader = ProtobufReader(try ByteCursor(file, range: message))
    var gathered = Gathered(
      size: tensor.type.size, expected: tensor.description.byteCount, tensor: tensor,
      path: file.path.string)
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
          let isByte = tensor.isPacked && Self.holds(value, .int8)
          guard isByte || Self.holds(value, tensor.type) else {
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

  /// Whether a varint is an element of the type: a signed number within its range, or for types
  /// without a sign and 16-bit floats the bits themselves.
  private static func holds(_ value: UInt64, _ type: ElementType) -> Bool {
    let signed = Int64(bitPattern: value)
    return switch type {
    case .int8: Int8(exactly: signed) != nil
    case .int16: Int16(exactly: signed) != nil
    case .int32: Int32(exactly: signed) != nil
    case .int64, .uint64: true
    case .uint8: UInt8(exactly: signed) != nil
    case .uint16, .float16, .bfloat16: UInt16(exactly: signed) != nil
    case .uint32: UInt32(exactly: signed) != nil
    case .bool: signed == 0 || signed == 1
    default: false
    }
  }
}

/// Elements on their way from a typed field into windows of bytes.
private struct Gathered {
  let size: Int
  let expected: Int
  let tensor: ONNXTensor
  let path: String
  private var buffer: [UInt8] = []
  private var total = 0

  init(size: Int, expected: Int, tensor: ONNXTensor, path: String) {
    self.size = size
    self.expected = expected
    self.tensor = tensor
    self.path = path
  }

  /// Adds one element of `size` bytes.
  mutating func append(
    _ value: UInt64, _ body: (RawSpan) throws(FileError) -> Void, size: Int
  ) throws(FileError) {
    try count(size)
    for shift in 0..<size {
      buffer.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * shift)))
    }
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

internal import AlbertBytes
internal import AlbertTensors

/// A tensor that is computed from stored ones, whose place it takes.
protocol DerivedTensor: Sendable {
  /// What comes out.
  var tensor: TensorDescription { get }
  /// The stored tensors that it takes the place of.
  var parts: [String] { get }

  /// Hands the content to `body` in order, a window at a time.
  func read(
    from archive: any TensorArchive, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError)
}

/// A stored tensor under another name.
struct RenamedTensor: DerivedTensor {
  let tensor: TensorDescription
  var parts: [String]

  init(_ stored: TensorDescription, as name: String) {
    tensor = TensorDescription(name: name, type: stored.type, shape: stored.shape)
    parts = [stored.name]
  }

  func read(
    from archive: any TensorArchive, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    try archive.read(parts[0], body)
  }
}

/// Numbers on their way to become elements of a type, handed on in windows.
struct NumberWriter {
  private let type: ElementType
  private var bytes: [UInt8] = []

  init(_ type: ElementType) {
    self.type = type
    bytes.reserveCapacity(SourceFile.windowSize)
  }

  /// Adds a number, rounded to the type.
  mutating func append(_ value: Float) { append(Double(value)) }

  /// Adds a number, rounded to the type.
  mutating func append(_ value: Double) { type.append(value, to: &bytes) }

  /// Hands on what has come together, where it fills a window or is the last.
  mutating func pass(
    last: Bool = false, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard bytes.count >= SourceFile.windowSize || (last && !bytes.isEmpty) else { return }
    try unsafe body(bytes.span.bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

extension TensorArchive {
  /// All elements of a tensor of numbers of any kind.
  func numbers(of tensor: TensorDescription) throws(FileError) -> [Float] {
    let bytes = try bytes(of: tensor)
    return unsafe bytes.span.bytes.floats(of: tensor.type) ?? []
  }

  /// Hands over the rows of a matrix, each as a whole.
  func rows(
    of tensor: TensorDescription, width: Int, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let size = width * tensor.type.size
    guard size > 0 else { return }
    var rows = WholePieces(of: size)
    try read(tensor.name) { (window) throws(FileError) in
      try rows.take(window) { (run) throws(FileError) in
        for start in stride(from: 0, to: run.byteCount, by: size) {
          try body(run.extracting(start..<start + size))
        }
      }
    }
  }
}

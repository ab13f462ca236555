package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The weights of a frozen TensorFlow graph: constants under the names of the variables whose place
/// they took.
package struct FrozenGraphArchive: TensorArchive {
  /// The word of the format that found it.
  package let format: String
  /// The file.
  package let files: [SourceFile]
  /// The weights in the graph's order.
  package let tensors: [TensorDescription]
  /// What of the graph was passed over.
  package let notes: [ArchiveNote]

  private let messages: [String: Range<Int>]

  /// Opens a file that is a graph; reads no numbers.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    try self.init(file, FrozenGraph(ByteCursor(file)), format: FrozenGraphFormat.name)
  }

  /// Opens the graph of a SavedModel without variables; nil where it holds no constants to read.
  init?(savedModel file: SourceFile, format: String) throws(FileError) {
    guard let range = try Self.graph(inSavedModel: file) else { return nil }
    let graph = try FrozenGraph(ByteCursor(file, range: range))
    guard !graph.weights.isEmpty else { return nil }
    try self.init(file, graph, format: format)
  }

  /// The most bytes of all weights together, by the file's: one number may stand for many equal ones.
  private static let maxReuse = 16
  private static let smallestTotal = 1 << 28

  private init(
    _ file: SourceFile, _ graph: FrozenGraph, format: String
  ) throws(FileError) {
    let total = graph.weights.reduce(0) { $0.adding($1.description.byteCount) ?? .max }
    let most = max(Self.smallestTotal, file.size.multiplied(by: Self.maxReuse) ?? .max)
    try FileError.limit(
      total, "the bytes of all weights together", most: most, in: file.path.string)
    self.format = format
    files = [file]
    tensors = graph.weights.map(\.description)
    messages = Dictionary(
      uniqueKeysWithValues: graph.weights.map { ($0.description.name, $0.message) })
    notes =
      graph.others == 0
      ? []
      : [
        ArchiveNote(
          .note, code: "graph-constants",
          message: "this is a frozen graph: its weights are read, its operations and "
            + "\(graph.others) other constants are passed over")
      ]
  }

  /// The graph of the first of a SavedModel's meta graphs.
  private static func graph(inSavedModel file: SourceFile) throws(FileError) -> Range<Int>? {
    var reader = ProtobufReader(try ByteCursor(file))
    while let field = try reader.next() {
      guard field.number == 2 else { continue }
      return try reader.message(field, "a meta graph") { (reader) throws(FileError) in
        while let field = try reader.next() {
          if field.number == 2 { return try field.range("a graph") }
        }
        return nil
      }
    }
    return nil
  }

  /// Hands on the elements; a list that is too short repeats its last number, as TensorFlow writes it.
  package func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let message = messages[name],
      let tensor = tensors.first(where: { $0.name == name })
    else { throw absent(name) }
    try FileError.concerning(name) { () throws(FileError) in try read(tensor, message, body) }
  }

  private func read(
    _ tensor: TensorDescription, _ message: Range<Int>,
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var reader = ProtobufReader(try ByteCursor(files[0], range: message))
    var listed: [UInt8] = []
    while let field = try reader.next() {
      switch field.number {
      case 4:
        let range = try field.range("the content")
        guard range.count == tensor.byteCount else {
          throw FileError(
            files[0].path.string,
            .mismatch(
              of: "the size of the content", expected: "\(tensor.byteCount) bytes",
              found: "\(range.count)"), offset: field.offset)
        }
        return try files[0].stream(range, what: "the content", body)
      case 5 where tensor.type == .float32, 6 where tensor.type == .float64:
        switch field.value {
        case .fixed32(let bits): listed.append(littleEndian: UInt64(bits), count: tensor.type.size)
        case .fixed64(let bits): listed.append(littleEndian: bits, count: tensor.type.size)
        default: listed += try reader.bytes(field, "numbers", most: tensor.byteCount)
        }
      case 13 where tensor.type.size == 2:
        try reader.varints(field, "a number") { (value) throws(FileError) in
          listed.append(littleEndian: value, count: 2)
        }
      default: break
      }
      guard listed.count <= tensor.byteCount else {
        throw field.malformed("more numbers are listed than the shape has")
      }
    }
    guard !listed.isEmpty, listed.count.isMultiple(of: tensor.type.size) else {
      throw FileError(
        files[0].path.string, .malformed("no numbers are listed"), offset: message.lowerBound)
    }
    let last = listed.suffix(tensor.type.size)
    while listed.count < tensor.byteCount { listed += last }
    try unsafe body(listed.span.bytes)
  }
}

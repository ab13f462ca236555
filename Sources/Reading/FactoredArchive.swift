internal import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

/// An archive in which the word table is there that the file holds as two factors.
///
/// Each number of it is summed in float64 and rounded once to float32. Both factors stay visible.
struct FactoredArchive: TensorArchive {
  private let archive: any TensorArchive
  private let tables: [WordFactors]

  /// Numbers of all tables, against those of the file: a small file does not grow without bounds.
  private static let maxGrowth = 16
  /// Bytes that are handed on at a time.
  private static let window = 1 << 20

  /// Adds the tables that the factors in `archive` make; nil where there are none.
  init?(_ archive: any TensorArchive) {
    let tensors = archive.tensors
    let floating = Set(tensors.filter { $0.type.isFloatingPoint }.map(\.name))
    var room = tensors.reduce(0) { $0 + $1.byteCount / 4 } * Self.maxGrowth
    tables = WordFactors.find(in: tensors).filter { table in
      guard
        [table.rows, table.projection, table.bias ?? table.rows].allSatisfy(floating.contains),
        table.shape.count <= room
      else { return false }
      room -= table.shape.count
      return true
    }
    if tables.isEmpty { return nil }
    self.archive = archive
  }

  var format: String { archive.format }
  var files: [SourceFile] { archive.files }
  var metadata: ArchiveMetadata { archive.metadata }
  var attributes: [String: [String: [String]]] { archive.attributes }
  var storageIdentities: [String: String] { archive.storageIdentities }
  var notes: [ArchiveNote] { archive.notes }
  var graph: OperatorGraph? { archive.graph }
  var aliases: [String: String] { archive.aliases }

  var tensors: [TensorDescription] {
    archive.tensors
      + tables.map { TensorDescription(name: $0.name, type: .float32, shape: $0.shape) }
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let table = tables.first(where: { $0.name == name }),
      let rows = archive.tensors.first(where: { $0.name == table.rows }),
      let projection = archive.tensors.first(where: { $0.name == table.projection })
    else { return try archive.read(name, body) }
    let matrix = try self.matrix(projection, table)
    let bias =
      try table.bias.flatMap { name in archive.tensors.first { $0.name == name } }
      .map(numbers) ?? [Double](repeating: 0, count: table.shape.dimensions[1])
    let inner = rows.shape.dimensions[1]
    var row: [Double] = []
    row.reserveCapacity(inner)
    var output: [UInt32] = []
    try archive.read(rows.name) { (span) throws(FileError) in
      for number in span.doubles(of: rows.type) ?? [] {
        row.append(number)
        guard row.count == inner else { continue }
        output += Self.product(row, matrix, adding: bias)
        row.removeAll(keepingCapacity: true)
        if output.count * 4 >= Self.window {
          try unsafe body(output.span.bytes)
          output.removeAll(keepingCapacity: true)
        }
      }
    }
    if !output.isEmpty { try unsafe body(output.span.bytes) }
  }

  func place(of name: String) -> TensorPlace? {
    tables.contains { $0.name == name } ? nil : archive.place(of: name)
  }

  func finish() throws(FileError) { try archive.finish() }

  /// The projection as [E, H].
  private func matrix(
    _ projection: TensorDescription, _ table: WordFactors
  ) throws(FileError) -> [Double] {
    let numbers = try numbers(projection)
    guard table.isTransposed else { return numbers }
    let (width, inner) = (projection.shape.dimensions[0], projection.shape.dimensions[1])
    return (0..<inner).flatMap { k in (0..<width).map { numbers[$0 * inner + k] } }
  }

  private func numbers(_ tensor: TensorDescription) throws(FileError) -> [Double] {
    let bytes = try archive.bytes(of: tensor)
    let numbers = unsafe bytes.span.bytes.doubles(of: tensor.type) ?? []
    guard numbers.count == tensor.shape.count else {
      throw FileError(
        archive.path, .malformed("its data end early"),
        tensor: tensor.name)
    }
    return numbers
  }

  /// One row of the product.
  private static func product(_ row: [Double], _ matrix: [Double], adding bias: [Double])
    -> [UInt32]
  {
    var sums = bias
    for (k, factor) in row.enumerated() {
      let start = k * sums.count
      for j in sums.indices { sums[j] += factor * matrix[start + j] }
    }
    return sums.map { Float($0).bitPattern.littleEndian }
  }
}

internal import AlbertArchitecture
package import AlbertBytes
package import AlbertTensors

/// Statistics of every tensor of a source, taken in one pass over its files with both cores.
package struct SourceStatistics: Sendable {
  /// Statistics by the tensor's name in the file.
  package let byTensor: [String: TensorStatistics]
  /// The rows of the word embeddings; nil where there are none.
  package let wordRows: RowStatistics?

  /// Told how many bytes are read, and how many there are.
  package typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// Reads all floating-point tensors of the model.
  ///
  /// Throws what the source does, and `cancelled` where `isCancelled` says so.
  package static func read(
    _ inspection: Inspection, progress: @escaping Progress = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> SourceStatistics {
    let wanted = inspection.assignments.filter {
      $0.parameter != nil && $0.tensor.type.isFloatingPoint
    }.sorted { $0.tensor.byteCount > $1.tensor.byteCount }
    let tally = WorkTally(of: wanted.reduce(0) { $0 + $1.tensor.byteCount }, progress)
    let path = inspection.path.string
    let measured = try Machine.map(wanted.count, atMost: 2) { (index) throws(FileError) in
      let result = try measure(wanted[index], inspection.archive) { () throws(FileError) in
        if isCancelled() { throw FileError(path, .cancelled) }
      }
      tally.add(wanted[index].tensor.byteCount)
      return result
    }
    try inspection.archive.finish()
    return SourceStatistics(
      byTensor: Dictionary(
        zip(wanted.map(\.tensor.name), measured.map(\.tensor)), uniquingKeysWith: { $1 }),
      wordRows: measured.compactMap(\.rows).last)
  }

  private static func measure(
    _ assignment: TensorAssignment, _ archive: any TensorArchive,
    _ check: () throws(FileError) -> Void
  ) throws(FileError) -> (tensor: TensorStatistics, rows: RowStatistics?) {
    let tensor = assignment.tensor
    var statistics = TensorStatistics()
    var rows: RowStatistics?
    if case .parameter(let parameter, _) = assignment.purpose, parameter.role == .wordEmbeddings,
      tensor.shape.rank == 2
    {
      rows = RowStatistics(tensor)
    }
    try archive.readWholeElements(of: tensor) { (window) throws(FileError) in
      try check()
      rows?.add(window)
      statistics.add(window, of: tensor.type)
    }
    return (statistics, rows)
  }
}

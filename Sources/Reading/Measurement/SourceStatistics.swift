internal import AlbertArchitecture
package import AlbertBytes
internal import Synchronization
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
    let total = wanted.reduce(0) { $0 + $1.tensor.byteCount }
    let shared = Mutex(Shared())
    let path = inspection.path.string
    try Machine.concurrently(wanted.count, atMost: 2) { (index) throws(FileError) in
      let assignment = wanted[index]
      let (statistics, rows) = try measure(assignment, inspection.archive) {
        () throws(FileError) in
        if isCancelled() { throw FileError(path, .cancelled) }
      }
      let done = shared.withLock { shared in
        shared.byTensor[assignment.tensor.name] = statistics
        if let rows { shared.wordRows = rows }
        shared.done += assignment.tensor.byteCount
        return shared.done
      }
      progress(done, total)
    }
    let result = shared.withLock { $0 }
    try inspection.archive.finish()
    return SourceStatistics(byTensor: result.byTensor, wordRows: result.wordRows)
  }

  private struct Shared {
    var done = 0
    var byTensor: [String: TensorStatistics] = [:]
    var wordRows: RowStatistics?
  }

  private static func measure(
    _ assignment: TensorAssignment, _ archive: any TensorArchive,
    _ check: () throws(FileError) -> Void
  ) throws(FileError) -> (TensorStatistics, RowStatistics?) {
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

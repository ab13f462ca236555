internal import AlbertReading
package import AlbertArchitecture
package import AlbertArchives
package import AlbertBytes
internal import Synchronization
internal import AlbertTensors

extension ConversionPlan {
  /// Told how many bytes of the tensors are done, and how many there will be.
  package typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// Streams every output tensor to its place in `sink`, writes the container around them, and takes
  /// the SHA-256 of `files` meanwhile, on both cores.
  ///
  /// Copies of each parameter are compared with it, and every checksum that the source offers is
  /// verified, those of tensors that stay behind included. `path` is for errors about the output.
  ///
  /// Throws what the source or `sink` does, and `cancelled`.
  package func write(
    _ outputs: [OutputTensor], as layout: some ArchiveLayout, hashing files: [SourceFile] = [],
    to sink: some ByteSink, path: String, _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> (tensors: WrittenTensors, findings: [Finding]) {
    precondition(layout.ranges.count == outputs.count, "a layout lost a tensor")
    let planned = Dictionary(
      firstOfEach: tensors.map { ($0.spec.parameter, $0) })
    let contents = outputs.map { content($0, planned) }
    let total = outputs.reduce(0) { $0 + $1.tensor.byteCount }
    let tally = WorkTally(of: total, observer.progress)
    let work = Mutex(Work())
    // What takes longest comes first, so that neither core is left with a large tensor at the end:
    // the files, which one core begins with, then the tensors by size.
    files.beginDigests()
    let order = outputs.indices.sorted {
      outputs[$0].tensor.byteCount > outputs[$1].tensor.byteCount
    }
    try Machine.concurrently(outputs.count, atMost: 2) { (place) throws(FileError) in
      let index = order[place]
      let content = contents[index]
      let part = outputs[index].content
      var isZero = true
      let digest = try layout.write(index, outputs[index].tensor.name, to: sink, path: path) {
        (body) throws(FileError) in
        try content.stream(part) { (window) throws(FileError) in
          if observer.isCancelled() { throw FileError(content.archive.path, .cancelled) }
          isZero = isZero && window.isZero
          try body(window)
          tally.add(window.byteCount)
        }
      }
      var findings = part.isFirst ? try content.compareCopies() : []
      if isZero, part.isFirst, let name = content.zerosAreDoubtful {
        findings.append(.allZero(name))
      }
      work.withLock { work in
        work.digests[index] = digest
        work.findings[index] = findings
      }
    }
    let result = work.withLock { $0 }
    let sourceDigests = try files.map { (file) throws(FileError) in try file.sha256() }
    try inspection.archive.finish()
    try inspection.configFile?.checkUnchanged()
    let written = WrittenTensors(
      outputs.indices.compactMap { result.digests[$0] },
      sourceDigests: sourceDigests)
    try layout.finish(written, to: sink)
    return (written, outputs.indices.flatMap { result.findings[$0] ?? [] })
  }

  private func content(
    _ output: OutputTensor, _ planned: [Parameter: PlannedTensor]
  ) -> TensorContent {
    guard let planned = planned[output.parameter] else {
      preconditionFailure("'\(output.tensor.name)' is made of a parameter that is not planned")
    }
    return content(of: planned, output.content.layout)
  }

  /// The bytes of a planned tensor, laid out as given.
  func content(of planned: PlannedTensor, _ layout: Layout = .canonical) -> TensorContent {
    TensorContent(
      archive: inspection.archive, planned: planned, layout: layout,
      initializerRange: config.passthrough.initializerRange ?? 0.02)
  }
}

/// What came of the work of both cores.
private struct Work {
  var digests: [Int: TensorDigest] = [:]
  var findings: [Int: [Finding]] = [:]
}

extension OutputTensor.Content {
  /// How the output lays the bytes out.
  var layout: Layout {
    switch self {
    case .parameter(_, let layout), .integers(_, let layout): layout
    case .scales: .canonical
    }
  }

  /// Whether it stands for the whole parameter, so that what concerns this is done once.
  var isFirst: Bool {
    if case .scales = self { false } else { true }
  }
}

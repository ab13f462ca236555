public import Albert
public import Bytes
internal import Dispatch
public import NativeFormat
internal import Synchronization
internal import Tensors

extension ConversionPlan {
  /// Told how many bytes of the output are done, and how many there will be.
  public typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// What an execution found out.
  public struct Outcome: Sendable {
    /// The header that was written.
    public let header: NativeHeader
    /// The size of the output.
    public let byteCount: Int
    /// What was noticed while the numbers were read.
    public let findings: [Finding]
  }

  /// The output's size and layout, before anything is read.
  public func writer(tool: String) -> NativeWriter {
    NativeWriter(
      config: config, contents: contents, tensors: tensors.map(\.output),
      source: provenance(digests: nil), tool: tool)
  }

  /// Streams the source into `sink` as a native file.
  ///
  /// The source's SHA-256 is taken on the second core meanwhile; every checksum that the source
  /// offers is verified, those of tensors that stay behind included.
  public func writeNative(
    to sink: some ByteSink, tool: String, progress: @escaping Progress = { _, _ in }
  ) throws(FileError) -> Outcome {
    let writer = writer(tool: tool)
    let results = Mutex(Results())
    let files = inspection.sourceFiles
    DispatchQueue.concurrentPerform(iterations: 2) { task in
      do throws(FileError) {
        if task == 0 {
          let written = try writeTensors(writer, to: sink, progress)
          results.withLock { $0.written = written }
        } else {
          let digests = try sha256(of: files)
          results.withLock { $0.source = digests }
        }
      } catch {
        results.withLock { $0.failure = $0.failure ?? error }
      }
    }
    let done = results.withLock { $0 }
    if let failure = done.failure { throw failure }
    let source = provenance(digests: done.source)
    try writer.writeHeader(digests: done.written.digests, source: source, to: sink)
    try inspection.archive.finish()
    try inspection.configFile?.checkUnchanged()
    var header = writer.header
    header.digests = done.written.digests
    header.source = source
    return Outcome(
      header: header, byteCount: writer.byteCount, findings: findings + done.written.findings)
  }

  struct Written {
    var digests: [XXH3Digest] = []
    var findings: [Finding] = []
  }

  private struct Results {
    var written = Written()
    var source: [String] = []
    var failure: FileError?
  }

  /// Streams all tensors to their places; the header is the caller's to write.
  func writeTensors(
    _ writer: NativeWriter, to sink: some ByteSink, _ progress: Progress
  ) throws(FileError) -> Written {
    let byName = Dictionary(
      tensors.map { ($0.spec.name, $0) }, uniquingKeysWith: { first, _ in first })
    var written = Written()
    var done = writer.dataStart
    for (index, place) in writer.header.layout.places.enumerated() {
      guard let planned = byName[place.tensor.name] else { continue }
      let content = TensorContent(
        archive: inspection.archive, planned: planned, heads: config.numAttentionHeads)
      let digest = try writer.write(index, to: sink) {
        (body: (RawSpan) throws(FileError) -> Void) throws(FileError) in
        try content.stream { (window) throws(FileError) in
          try body(window)
          done += window.byteCount
          progress(done, writer.byteCount)
        }
      }
      written.digests.append(digest)
      written.findings += try content.compareCopies()
    }
    return written
  }

  private func sha256(of files: [SourceFile]) throws(FileError) -> [String] {
    var digests: [String] = []
    for file in files { digests.append(try file.sha256()) }
    return digests
  }

  /// The source's files; without digests, as many zeros take their place.
  private func provenance(digests: [String]?) -> SourceProvenance {
    let files = inspection.sourceFiles
    let digests = digests ?? files.map { _ in String(repeating: "0", count: 64) }
    return SourceProvenance(
      format: inspection.format, upstream: inspection.upstream,
      files: zip(files, digests).map { .init(name: $0.name, size: $0.size, sha256: $1) })
  }
}

extension Inspection {
  /// Every file that the model was read from, the config's included.
  public var sourceFiles: [SourceFile] { archive.files + (configFile.map { [$0] } ?? []) }
}

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
    let (written, digests) = try execute(
      writer, to: sink, hashing: inspection.sourceFiles, progress)
    let source = provenance(digests: digests)
    try writer.writeHeader(digests: written.digests, source: source, to: sink)
    try inspection.archive.finish()
    try inspection.configFile?.checkUnchanged()
    var header = writer.header
    header.digests = written.digests
    header.source = source
    return Outcome(
      header: header, byteCount: writer.byteCount, findings: findings + written.findings)
  }

  struct Written {
    var digests: [XXH3Digest] = []
    var findings: [Finding] = []
  }

  /// Streams all tensors to their places; the header is the caller's to write.
  func writeTensors(
    _ writer: NativeWriter, to sink: some ByteSink, _ progress: @escaping Progress
  ) throws(FileError) -> Written {
    try execute(writer, to: sink, hashing: [], progress).written
  }

  /// Bytes of the largest tensor of which both cores may hold one at once, to turn its layout.
  private static let largestHeldTwice = 16 << 20

  /// What both cores work off together, and what came of it.
  fileprivate struct Work {
    var nextFile = 0
    var nextTensor = 0
    var done = 0
    var digests: [Int: XXH3Digest] = [:]
    var findings: [Int: [Finding]] = [:]
    var sha256: [Int: String] = [:]
    var failure: FileError?
  }

  /// Writes the tensors and takes the files' SHA-256, with both cores; the files come first, since
  /// a large one takes longest.
  private func execute(
    _ writer: NativeWriter, to sink: some ByteSink, hashing files: [SourceFile],
    _ progress: @escaping Progress
  ) throws(FileError) -> (written: Written, sha256: [String]) {
    let byName = Dictionary(
      tensors.map { ($0.spec.name, $0) }, uniquingKeysWith: { first, _ in first })
    let places = writer.header.layout.places
    let work = Mutex(Work())
    let large = Mutex(())
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      do throws(FileError) {
        while let index = work.withLock({ $0.takeFile(of: files.count) }) {
          let digest = try files[index].sha256()
          work.withLock { $0.sha256[index] = digest }
        }
        while let index = work.withLock({ $0.takeTensor(of: places.count) }) {
          guard let planned = byName[places[index].tensor.name] else { continue }
          let content = TensorContent(archive: inspection.archive, planned: planned)
          let write = { () throws(FileError) -> XXH3Digest in
            try writer.write(index, to: sink) {
              (body: (RawSpan) throws(FileError) -> Void) throws(FileError) in
              try content.stream { (window) throws(FileError) in
                try body(window)
                let count = window.byteCount
                progress(work.withLock { $0.add(count) }, writer.byteCount)
              }
            }
          }
          let isLarge = !planned.passesThrough && planned.output.byteCount > Self.largestHeldTwice
          let digest =
            isLarge ? try large.withLock { _ throws(FileError) in try write() } : try write()
          let findings = try content.compareCopies()
          work.withLock { work in
            work.digests[index] = digest
            work.findings[index] = findings
          }
        }
      } catch {
        work.withLock { $0.failure = $0.failure ?? error }
      }
    }
    let result = work.withLock { $0 }
    if let failure = result.failure { throw failure }
    return (
      Written(
        digests: places.indices.compactMap { result.digests[$0] },
        findings: places.indices.flatMap { result.findings[$0] ?? [] }),
      files.indices.compactMap { result.sha256[$0] }
    )
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

extension ConversionPlan.Work {
  /// The next file to hash; nil where there is none, or something failed.
  fileprivate mutating func takeFile(of count: Int) -> Int? {
    guard failure == nil, nextFile < count else { return nil }
    defer { nextFile += 1 }
    return nextFile
  }

  /// The next tensor to write; nil where there is none, or something failed.
  fileprivate mutating func takeTensor(of count: Int) -> Int? {
    guard failure == nil, nextTensor < count else { return nil }
    defer { nextTensor += 1 }
    return nextTensor
  }

  fileprivate mutating func add(_ count: Int) -> Int {
    done += count
    return done
  }
}

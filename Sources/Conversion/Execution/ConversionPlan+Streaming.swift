package import AlbertArchitecture
package import AlbertBytes
internal import Synchronization
internal import AlbertTensors

extension ConversionPlan {
  /// Hands the bytes of one tensor to its argument, in windows and in order.
  package typealias Produce = (_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) ->
    Void

  /// What streaming found out.
  package struct Streamed<Value: Sendable>: Sendable {
    /// What became of each tensor, in the order of the outputs.
    package let values: [Value]
    /// SHA-256 of each hashed file, in their order.
    package let sha256: [String]
    /// What was noticed while the numbers were read.
    package let findings: [Finding]
  }

  /// Bytes of the largest tensor of which both cores may hold one at once, to turn its layout.
  private static let largestHeldTwice = 16 << 20

  /// Streams every output tensor through `write` and takes the SHA-256 of `files`, on both cores.
  ///
  /// Copies of each parameter are compared with it, and every checksum that the source offers is
  /// verified, those of tensors that stay behind included.
  ///
  /// Throws what the source or `write` does, and `cancelled`.
  package func stream<Value: Sendable>(
    _ outputs: [OutputTensor], hashing files: [SourceFile] = [], total: Int,
    _ observer: WorkObserver,
    write: @Sendable (_ index: Int, _ produce: Produce) throws(FileError) -> Value
  ) throws(FileError) -> Streamed<Value> {
    let planned = Dictionary(
      tensors.map { ($0.spec.parameter, $0) }, uniquingKeysWith: { first, _ in first })
    let contents = outputs.map { content($0, planned) }
    let work = Mutex(Work<Value>())
    let large = Mutex(())
    Machine.concurrently(2) { _ in
      do throws(FileError) {
        // The files come first, since a large one takes longest.
        while let index = work.withLock({ $0.takeFile(of: files.count) }) {
          let digest = try files[index].sha256()
          work.withLock { $0.sha256[index] = digest }
        }
        while let index = work.withLock({ $0.takeTensor(of: outputs.count) }) {
          let content = contents[index]
          let part = outputs[index].content
          let produce: Produce = { (body) throws(FileError) in
            try content.stream(part) { (window) throws(FileError) in
              if observer.isCancelled() { throw FileError(content.path, .cancelled) }
              try body(window)
              let count = window.byteCount
              observer.progress(work.withLock { $0.add(count) }, total)
            }
          }
          let isLarge =
            !content.planned.passesThrough(to: content.layout)
            && content.planned.output.byteCount > Self.largestHeldTwice
          let value =
            isLarge
            ? try large.withLock { _ throws(FileError) in try write(index, produce) }
            : try write(index, produce)
          let findings = part.isFirst ? try content.compareCopies() : []
          work.withLock { work in
            work.values[index] = value
            work.findings[index] = findings
          }
        }
      } catch {
        work.withLock { $0.failure = $0.failure ?? error }
      }
    }
    let result = work.withLock { $0 }
    if let failure = result.failure { throw failure }
    try inspection.archive.finish()
    try inspection.configFile?.checkUnchanged()
    return Streamed(
      values: outputs.indices.compactMap { result.values[$0] },
      sha256: files.indices.compactMap { result.sha256[$0] },
      findings: outputs.indices.flatMap { result.findings[$0] ?? [] })
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
      initializerRange: config.carried.initializerRange ?? 0.02)
  }
}

/// What both cores work off together, and what came of it.
private struct Work<Value: Sendable> {
  var nextFile = 0
  var nextTensor = 0
  var done = 0
  var values: [Int: Value] = [:]
  var findings: [Int: [Finding]] = [:]
  var sha256: [Int: String] = [:]
  var failure: FileError?

  /// The next file to hash; nil where there is none, or something failed.
  mutating func takeFile(of count: Int) -> Int? {
    guard failure == nil, nextFile < count else { return nil }
    defer { nextFile += 1 }
    return nextFile
  }

  /// The next tensor to write; nil where there is none, or something failed.
  mutating func takeTensor(of count: Int) -> Int? {
    guard failure == nil, nextTensor < count else { return nil }
    defer { nextTensor += 1 }
    return nextTensor
  }

  mutating func add(_ count: Int) -> Int {
    done += count
    return done
  }
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

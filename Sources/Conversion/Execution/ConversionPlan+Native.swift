package import AlbertArchitecture
package import AlbertBytes
package import AlbertNativeFormat
internal import AlbertTensors

extension ConversionPlan {
  /// Told how many bytes of the output are done, and how many there will be.
  package typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// What an execution found out.
  package struct Outcome: Sendable {
    /// The header that was written.
    package let header: NativeHeader
    /// The size of the output.
    package let byteCount: Int
    /// What was noticed while the numbers were read.
    package let findings: [Finding]
  }

  /// The output's size and layout, before anything is read.
  package func writer(tool: String) -> NativeWriter {
    NativeWriter(
      config: config, contents: contents, tensors: nativeOutputs.map(\.tensor),
      source: provenance(digests: nil), tool: tool)
  }

  /// Streams the source into `sink` as a native file, and takes the source's SHA-256 meanwhile.
  package func writeNative(
    to sink: some ByteSink, tool: String, _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> Outcome {
    let writer = writer(tool: tool)
    let streamed = try writeTensors(writer, to: sink, hashing: inspection.sourceFiles, observer)
    let source = provenance(digests: streamed.sha256)
    try writer.writeHeader(digests: streamed.values, source: source, to: sink)
    var header = writer.header
    header.digests = streamed.values
    header.source = source
    return Outcome(
      header: header, byteCount: writer.byteCount, findings: findings + streamed.findings)
  }

  /// Streams all tensors to their places, and returns their digests; the header is the caller's to
  /// write.
  func writeTensors(
    _ writer: NativeWriter, to sink: some ByteSink, hashing files: [SourceFile] = [],
    _ observer: WorkObserver
  ) throws(FileError) -> Streamed<XXH3Digest> {
    let byName = Dictionary(
      nativeOutputs.map { ($0.tensor.name, $0) }, uniquingKeysWith: { first, _ in first })
    let outputs = writer.header.layout.places.compactMap { byName[$0.tensor.name] }
    return try stream(outputs, hashing: files, total: writer.byteCount, observer) {
      (index, produce) throws(FileError) in
      try writer.write(index, to: sink, produce: produce)
    }
  }

  /// The native file's tensors in order of use; a quantised parameter is two of them.
  private var nativeOutputs: [OutputTensor] {
    tensors.flatMap { planned -> [OutputTensor] in
      guard planned.type == .int8 else { return [planned.output(named: planned.spec.name)] }
      let names = StoredParameter.names(of: planned.spec.name)
      return planned.quantizedOutput(integers: names.integers, scales: names.scale)
    }
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
  package var sourceFiles: [SourceFile] { archive.files + (configFile.map { [$0] } ?? []) }
}

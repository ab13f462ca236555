package import AlbertArchitecture
package import AlbertArchives
package import AlbertBytes
package import AlbertTensors

/// The layout of a native file: the model's tensors in the profile's order, and a header that holds
/// the digests of all of them and of the source.
package struct NativeFileLayout: ArchiveLayout {
  /// The header without digests; its length is final.
  package let header: NativeHeader
  /// Where the data begins.
  package let dataStart: Int
  /// Where the bytes of each tensor go.
  package let ranges: [Range<Int>]

  /// Lays out a file of `tensors`, given in order of use; `source` may still lack its digests.
  package init(
    config: AlbertConfig, contents: ModelContents, tensors: [TensorDescription],
    source: SourceProvenance, tool: String, companions: NativeCompanions = NativeCompanions()
  ) {
    let layout = NativeLayout(inOrderOfUse: tensors)
    let blank = XXH3Digest.of(RawSpan())
    header = NativeHeader(
      config: config, contents: contents, layout: layout,
      digests: layout.places.map { _ in blank }, source: source, tool: tool,
      companions: companions)
    let start = header.encodedByteCount
    dataStart = start
    ranges = layout.places.map { start + $0.range.lowerBound..<start + $0.range.upperBound }
  }

  /// The tensors in the order of their bytes, which is the order of `ranges`.
  package var tensors: [TensorDescription] { header.layout.places.map(\.tensor) }

  /// The size of the whole file.
  package var byteCount: Int { dataStart + header.layout.byteCount }

  /// XXH3.
  package var digest: TensorDigest.Kind { .xxh3 }

  /// The header, complete with the tensors' digests and the source's.
  package func header(of written: WrittenTensors) -> NativeHeader {
    var complete = header
    complete.digests = written.digests.compactMap {
      if case .xxh3(let digest) = $0 { digest } else { nil }
    }
    complete.source = header.source.with(written.sourceDigests)
    return complete
  }

  /// Writes the header.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    let bytes = header(of: written).encoded()
    precondition(bytes.count == dataStart, "the header's length changed after data was written")
    try unsafe sink.write(bytes.span.bytes, at: 0)
  }
}

package import AlbertArchitecture
package import AlbertBytes
package import AlbertTensors

/// Writes a native file's tensors as they stream by, and the header once their digests are known.
package struct NativeWriter: Sendable {
  /// The header without digests; its length is final.
  package let header: NativeHeader
  /// Where the data begins.
  package let dataStart: Int

  /// Plans a file of `tensors`, given in order of use; `source` may still lack its digests.
  package init(
    config: AlbertConfig, contents: ModelContents, tensors: [TensorDescription],
    source: SourceProvenance, tool: String
  ) {
    let layout = NativeLayout(inOrderOfUse: tensors)
    let blank = XXH3Digest.of(RawSpan())
    header = NativeHeader(
      config: config, contents: contents, layout: layout,
      digests: layout.places.map { _ in blank }, source: source, tool: tool)
    dataStart = header.encodedByteCount
  }

  /// The size of the whole file.
  package var byteCount: Int { dataStart + header.layout.byteCount }

  /// Writes one tensor's bytes as `produce` hands them over, and returns their digest.
  ///
  /// Throws `mismatch` where they are not as many as the tensor needs.
  package func write(
    _ index: Int, to sink: some ByteSink,
    produce: ((RawSpan) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) -> XXH3Digest {
    let place = header.layout.places[index]
    let end = dataStart + place.range.upperBound
    var position = dataStart + place.range.lowerBound
    var hasher = XXH3Hasher()
    var failure: FileError?
    do throws(FileError) {
      try produce { (window) throws(FileError) in
        guard window.byteCount <= end - position else {
          throw size(place, found: "more")
        }
        hasher.update(window)
        try sink.write(window, at: position)
        position += window.byteCount
      }
      guard position == end else {
        throw size(place, found: "\(place.range.count - (end - position)) bytes")
      }
    } catch {
      failure = error
    }
    if let failure { throw failure }
    return hasher.digest()
  }

  /// Writes the header, complete with the tensors' digests and the source's.
  package func writeHeader(
    digests: [XXH3Digest], source: SourceProvenance, to sink: some ByteSink
  ) throws(FileError) {
    var complete = header
    complete.digests = digests
    complete.source = source
    let bytes = complete.encoded()
    precondition(bytes.count == dataStart, "the header's length changed after data was written")
    try unsafe sink.write(bytes.span.bytes, at: 0)
  }

  private func size(_ place: NativeLayout.Place, found: String) -> FileError {
    FileError(
      place.tensor.name,
      .mismatch(
        of: "the tensor's content", expected: "\(place.range.count) bytes", found: found),
      tensor: place.tensor.name)
  }
}

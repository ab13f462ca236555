package import AlbertBytes
package import AlbertTensors

/// The layout of a plain safetensors file.
package struct SafetensorsLayout: ArchiveLayout {
  /// The header, whose bytes are final.
  package let header: SafetensorsHeader
  /// Where each tensor's bytes go.
  package let ranges: [Range<Int>]

  /// Bytes to whose multiple the data begins, so that it can be mapped as any element type.
  package static let alignment = 64

  /// Lays out tensors in the order given.
  ///
  /// Throws where a name occurs twice or an element type has no word.
  package init(
    _ tensors: [TensorDescription], metadata: [(key: String, value: String)] = [], path: String
  ) throws(FileError) {
    header = try SafetensorsHeader(
      layingOut: tensors, metadata: metadata, alignment: Self.alignment, path: path)
    // The header sorts its entries by place, and empty tensors share one.
    let places = Dictionary(
      firstOfEach: header.entries.map { ($0.tensor.name, $0) })
    let header = header
    ranges = tensors.compactMap { places[$0.name].map(header.place) }
  }

  /// The size of the whole file.
  package var byteCount: Int { header.fileSize }

  /// Writes the header.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    try unsafe sink.write(header.bytes.span.bytes, at: 0)
  }
}

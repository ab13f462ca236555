package import AlbertBytes
package import AlbertTensors

/// The layout of an `.npz` file: a zip file of one stored `.npy` array per tensor.
package struct NumPyLayout: ArchiveLayout {
  /// Where each array's elements go.
  package var ranges: [Range<Int>] { zip.bodies }

  private let zip: ZipLayout

  /// Bytes to whose multiple every array's elements begin, as in an `.npy` file alone.
  package static let alignment = 64

  /// Lays out arrays in the order given.
  ///
  /// Throws where a name occurs twice, or NumPy has no word for an element type: bfloat16 is two
  /// bytes without meaning there.
  package init(_ tensors: [TensorDescription], path: String) throws(FileError) {
    try tensors.checkWritable(as: "NumPy", path: path) { $0 != .opaque && $0 != .bfloat16 }
    zip = try ZipLayout(
      tensors.map {
        ZipLayout.Member(
          name: $0.name + ".npy", head: NumPyWriting.header(of: $0), bodyCount: $0.byteCount,
          tensor: $0.name)
      }, alignment: Self.alignment, path: path)
  }

  /// The size of the whole file.
  package var byteCount: Int { zip.byteCount }

  /// The zip file's, over header and elements.
  package var digest: TensorDigest.Kind { .crc32 }

  /// Writes the arrays' headers and everything of the zip file's own.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    try zip.finish(written.checksums, to: sink)
  }
}

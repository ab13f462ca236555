package import AlbertBytes
package import AlbertTensors

/// The layout of an HDF5 file, which libhdf5 makes in memory but for the tensors' bytes.
///
/// Files have the earliest version's structure, contiguous data and no times, so that libraries of
/// any age read them and the same model gives the same bytes.
package struct HDF5Layout: ArchiveLayout {
  /// Where each tensor's bytes go.
  package let ranges: [Range<Int>]
  /// The size of the whole file.
  package let byteCount: Int

  /// What stands between the tensors.
  private let structure: [(offset: Int, bytes: [UInt8])]

  /// Lays out datasets at the paths that the tensors' names are, and the groups that lead there.
  ///
  /// `values` are datasets that the layout itself writes; groups that only hold attributes are made, too. bfloat16, which HDF5 does not know, is written
  /// as Keras writes it: two bytes without meaning, and an attribute that tells.
  /// Throws where a path is malformed, or leads through a dataset or to two things.
  package init(
    _ tensors: [TensorDescription], values: [HDF5Value] = [], links: [HDF5Link] = [],
    attributes: [HDF5Attribute] = [], path: String
  ) throws(FileError) {
    try HDF5Paths.check(tensors + values.map(\.tensor), links, attributes, path: path)
    let pages = HDF5Pages()
    do throws(HDF5Failure) {
      ranges = try HDF5Library.exclusively { () throws(HDF5Failure) in
        let writer = try HDF5Writer(pages)
        let ranges = try writer.add(tensors)
        for value in values { try writer.add(value) }
        for link in links { try writer.add(link) }
        for attribute in attributes { try writer.add(attribute) }
        try writer.flush()
        return ranges
      }
    } catch {
      throw FileError(
        path, .inexpressible("libhdf5 cannot lay the file out: \(error.message)"),
        remedy: "choose another format")
    }
    guard let byteCount = pages.byteCount else {
      throw FileError(path, .inexpressible("libhdf5 did not close the file"))
    }
    self.byteCount = byteCount
    var structure: [(offset: Int, bytes: [UInt8])] = []
    var position = 0
    for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard position <= range.lowerBound, range.upperBound <= byteCount else {
        throw FileError(path, .inexpressible("libhdf5 laid datasets over one another"))
      }
      if position < range.lowerBound {
        structure.append((position, pages.bytes(in: position..<range.lowerBound)))
      }
      position = range.upperBound
    }
    if position < byteCount { structure.append((position, pages.bytes(in: position..<byteCount))) }
    self.structure = structure
  }

  /// Writes what stands between the tensors.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    for part in structure { try unsafe sink.write(part.bytes.span.bytes, at: part.offset) }
  }
}

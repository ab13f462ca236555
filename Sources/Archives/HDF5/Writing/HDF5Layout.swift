public import Bytes
public import Tensors

/// The layout of an HDF5 file, which libhdf5 makes in memory but for the tensors' bytes.
///
/// Files have the earliest version's structure, contiguous data and no times, so that libraries of
/// any age read them and the same model gives the same bytes.
public struct HDF5Layout: ArchiveLayout {
  /// Where each tensor's bytes go.
  public let ranges: [Range<Int>]
  /// The size of the whole file.
  public let byteCount: Int

  /// What stands between the tensors.
  private let structure: [(offset: Int, bytes: [UInt8])]

  /// Lays out datasets at the paths that the tensors' names are, and the groups that lead there.
  ///
  /// Groups that only hold attributes are made, too. bfloat16, which HDF5 does not know, is written
  /// as Keras writes it: two bytes without meaning, and an attribute that tells.
  /// Throws where a path is none, or leads through a dataset or to two things.
  public init(
    _ tensors: [TensorDescription], attributes: [HDF5Attribute] = [], path: String
  ) throws(FileError) {
    try HDF5Paths.check(tensors, attributes, path: path)
    let pages = HDF5Pages()
    do throws(HDF5Failure) {
      ranges = try HDF5Library.exclusively { () throws(HDF5Failure) in
        let writer = try HDF5Writer(pages)
        let ranges = try writer.add(tensors)
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

  /// The format keeps none.
  public var checksum: TensorChecksum.Kind { .none }

  /// Writes what stands between the tensors.
  public func finish(_ checksums: [UInt32], to sink: some ByteSink) throws(FileError) {
    for part in structure { try unsafe sink.write(part.bytes.span.bytes, at: part.offset) }
  }
}

/// A text attribute of a group or dataset.
public struct HDF5Attribute: Equatable, Sendable {
  /// What it says.
  public enum Value: Equatable, Sendable {
    /// One text of any length, in UTF-8: what h5py makes of a `str`.
    case text(String)
    /// Texts of one length, padded with zeros: what h5py makes of an array of `bytes`. An empty list
    /// has NumPy's usual type, float64.
    case list([String])
  }

  /// The path of the group or dataset; empty for the root.
  public let holder: String
  /// The attribute's name.
  public let name: String
  /// What it says.
  public let value: Value

  /// States an attribute.
  public init(_ holder: String, _ name: String, _ value: Value) {
    self.holder = holder
    self.name = name
    self.value = value
  }

  /// A list as Keras' older format keeps it.
  ///
  /// It stands under `name` or, where an object's header could not hold it, in equal parts under
  /// `name0`, `name1` and so on. Follows `save_attributes_to_hdf5_group` (keras, hdf5_format.py).
  public static func kerasList(_ holder: String, _ name: String, _ values: [String]) -> [Self] {
    let size = values.map(\.utf8.count).max() ?? 0
    var parts = 1
    while parts < values.count,
      (values.count + parts - 1) / parts > max(1, largestKerasList / max(1, size))
    {
      parts += 1
    }
    guard parts > 1 else { return [Self(holder, name, .list(values))] }
    // As numpy.array_split: the first ones are longer by one.
    let (least, longer) = values.count.quotientAndRemainder(dividingBy: parts)
    var start = 0
    return (0..<parts).map { part in
      let count = least + (part < longer ? 1 : 0)
      defer { start += count }
      return Self(holder, "\(name)\(part)", .list(Array(values[start..<start + count])))
    }
  }

  /// Keras' `HDF5_OBJECT_HEADER_LIMIT`, in bytes.
  static let largestKerasList = 64_512
}

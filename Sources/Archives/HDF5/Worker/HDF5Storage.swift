internal import AlbertBytes
internal import CAlbertHDF5

/// What a dataset's elements are and where they lie.
enum HDF5Storage {
  /// Describes an open dataset.
  static func record(
    of dataset: hid_t, path: [UInt8], address: UInt64
  ) throws(HDF5Failure) -> HDF5Record {
    let list = try HDF5Handle(H5Dget_create_plist(dataset), "a dataset's settings", H5Pclose)
    // Before its shape is asked for: for that, a virtual dataset may open its sources.
    try refuseOtherFiles(list.id, String(decoding: path, as: UTF8.self))
    let type = try HDF5Handle(H5Dget_type(dataset), "a dataset's type", H5Tclose)
    var record = HDF5Record(
      path: path, address: address, elementClass: elementClass(type.id),
      elementSize: UInt32(clamping: H5Tget_size(type.id)),
      isBigEndian: H5Tget_order(type.id) == H5T_ORDER_BE,
      isSigned: H5Tget_class(type.id) == H5T_INTEGER && H5Tget_sign(type.id) == H5T_SGN_2,
      dimensions: try dimensions(of: dataset), storage: .none)
    record.storage = try storage(of: dataset, list.id, record)
    return record
  }

  /// Datasets whose content is in other files: a file must not make this tool read another.
  private static func refuseOtherFiles(_ list: hid_t, _ path: String) throws(HDF5Failure) {
    let layout = H5Pget_layout(list)
    guard layout.rawValue >= 0 else { throw HDF5Library.complaint("a dataset's layout") }
    if layout == H5D_VIRTUAL {
      throw .unsupported("the virtual dataset '\(path)', whose data lies in other files,")
    }
    if H5Pget_external_count(list) != 0 {
      throw .unsupported("the external storage of '\(path)', whose data lies in other files,")
    }
  }

  /// The extents, or nil for a dataset without a shape.
  private static func dimensions(of dataset: hid_t) throws(HDF5Failure) -> [UInt64]? {
    let space = try HDF5Handle(H5Dget_space(dataset), "a dataset's shape", H5Sclose)
    switch H5Sget_simple_extent_type(space.id) {
    case H5S_NULL: return nil
    case H5S_SCALAR: return []
    default: break
    }
    let rank = Int(H5Sget_simple_extent_ndims(space.id))
    guard (0...HDF5Record.maxAxes).contains(rank) else {
      throw HDF5Library.complaint("a dataset's shape")
    }
    var extents = [hsize_t](repeating: 0, count: rank)
    guard unsafe H5Sget_simple_extent_dims(space.id, &extents, nil) >= 0 else {
      throw HDF5Library.complaint("a dataset's shape")
    }
    return extents.map { UInt64($0) }
  }

  private static func elementClass(_ type: hid_t) -> HDF5Record.ElementClass {
    let order = H5Tget_order(type)
    let size = H5Tget_size(type)
    switch H5Tget_class(type) {
    case H5T_OPAQUE:
      return .opaque
    case H5T_INTEGER:
      let isPlain = H5Tget_precision(type) == size * 8 && H5Tget_offset(type) == 0
      return isPlain && (order == H5T_ORDER_LE || order == H5T_ORDER_BE) ? .integer : .other
    case H5T_FLOAT:
      guard order == H5T_ORDER_LE || order == H5T_ORDER_BE,
        H5Tget_precision(type) == size * 8, H5Tget_offset(type) == 0,
        H5Tget_norm(type) == H5T_NORM_IMPLIED
      else { return .other }
      var sign = 0
      var exponent = 0
      var exponentSize = 0
      var mantissa = 0
      var mantissaSize = 0
      guard
        unsafe H5Tget_fields(
          type, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize) >= 0,
        mantissa == 0, exponent == mantissaSize, sign == exponent + exponentSize,
        sign == size * 8 - 1
      else { return .other }
      switch (size, exponentSize, H5Tget_ebias(type)) {
      case (2, 5, 15), (4, 8, 127), (8, 11, 1023): return .float
      case (2, 8, 127): return .bfloat16
      default: return .other
      }
    default:
      return .other
    }
  }

  private static func storage(
    of dataset: hid_t, _ list: hid_t, _ record: HDF5Record
  ) throws(HDF5Failure) -> HDF5Record.Storage {
    let stored = H5Dget_storage_size(dataset)
    switch H5Pget_layout(list) {
    case H5D_CONTIGUOUS:
      let offset = H5Dget_offset(dataset)
      return offset == albertkit_hdf5_no_address()
        ? .none : .contiguous(offset: UInt64(offset), size: UInt64(stored))
    case H5D_COMPACT:
      return .assembled(stored: UInt64(stored), working: UInt64(stored))
    case H5D_CHUNKED:
      return try HDF5Chunks(of: dataset, list, record).storage(stored: UInt64(stored))
    default:
      return .unreadable("reading data in an unknown layout")
    }
  }
}

/// How a dataset is cut into chunks.
struct HDF5Chunks {
  /// The bytes of one chunk.
  let size: Int
  /// The chunks that share one range of the first axis; a reader that goes through the elements in
  /// order needs all of them at once.
  let rowCount: Int
  /// Why the chunks cannot be read, if so.
  private let obstacle: String?
  private let written: Int
  private let expected: Int

  init(of dataset: hid_t, _ list: hid_t, _ record: HDF5Record) throws(HDF5Failure) {
    let extents = record.dimensions ?? []
    var chunk = [hsize_t](repeating: 0, count: HDF5Record.maxAxes)
    let rank = unsafe H5Pget_chunk(list, Int32(chunk.count), &chunk)
    guard rank == extents.count, rank > 0, chunk.prefix(Int(rank)).allSatisfy({ $0 > 0 }) else {
      throw HDF5Library.complaint("a dataset's chunks")
    }
    var size = Int(record.elementSize)
    var counts: [Int] = []
    for (extent, edge) in zip(extents, chunk) {
      guard let edge = Int(exactly: edge), let extent = Int(exactly: extent),
        let product = size.multiplied(by: edge)
      else { throw .malformed("a dataset's chunks are larger than any file") }
      size = product
      counts.append(extent / edge + (extent % edge == 0 ? 0 : 1))
    }
    var rowCount = 1
    for count in counts.dropFirst() { rowCount = rowCount.multiplied(by: count) ?? .max }
    self.size = size
    self.rowCount = rowCount
    expected = rowCount.multiplied(by: counts[0]) ?? .max
    var written: hsize_t = 0
    let space = try HDF5Handle(H5Dget_space(dataset), "a dataset's shape", H5Sclose)
    guard unsafe H5Dget_num_chunks(dataset, space.id, &written) >= 0 else {
      throw HDF5Library.complaint("a dataset's chunks")
    }
    self.written = Int(clamping: written)
    obstacle = try Self.obstacle(list)
  }

  /// The memory for a row of chunks.
  var working: Int { size.multiplied(by: rowCount) ?? .max }

  func storage(stored: UInt64) -> HDF5Record.Storage {
    if let obstacle { return .unreadable(obstacle) }
    if written == 0 { return .none }
    guard written == expected else {
      return .unreadable("a dataset of which only \(written) of \(expected) chunks were written")
    }
    return .assembled(stored: stored, working: UInt64(working))
  }

  /// What among a dataset's filters is not undone here: all but deflate, shuffle and Fletcher's
  /// checksum, and any of those twice.
  private static func obstacle(_ list: hid_t) throws(HDF5Failure) -> String? {
    let count = H5Pget_nfilters(list)
    guard count >= 0 else { throw HDF5Library.complaint("a dataset's filters") }
    var seen: Set<Int32> = []
    for index in 0..<UInt32(count) {
      var flags: UInt32 = 0
      var values = 0
      var configuration: UInt32 = 0
      let filter = unsafe H5Pget_filter2(
        list, index, &flags, &values, nil, 0, nil, &configuration)
      guard filter >= 0 else { throw HDF5Library.complaint("a dataset's filters") }
      switch filter {
      case H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32:
        guard seen.insert(filter).inserted else { return "using one filter twice" }
      case H5Z_FILTER_SZIP: return "the filter szip"
      case H5Z_FILTER_NBIT: return "the filter n-bit"
      case H5Z_FILTER_SCALEOFFSET: return "the filter scale-offset"
      case 32000: return "the filter lzf of h5py"
      default: return "the filter number \(filter)"
      }
    }
    return nil
  }
}

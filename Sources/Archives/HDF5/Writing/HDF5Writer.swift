internal import CHDF5
internal import Tensors

/// An HDF5 file that is being made.
///
/// Every call belongs inside `HDF5Library.exclusively`.
struct HDF5Writer: ~Copyable {
  private let file: HDF5Handle
  private let links: HDF5Handle
  private let creation: HDF5Handle

  /// Begins a file whose bytes go to `pages`, which must outlive it.
  init(_ pages: HDF5Pages) throws(HDF5Failure) {
    let links = try Self.linkSettings()
    let creation = try Self.datasetSettings()
    file = try Self.newFile(pages)
    self.links = links
    self.creation = creation
  }

  private static func newFile(_ pages: HDF5Pages) throws(HDF5Failure) -> HDF5Handle {
    let access = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_file_access()), "a property list", H5Pclose)
    try demand(unsafe albertkit_hdf5_set_storage(access.id, pages.storage), "the output")
    try demand(
      H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110), "the version")
    // The name means nothing, as the driver keeps the bytes.
    return try HDF5Handle(
      unsafe H5Fcreate("/output", albertkit_hdf5_truncate(), HDF5Library.usual, access.id),
      "the file", H5Fclose)
  }

  private static func linkSettings() throws(HDF5Failure) -> HDF5Handle {
    let links = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_link_creation()), "a property list", H5Pclose)
    try demand(H5Pset_create_intermediate_group(links.id, 1), "groups")
    return links
  }

  /// Contiguous data without times, whose place is known at once and which nobody fills.
  private static func datasetSettings() throws(HDF5Failure) -> HDF5Handle {
    let creation = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_dataset_creation()), "a property list", H5Pclose)
    try demand(H5Pset_obj_track_times(creation.id, false), "a dataset's times")
    try demand(H5Pset_layout(creation.id, H5D_CONTIGUOUS), "a dataset's layout")
    try demand(H5Pset_alloc_time(creation.id, H5D_ALLOC_TIME_EARLY), "a dataset's place")
    try demand(H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER), "a dataset's filling")
    return creation
  }

  /// Makes datasets, and returns where their bytes go.
  func add(_ tensors: [TensorDescription]) throws(HDF5Failure) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for tensor in tensors { ranges.append(try add(tensor)) }
    return ranges
  }

  private func add(_ tensor: TensorDescription) throws(HDF5Failure) -> Range<Int> {
    let what = "the dataset '\(tensor.name)'"
    let type = try HDF5Handle(Self.type(tensor.type), "the type of \(what)", H5Tclose)
    let space = try Self.space(tensor.shape.dimensions)
    let dataset = try HDF5Handle(
      unsafe H5Dcreate2(
        file.id, tensor.name, type.id, space.id, links.id, creation.id, HDF5Library.usual),
      what, H5Dclose)
    if tensor.type == .bfloat16 { try Self.add("dtype", .text("bfloat16"), to: dataset.id) }
    guard tensor.byteCount > 0 else { return 0..<0 }
    guard let start = Int(exactly: H5Dget_offset(dataset.id)) else {
      throw HDF5Library.complaint("the place of \(what)")
    }
    return start..<start + tensor.byteCount
  }

  /// Gives a dataset a further path.
  func add(_ link: HDF5Link) throws(HDF5Failure) {
    let status = unsafe H5Lcreate_hard(
      file.id, "/" + link.target, file.id, "/" + link.name, links.id, HDF5Library.usual)
    try Self.demand(status, "the link '\(link.name)'")
  }

  /// Adds an attribute, and the group that holds it where there is none.
  func add(_ attribute: HDF5Attribute) throws(HDF5Failure) {
    let holder = "/" + attribute.holder
    let object: HDF5Handle
    if attribute.holder.isEmpty || exists(attribute.holder) {
      object = try HDF5Handle(
        unsafe H5Oopen(file.id, holder, HDF5Library.usual), "'\(holder)'", H5Oclose)
    } else {
      object = try HDF5Handle(
        unsafe H5Gcreate2(
          file.id, holder, links.id, HDF5Library.usual, HDF5Library.usual),
        "the group '\(holder)'", H5Gclose)
    }
    try Self.add(attribute.name, attribute.value, to: object.id)
  }

  /// Whether every component of a path leads somewhere; the library asks for one at a time.
  private func exists(_ path: String) -> Bool {
    var whole = ""
    for component in path.split(separator: "/") {
      whole += "/" + component
      guard unsafe H5Lexists(file.id, whole, HDF5Library.usual) > 0 else { return false }
    }
    return true
  }

  /// Brings out what the library holds back; closing, which has no one to complain to, adds nothing.
  func flush() throws(HDF5Failure) {
    try Self.demand(H5Fflush(file.id, H5F_SCOPE_LOCAL), "the structure")
  }

  private static func demand(_ status: Int32, _ what: String) throws(HDF5Failure) {
    guard status >= 0 else { throw HDF5Library.complaint(what) }
  }

  private static func add(
    _ name: String, _ value: HDF5Attribute.Value, to object: hid_t
  ) throws(HDF5Failure) {
    let what = "the attribute '\(name)'"
    let isWritten: Bool
    switch value {
    case .text(let text):
      let type = try HDF5Handle(Self.text(nil, isASCII: false), "a type", H5Tclose)
      let attribute = try Self.attribute(name, type.id, nil, of: object)
      isWritten = unsafe text.withCString { pointer in
        unsafe withUnsafeBytes(of: pointer) {
          unsafe H5Awrite(attribute.id, type.id, $0.baseAddress) >= 0
        }
      }
    case .list(let texts) where texts.isEmpty:
      let type = try HDF5Handle(H5Tcopy(albertkit_hdf5_float(8)), "a type", H5Tclose)
      _ = try Self.attribute(name, type.id, 0, of: object)
      isWritten = true
    case .list(let texts):
      let size = max(1, texts.map(\.utf8.count).max() ?? 0)
      let isASCII = texts.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
      let type = try HDF5Handle(Self.text(size, isASCII: isASCII), "a type", H5Tclose)
      let attribute = try Self.attribute(name, type.id, texts.count, of: object)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(size * texts.count)
      for text in texts {
        bytes += text.utf8
        bytes += repeatElement(0, count: size - text.utf8.count)
      }
      isWritten = unsafe bytes.withUnsafeBytes {
        unsafe H5Awrite(attribute.id, type.id, $0.baseAddress) >= 0
      }
    }
    guard isWritten else { throw HDF5Library.complaint(what) }
  }

  /// Makes an attribute of one value, or of a list of `count`.
  private static func attribute(
    _ name: String, _ type: hid_t, _ count: Int?, of object: hid_t
  ) throws(HDF5Failure) -> HDF5Handle {
    let space = try space(count.map { [$0] } ?? [])
    return try HDF5Handle(
      unsafe H5Acreate2(object, name, type, space.id, HDF5Library.usual, HDF5Library.usual),
      "the attribute '\(name)'", H5Aclose)
  }

  private static func space(_ extents: [Int]) throws(HDF5Failure) -> HDF5Handle {
    guard !extents.isEmpty else {
      return try HDF5Handle(H5Screate(H5S_SCALAR), "a shape", H5Sclose)
    }
    let extents = extents.map { hsize_t($0) }
    return try HDF5Handle(
      unsafe H5Screate_simple(Int32(extents.count), extents, nil), "the shape \(extents)", H5Sclose)
  }

  /// The type of texts of `size` bytes, padded with zeros, or of any length.
  private static func text(_ size: Int?, isASCII: Bool) -> hid_t {
    let type = H5Tcopy(albertkit_hdf5_text())
    _ = H5Tset_size(type, size ?? albertkit_hdf5_variable_size())
    _ = H5Tset_strpad(type, size == nil ? H5T_STR_NULLTERM : H5T_STR_NULLPAD)
    _ = H5Tset_cset(type, isASCII ? H5T_CSET_ASCII : H5T_CSET_UTF8)
    return type
  }

  /// The type of a dataset's elements, the caller's to close; negative for one that has none.
  private static func type(_ type: ElementType) -> hid_t {
    switch type {
    case .float64, .float32:
      return H5Tcopy(albertkit_hdf5_float(type.size))
    case .float16:
      // IEEE's half, made of the single as h5py does: the library has no name for it.
      let half = H5Tcopy(albertkit_hdf5_float(4))
      _ = H5Tset_fields(half, 15, 10, 5, 0, 10)
      _ = H5Tset_size(half, 2)
      _ = H5Tset_ebias(half, 15)
      return half
    case .bfloat16:
      return H5Tcreate(H5T_OPAQUE, 2)
    case .int64, .int32, .int16, .int8:
      return H5Tcopy(albertkit_hdf5_integer(type.size, true))
    case .uint64, .uint32, .uint16, .uint8:
      return H5Tcopy(albertkit_hdf5_integer(type.size, false))
    case .bool, .complex64, .opaque:
      return -1
    }
  }
}

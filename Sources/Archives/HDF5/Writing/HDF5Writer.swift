internal import CAlbertHDF5
internal import AlbertTensors

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
    try HDF5Library.demand(
      unsafe albertkit_hdf5_set_storage(access.id, pages.storage), "the output")
    try HDF5Library.demand(
      H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110), "the version")
    // The name means nothing, as the driver keeps the bytes.
    return try HDF5Handle(
      unsafe H5Fcreate("/output", albertkit_hdf5_truncate(), HDF5Library.usual, access.id),
      "the file", H5Fclose)
  }

  private static func linkSettings() throws(HDF5Failure) -> HDF5Handle {
    let links = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_link_creation()), "a property list", H5Pclose)
    try HDF5Library.demand(H5Pset_create_intermediate_group(links.id, 1), "groups")
    return links
  }

  /// Contiguous data without times, whose place is known at once and which nobody fills.
  private static func datasetSettings() throws(HDF5Failure) -> HDF5Handle {
    let creation = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_dataset_creation()), "a property list", H5Pclose)
    try HDF5Library.demand(H5Pset_obj_track_times(creation.id, false), "a dataset's times")
    try HDF5Library.demand(H5Pset_layout(creation.id, H5D_CONTIGUOUS), "a dataset's layout")
    try HDF5Library.demand(
      H5Pset_alloc_time(creation.id, H5D_ALLOC_TIME_EARLY), "a dataset's place")
    try HDF5Library.demand(
      H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER), "a dataset's filling")
    return creation
  }

  /// Makes datasets, and returns where their bytes go.
  func add(_ tensors: [TensorDescription]) throws(HDF5Failure) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for tensor in tensors { ranges.append(try add(tensor)) }
    return ranges
  }

  private func add(_ tensor: TensorDescription) throws(HDF5Failure) -> Range<Int> {
    let dataset = try dataset(tensor)
    if tensor.type == .bfloat16 { try HDF5Writer.add("dtype", .text("bfloat16"), to: dataset.id) }
    guard tensor.byteCount > 0 else { return 0..<0 }
    guard let start = Int(exactly: H5Dget_offset(dataset.id)) else {
      throw HDF5Library.complaint("the place of the dataset '\(tensor.name)'")
    }
    return start..<start + tensor.byteCount
  }

  /// Makes a dataset and writes its number.
  func add(_ value: HDF5Value) throws(HDF5Failure) {
    let dataset = try dataset(value.tensor)
    let type = try HDF5Handle(HDF5Types.number(value.tensor.type), "a type", H5Tclose)
    // The file's order of bytes is stated, so that is what is handed over.
    let status =
      switch value.number {
      case .int64(let number): Self.write(number.littleEndian, dataset.id, type.id)
      case .float32(let number):
        Self.write(number.bitPattern.littleEndian, dataset.id, type.id)
      }
    try HDF5Library.demand(status, "the dataset '\(value.name)'")
  }

  private static func write<Number: BitwiseCopyable>(
    _ number: Number, _ dataset: hid_t, _ type: hid_t
  ) -> herr_t {
    unsafe withUnsafeBytes(of: number) {
      unsafe H5Dwrite(
        dataset, type, HDF5Library.all, HDF5Library.all, HDF5Library.usual, $0.baseAddress)
    }
  }

  private func dataset(_ tensor: TensorDescription) throws(HDF5Failure) -> HDF5Handle {
    let what = "the dataset '\(tensor.name)'"
    let type = try HDF5Handle(HDF5Types.number(tensor.type), "the type of \(what)", H5Tclose)
    let space = try HDF5Types.space(tensor.shape.dimensions)
    return try HDF5Handle(
      unsafe H5Dcreate2(
        file.id, tensor.name, type.id, space.id, links.id, creation.id, HDF5Library.usual),
      what, H5Dclose)
  }

  /// Gives a dataset a further path.
  func add(_ link: HDF5Link) throws(HDF5Failure) {
    let status = unsafe H5Lcreate_hard(
      file.id, "/" + link.target, file.id, "/" + link.name, links.id, HDF5Library.usual)
    try HDF5Library.demand(status, "the link '\(link.name)'")
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
    try HDF5Writer.add(attribute.name, attribute.value, to: object.id)
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
    try HDF5Library.demand(H5Fflush(file.id, H5F_SCOPE_LOCAL), "the structure")
  }
}

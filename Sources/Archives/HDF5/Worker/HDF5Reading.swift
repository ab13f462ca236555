internal import AlbertBytes
internal import CAlbertHDF5

/// Reading a dataset that libhdf5 must put together.
enum HDF5Reading {
  /// The bytes of content that one message holds.
  static let windowSize = 1 << 22

  /// Sends the content of the dataset at `path` in order, `size` bytes in all.
  static func run(
    _ file: hid_t, _ path: String, size: Int, _ output: inout HDF5Output
  ) throws(HDF5Failure) {
    let access = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_dataset_access()), "a property list", H5Pclose)
    let record: HDF5Record
    do {
      let dataset = try HDF5Handle(
        unsafe H5Dopen2(file, path, HDF5Library.usual), "the dataset", H5Dclose)
      record = try HDF5Storage.record(of: dataset.id, path: Array(path.utf8), address: 0)
      guard case .assembled = record.storage else { throw .malformed("the dataset has changed") }
      try keepRow(of: dataset.id, record, access.id)
    }
    let dataset = try HDF5Handle(
      unsafe H5Dopen2(file, path, access.id), "the dataset", H5Dclose)
    let type = try HDF5Handle(H5Dget_type(dataset.id), "its type", H5Tclose)
    let extents = (record.dimensions ?? [0]).map { Int(clamping: $0) }
    var total: Int? = Int(record.elementSize)
    for extent in extents { total = total?.multiplied(by: extent) }
    guard total == size else { throw .malformed("the dataset has changed") }
    if extents.isEmpty {
      try send(dataset.id, type.id, memory: HDF5Library.all, file: HDF5Library.all, size, &output)
      return
    }
    let space = try HDF5Handle(H5Dget_space(dataset.id), "its shape", H5Sclose)
    var windows = HDF5Windows(extents, elementSize: Int(record.elementSize), most: windowSize)
    while let window = windows.next() {
      guard
        unsafe H5Sselect_hyperslab(
          space.id, H5S_SELECT_SET, window.start.map { hsize_t($0) }, nil,
          window.extents.map { hsize_t($0) }, nil) >= 0
      else { throw HDF5Library.complaint("its data") }
      let count = window.extents.reduce(1, *)
      let memory = try HDF5Handle(
        unsafe H5Screate_simple(1, [hsize_t(count)], nil), "a window", H5Sclose)
      try send(
        dataset.id, type.id, memory: memory.id, file: space.id, count * Int(record.elementSize),
        &output)
    }
  }

  /// Makes the library keep a whole row of chunks, so that each is decompressed once.
  private static func keepRow(
    of dataset: hid_t, _ record: HDF5Record, _ access: hid_t
  ) throws(HDF5Failure) {
    let list = try HDF5Handle(H5Dget_create_plist(dataset), "its settings", H5Pclose)
    guard H5Pget_layout(list.id) == H5D_CHUNKED else { return }
    let chunks = try HDF5Chunks(of: dataset, list.id, record)
    let slots = min(1 << 20, (chunks.rowCount.multiplied(by: 16) ?? .max) | 1)
    guard H5Pset_chunk_cache(access, slots, max(1 << 20, chunks.working), 1) >= 0 else {
      throw HDF5Library.complaint("its chunks")
    }
  }

  private static func send(
    _ dataset: hid_t, _ type: hid_t, memory: hid_t, file: hid_t, _ size: Int,
    _ output: inout HDF5Output
  ) throws(HDF5Failure) {
    var bytes = [UInt8](repeating: 0, count: size)
    let status = unsafe bytes.withUnsafeMutableBytes {
      unsafe H5Dread(dataset, type, memory, file, HDF5Library.usual, $0.baseAddress)
    }
    guard status >= 0 else { throw HDF5Library.complaint("its data") }
    output.send(.data, bytes)
  }
}

/// A dataset's elements in order, in blocks of bounded size.
struct HDF5Windows {
  /// A block: its first element and its extent along each axis.
  struct Window: Equatable {
    var start: [Int]
    var extents: [Int]
  }

  private let extents: [Int]
  /// The axis that is cut; all before it advance one by one, all behind it are taken whole.
  private let axis: Int
  private let rows: Int
  private var position: [Int]
  private var isDone: Bool

  /// Blocks of at most `most` bytes; the product of the extents is known to be small
  /// enough.
  init(_ extents: [Int], elementSize: Int, most: Int) {
    var axis = extents.count - 1
    var inner = elementSize
    while axis > 0, inner * extents[axis] <= most {
      inner *= extents[axis]
      axis -= 1
    }
    self.extents = extents
    self.axis = axis
    rows = max(1, most / max(1, inner))
    position = extents.map { _ in 0 }
    isDone = extents.isEmpty || extents.contains(0)
  }

  mutating func next() -> Window? {
    guard !isDone else { return nil }
    var window = Window(start: position, extents: extents)
    for index in 0..<axis { window.extents[index] = 1 }
    window.extents[axis] = min(rows, extents[axis] - position[axis])
    position[axis] += window.extents[axis]
    var index = axis
    while position[index] == extents[index] {
      guard index > 0 else {
        isDone = true
        break
      }
      position[index] = 0
      index -= 1
      position[index] += 1
    }
    return window
  }
}

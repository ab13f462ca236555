internal import CAlbertHDF5
internal import Synchronization

/// libhdf5, as a worker reads with it and this process writes.
enum HDF5Library {
  /// The property list that stands for the usual settings (`H5P_DEFAULT`, a macro).
  static let usual: hid_t = 0
  /// All elements of a dataset (`H5S_ALL`, a macro).
  static let all: hid_t = 0

  private static let lock = Mutex(())

  /// Runs `body`, and nothing else of the library meanwhile: its state is global.
  static func exclusively<Result>(
    _ body: () throws(HDF5Failure) -> Result
  ) throws(HDF5Failure) -> Result {
    try lock.withLock { _ throws(HDF5Failure) in
      try start()
      return try body()
    }
  }

  /// Starts the library, silent and with plugins off.
  private static func start() throws(HDF5Failure) {
    guard H5open() >= 0 else { throw .malformed("the library does not start") }
    _ = H5Eset_auto2(0, nil, nil)
    _ = H5PLset_loading_state(0)
  }

  /// Opens the HDF5 file in standard input, read-only, with plugins off.
  static func open(base: Int, length: Int) throws(HDF5Failure) -> HDF5Handle {
    try start()
    let list = try HDF5Handle(
      H5Pcreate(albertkit_hdf5_file_access()), "a property list", H5Pclose)
    guard albertkit_hdf5_set_window(list.id, 0, UInt64(base), UInt64(length)) >= 0 else {
      throw .malformed("the library does not take the file")
    }
    // The name means nothing, as the driver knows one file; a relative one makes the library ask
    // for the current folder.
    return try HDF5Handle(unsafe H5Fopen("/source", 0, list.id), "the file", H5Fclose)
  }

  /// Throws the library's complaint where a call failed.
  static func demand(_ status: herr_t, _ what: String) throws(HDF5Failure) {
    guard status >= 0 else { throw complaint(what) }
  }

  /// The most specific thing that the library says of the call that just failed.
  static func complaint(_ what: String) -> HDF5Failure {
    let message = Message()
    unsafe _ = H5Ewalk2(
      0, H5E_WALK_UPWARD,
      { _, entry, context in
        guard let entry = unsafe entry?.pointee, let context = unsafe context else { return 0 }
        let message = unsafe Unmanaged<Message>.fromOpaque(context).takeUnretainedValue()
        if message.text.isEmpty, let text = unsafe entry.desc {
          message.text = unsafe String(cString: text)
        }
        return 0
      }, Unmanaged.passUnretained(message).toOpaque())
    // The parts of a file carry versions of their own; a damaged one looks like a later one, too.
    let isNewer = ["bad version", "unknown version", "wrong version"].contains {
      message.text.hasPrefix($0)
    }
    return HDF5Failure(
      kind: isNewer ? .newer : .library,
      message: message.text.isEmpty ? what : "\(what): \(message.text)")
  }

  private final class Message {
    var text = ""
  }
}

/// One of libhdf5's identifiers with its owner, who gives it back.
struct HDF5Handle: ~Copyable {
  let id: hid_t
  private let close: @convention(c) (hid_t) -> herr_t

  /// Takes what a call returned; throws the library's complaint where the call failed.
  init(
    _ id: hid_t, _ what: String, _ close: @escaping @convention(c) (hid_t) -> herr_t
  ) throws(HDF5Failure) {
    guard id >= 0 else { throw HDF5Library.complaint(what) }
    self.id = id
    self.close = close
  }

  deinit {
    _ = close(id)
  }
}

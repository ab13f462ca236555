internal import AlbertBytes

/// A dataset as the worker states it, not yet checked against the file.
struct HDF5Record: Equatable {
  /// The kind of element, as far as tensors have such.
  enum ElementClass: UInt8 {
    /// Strings, compounds, references and whatever else no tensor holds.
    case other
    case integer
    /// An IEEE number of 2, 4 or 8 bytes.
    case float
    /// The upper half of an IEEE single.
    case bfloat16
    /// Bytes without a meaning of their own.
    case opaque
  }

  /// Where the content lies.
  enum Storage: Equatable {
    /// Nowhere: no element, or none was ever written.
    case none
    /// In one piece.
    case contiguous(offset: UInt64, size: UInt64)
    /// In chunks or in the header: libhdf5 puts it together. `working` is the memory for a row of
    /// chunks.
    case assembled(stored: UInt64, working: UInt64)
    /// Where it is not read from, and why.
    case unreadable(String)
  }

  var path: [UInt8]
  var address: UInt64
  var elementClass: ElementClass
  var elementSize: UInt32
  var isBigEndian: Bool
  var isSigned: Bool
  /// The extents; nil for a dataset without a shape.
  var dimensions: [UInt64]?
  var storage: Storage
}

extension HDF5Record {
  /// The most axes that libhdf5 knows.
  static let maxAxes = 32

  /// The record as a message's body.
  func encoded() -> [UInt8] {
    var encoder = HDF5Encoder()
    encoder.text(path)
    encoder.integer(address)
    encoder.integer(elementClass.rawValue)
    encoder.integer(elementSize)
    encoder.integer(UInt8(isBigEndian ? 1 : 0))
    encoder.integer(UInt8(isSigned ? 1 : 0))
    encoder.integer(UInt8(dimensions.map { $0.count } ?? Int(UInt8.max)))
    for extent in dimensions ?? [] { encoder.integer(extent) }
    switch storage {
    case .none:
      encoder.integer(UInt8(0))
    case .contiguous(let offset, let size):
      encoder.integer(UInt8(1))
      encoder.integer(offset)
      encoder.integer(size)
    case .assembled(let stored, let working):
      encoder.integer(UInt8(2))
      encoder.integer(stored)
      encoder.integer(working)
    case .unreadable(let reason):
      encoder.integer(UInt8(3))
      encoder.text(reason)
    }
    return encoder.bytes
  }

  /// Reads a message's body, all of it.
  init(_ cursor: inout ByteCursor) throws(FileError) {
    path = try cursor.hdf5Text()
    address = try cursor.littleEndian(UInt64.self)
    guard let known = ElementClass(rawValue: try cursor.byte()) else {
      throw cursor.malformed("an element class that does not exist")
    }
    elementClass = known
    elementSize = try cursor.littleEndian(UInt32.self)
    isBigEndian = try cursor.byte() != 0
    isSigned = try cursor.byte() != 0
    let rank = Int(try cursor.byte())
    if rank == Int(UInt8.max) {
      dimensions = nil
    } else {
      guard rank <= Self.maxAxes else { throw cursor.malformed("too many axes") }
      var extents: [UInt64] = []
      for _ in 0..<rank { extents.append(try cursor.littleEndian(UInt64.self)) }
      dimensions = extents
    }
    switch try cursor.byte() {
    case 0: storage = .none
    case 1:
      storage = .contiguous(
        offset: try cursor.littleEndian(UInt64.self), size: try cursor.littleEndian(UInt64.self))
    case 2:
      storage = .assembled(
        stored: try cursor.littleEndian(UInt64.self), working: try cursor.littleEndian(UInt64.self))
    case 3:
      storage = .unreadable(HDF5Record.printable(try cursor.hdf5Text()))
    default: throw cursor.malformed("a kind of storage that does not exist")
    }
    guard cursor.isAtEnd else { throw cursor.malformed("bytes after a dataset's description") }
  }

  /// A worker's words as they may be shown: printable ASCII, of bounded length.
  static func printable(_ bytes: [UInt8]) -> String {
    String(
      decoding: bytes.prefix(300).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
  }
}

internal import AlbertBytes

/// One message from the worker to its parent: a kind, a length, a body.
///
/// Integers are little-endian; texts are a 32-bit length and bytes. The worker says `hello`, then
/// what it was asked for, then `end`: an answer that stops short is told from a whole one.
struct HDF5Frame {
  /// What a message says.
  enum Kind: UInt8 {
    /// The protocol's version, first of all.
    case hello = 0xA1
    /// A group, by its path.
    case group
    /// A dataset, as `HDF5Record` states it.
    case dataset
    /// A text attribute of the group or dataset before it.
    case attribute
    /// How many links were passed over.
    case skipped
    /// A part of a dataset's content.
    case data
    /// Why there is no answer; the last message.
    case failure
    /// The answer is whole; the last message.
    case end
    /// The worker could not be confined wholly, and goes on.
    case unconfined
  }

  /// The protocol's version; both ends come from one binary, unless a library's user names another.
  static let version: UInt8 = 2
  /// The bytes of kind and length.
  static let headerSize = 5
  /// The longest body.
  static let largestBody = 8 << 20

  let kind: Kind
  let body: [UInt8]
}

/// Why the worker gives no answer.
enum HDF5FailureKind: UInt8 {
  /// libhdf5 refuses the bytes.
  case library = 1
  /// The worker refuses them.
  case malformed
  /// The file is legal, but not what is read here.
  case unsupported
  /// The file was written by a later libhdf5.
  case newer
  /// The worker cannot be confined as was asked.
  case refused
}

/// A message's body while it is written.
struct HDF5Encoder {
  private(set) var bytes: [UInt8] = []

  mutating func integer<T: FixedWidthInteger>(_ value: T) {
    bytes.append(littleEndian: UInt64(truncatingIfNeeded: value), count: MemoryLayout<T>.size)
  }

  mutating func text(_ value: [UInt8]) {
    integer(UInt32(truncatingIfNeeded: value.count))
    bytes.append(contentsOf: value)
  }

  mutating func text(_ value: String) { text(Array(value.utf8)) }
}

extension ByteCursor {
  /// A text as `HDF5Encoder` writes it.
  mutating func hdf5Text() throws(FileError) -> [UInt8] {
    try bytes(Int(try littleEndian(UInt32.self)))
  }
}

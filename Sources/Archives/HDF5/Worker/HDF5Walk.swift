internal import AlbertBytes
internal import CAlbertHDF5

/// The walk over a file's groups, datasets and text attributes, each sent as it is met.
///
/// Only hard links are followed, and each group once: a soft link may dangle, an external one leads
/// into another file, and a cycle has no end.
struct HDF5Walk {
  private let file: hid_t
  /// The messages so far.
  private(set) var output: HDF5Output
  private var visited: Set<UInt64> = []
  private var skipped: UInt32 = 0
  private var links = 0

  /// The deepest nesting of groups; Keras makes about ten levels.
  static let maxLevels = 64
  /// The most links in one file.
  static let maxLinks = 200_000
  /// The longest path in bytes.
  static let longestPath = 1 << 14

  init(_ file: hid_t, _ output: HDF5Output) {
    self.file = file
    self.output = output
  }

  /// Sends everything.
  mutating func run() throws(HDF5Failure) {
    var root = albertkit_hdf5_object_info()
    guard unsafe albertkit_hdf5_object(file, "/", &root) >= 0 else {
      throw HDF5Library.complaint("the root group")
    }
    visited.insert(root.address)
    var pending: [(path: [UInt8], level: Int)] = [([], 0)]
    while let (path, level) = pending.popLast() {
      guard level <= Self.maxLevels else {
        throw .malformed("groups are nested more than \(Self.maxLevels) levels deep")
      }
      let inner = try group(at: path)
      for path in inner.reversed() { pending.append((path, level + 1)) }
    }
    var encoder = HDF5Encoder()
    encoder.integer(skipped)
    output.send(.skipped, encoder.bytes)
  }

  /// Sends a group and its datasets, and returns the paths of the groups in it.
  private mutating func group(at path: [UInt8]) throws(HDF5Failure) -> [[UInt8]] {
    let name = String(decoding: [UInt8(ascii: "/")] + path, as: UTF8.self)
    let group = try HDF5Handle(
      unsafe H5Gopen2(file, name, HDF5Library.usual), "the group '\(name)'", H5Gclose)
    output.send(.group, path)
    try HDF5Attributes.send(of: group.id, &output)
    var inner: [[UInt8]] = []
    for link in try HDF5Links.all(of: group.id, most: Self.maxLinks - links) {
      links += 1
      guard link.isHard else {
        skipped += 1
        continue
      }
      let linkPath = (path.isEmpty ? [] : path + [UInt8(ascii: "/")]) + link.name
      guard linkPath.count <= Self.longestPath else { throw .malformed("a path is too long") }
      let name = try linkName(link.name)
      var info = albertkit_hdf5_object_info()
      guard unsafe albertkit_hdf5_object(group.id, name, &info) >= 0 else {
        throw HDF5Library.complaint("the object '\(name)'")
      }
      if info.is_dataset {
        try dataset(name, in: group.id, at: info.address, path: linkPath)
      } else if info.is_group {
        if visited.insert(info.address).inserted {
          inner.append(linkPath)
        } else {
          skipped += 1
        }
      }
    }
    return inner
  }

  /// A link's name as the library takes it; a name that it would take for a path is refused.
  private func linkName(_ name: [UInt8]) throws(HDF5Failure) -> String {
    guard !name.isEmpty, name != [UInt8(ascii: ".")], !name.contains(UInt8(ascii: "/")),
      let text = String(validating: name, as: UTF8.self)
    else { throw .malformed("a link's name is no name, or not valid UTF-8") }
    return text
  }

  private mutating func dataset(
    _ name: String, in group: hid_t, at address: UInt64, path: [UInt8]
  ) throws(HDF5Failure) {
    let dataset = try HDF5Handle(
      unsafe H5Dopen2(group, name, HDF5Library.usual), "the dataset '\(name)'", H5Dclose)
    let record = try HDF5Storage.record(of: dataset.id, path: path, address: address)
    output.send(.dataset, record.encoded())
    try HDF5Attributes.send(of: dataset.id, &output)
  }
}

/// A group's links by name.
enum HDF5Links {
  /// One link.
  struct Link {
    let name: [UInt8]
    let isHard: Bool
  }

  /// All links of a group; throws where they are more than `most`.
  static func all(of group: hid_t, most: Int) throws(HDF5Failure) -> [Link] {
    let collector = HDF5Collector(most: most)
    let result = unsafe albertkit_hdf5_links(
      group, { name, isHard, context in unsafe HDF5Collector.add(name, isHard, to: context) },
      collector.context)
    guard result >= 0 else { throw HDF5Library.complaint("the links of a group") }
    guard result == 0 else { throw .malformed("there are more links than any model has") }
    return collector.links
  }
}

/// Takes the names that libhdf5 hands over one by one.
final class HDF5Collector {
  private let most: Int
  private(set) var links: [HDF5Links.Link] = []

  /// A collector that stops the library at more than `most`.
  init(most: Int) {
    self.most = most
  }

  /// What a call of the library takes along for `add`; the collector must outlive it.
  var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  /// Adds a name to the collector behind `context`; not 0 where the library is to stop.
  static func add(
    _ name: UnsafePointer<CChar>?, _ isHard: Bool = true, to context: UnsafeMutableRawPointer?
  ) -> herr_t {
    guard let name = unsafe name, let context = unsafe context else { return 1 }
    let collector = unsafe Unmanaged<HDF5Collector>.fromOpaque(context).takeUnretainedValue()
    guard collector.links.count < collector.most else { return 1 }
    collector.links.append(HDF5Links.Link(name: unsafe [UInt8](cString: name), isHard: isHard))
    return 0
  }
}

internal import CAlbertHDF5

extension HDF5Writer {
  /// Adds an attribute to a group or dataset.
  static func add(
    _ name: String, _ value: HDF5Attribute.Value, to object: hid_t
  ) throws(HDF5Failure) {
    let what = "the attribute '\(name)'"
    let isWritten: Bool
    switch value {
    case .text(let text):
      let type = try HDF5Handle(HDF5Types.text(nil, isASCII: false), "a type", H5Tclose)
      let attribute = try make(name, type.id, nil, of: object)
      isWritten = unsafe text.withCString { pointer in
        unsafe withUnsafeBytes(of: pointer) {
          unsafe H5Awrite(attribute.id, type.id, $0.baseAddress) >= 0
        }
      }
    case .list(let texts) where texts.isEmpty:
      let type = try HDF5Handle(HDF5Types.number(.float64), "a type", H5Tclose)
      _ = try make(name, type.id, 0, of: object)
      isWritten = true
    case .list(let texts):
      let size = max(1, texts.map(\.utf8.count).max() ?? 0)
      let isASCII = texts.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
      let type = try HDF5Handle(HDF5Types.text(size, isASCII: isASCII), "a type", H5Tclose)
      let attribute = try make(name, type.id, texts.count, of: object)
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
  private static func make(
    _ name: String, _ type: hid_t, _ count: Int?, of object: hid_t
  ) throws(HDF5Failure) -> HDF5Handle {
    let space = try HDF5Types.space(count.map { [$0] } ?? [])
    return try HDF5Handle(
      unsafe H5Acreate2(object, name, type, space.id, HDF5Library.usual, HDF5Library.usual),
      "the attribute '\(name)'", H5Aclose)
  }
}

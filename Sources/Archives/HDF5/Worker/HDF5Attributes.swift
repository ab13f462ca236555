internal import AlbertBytes
internal import CAlbertHDF5

/// The text attributes of a group or dataset.
enum HDF5Attributes {
  /// The most attributes of one object.
  static let maxAttributes = 4096
  /// The bytes of one attribute, and its elements.
  static let largestAttribute = 4 << 20
  static let maxElements = 1 << 17

  /// Sends those that are a text, a list of texts, or an empty list; others are left out.
  static func send(of object: hid_t, _ output: inout HDF5Output) throws(HDF5Failure) {
    for name in try names(of: object) {
      let text = String(decoding: name, as: UTF8.self)
      let attribute = try HDF5Handle(
        unsafe H5Aopen(object, text, HDF5Library.usual), "the attribute '\(text)'", H5Aclose)
      guard let values = try values(of: attribute.id, text) else { continue }
      var encoder = HDF5Encoder()
      encoder.text(name)
      encoder.integer(UInt32(truncatingIfNeeded: values.count))
      for value in values { encoder.text(value) }
      output.send(.attribute, encoder.bytes)
    }
  }

  private static func names(of object: hid_t) throws(HDF5Failure) -> [[UInt8]] {
    let collector = HDF5Collector(most: maxAttributes)
    let result = unsafe H5Aiterate2(
      object, H5_INDEX_NAME, H5_ITER_INC, nil,
      { _, name, _, context in unsafe HDF5Collector.add(name, to: context) }, collector.context)
    guard result >= 0 else { throw HDF5Library.complaint("the attributes of an object") }
    guard result == 0 else { throw .malformed("an object has more attributes than any model's") }
    return collector.links.map(\.name)
  }

  /// The texts of an attribute, or nil where it holds something else.
  private static func values(
    of attribute: hid_t, _ name: String
  ) throws(HDF5Failure) -> [[UInt8]]? {
    let type = try HDF5Handle(H5Aget_type(attribute), "the type of '\(name)'", H5Tclose)
    let space = try HDF5Handle(H5Aget_space(attribute), "the shape of '\(name)'", H5Sclose)
    let count = H5Sget_simple_extent_npoints(space.id)
    guard count >= 0, H5Sget_simple_extent_ndims(space.id) <= 1 else { return nil }
    if count == 0 { return [] }
    guard H5Tget_class(type.id) == H5T_STRING else { return nil }
    guard count <= maxElements else { throw tooLarge(name) }
    return H5Tis_variable_str(type.id) > 0
      ? try variable(attribute, type.id, space.id, Int(count), name)
      : try fixed(attribute, type.id, Int(count), name)
  }

  private static func tooLarge(_ name: String) -> HDF5Failure {
    .malformed("the attribute '\(name)' is larger than any model's")
  }

  /// Texts of one length, padded as the type says.
  private static func fixed(
    _ attribute: hid_t, _ type: hid_t, _ count: Int, _ name: String
  ) throws(HDF5Failure) -> [[UInt8]] {
    let size = Int(H5Tget_size(type))
    guard size > 0, size <= largestAttribute / count else { throw tooLarge(name) }
    var bytes = [UInt8](repeating: 0, count: size * count)
    let status = unsafe bytes.withUnsafeMutableBytes {
      unsafe H5Aread(attribute, type, $0.baseAddress)
    }
    guard status >= 0 else { throw HDF5Library.complaint("the attribute '\(name)'") }
    let padding = H5Tget_strpad(type)
    return (0..<count).map { index in
      let element = bytes[index * size..<(index + 1) * size]
      guard padding == H5T_STR_SPACEPAD || padding == H5T_STR_NULLPAD else {
        return Array(element.prefix { $0 != 0 })
      }
      let filling: UInt8 = padding == H5T_STR_SPACEPAD ? 0x20 : 0
      return element.lastIndex { $0 != filling }.map { Array(element[...$0]) } ?? []
    }
  }

  /// Texts of any length, which the library keeps in a heap of the file.
  private static func variable(
    _ attribute: hid_t, _ type: hid_t, _ space: hid_t, _ count: Int, _ name: String
  ) throws(HDF5Failure) -> [[UInt8]] {
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    let status = unsafe pointers.withUnsafeMutableBytes {
      unsafe H5Aread(attribute, type, $0.baseAddress)
    }
    guard status >= 0 else { throw HDF5Library.complaint("the attribute '\(name)'") }
    var result: [[UInt8]] = []
    var total = 0
    for index in unsafe pointers.indices {
      let value = unsafe [UInt8](cString: pointers[index])
      total += value.count
      guard total <= largestAttribute else { throw tooLarge(name) }
      result.append(value)
    }
    unsafe pointers.withUnsafeMutableBytes {
      unsafe _ = H5Dvlen_reclaim(type, space, HDF5Library.usual, $0.baseAddress)
    }
    return result
  }
}

internal import CAlbertHDF5
internal import AlbertTensors

/// The types and shapes of what is written, all little-endian.
enum HDF5Types {
  /// A shape; without extents that of one value.
  static func space(_ extents: [Int]) throws(HDF5Failure) -> HDF5Handle {
    guard !extents.isEmpty else {
      return try HDF5Handle(H5Screate(H5S_SCALAR), "a shape", H5Sclose)
    }
    let extents = extents.map { hsize_t($0) }
    return try HDF5Handle(
      unsafe H5Screate_simple(Int32(extents.count), extents, nil), "the shape \(extents)", H5Sclose)
  }

  /// The type of texts of `size` bytes, padded with zeros, or of any length.
  static func text(_ size: Int?, isASCII: Bool) -> hid_t {
    let type = H5Tcopy(albertkit_hdf5_text())
    _ = H5Tset_size(type, size ?? albertkit_hdf5_variable_size())
    _ = H5Tset_strpad(type, size == nil ? H5T_STR_NULLTERM : H5T_STR_NULLPAD)
    _ = H5Tset_cset(type, isASCII ? H5T_CSET_ASCII : H5T_CSET_UTF8)
    return type
  }

  /// The type of a dataset's elements, the caller's to close; negative for one that has none.
  static func number(_ type: ElementType) -> hid_t {
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

package import AlbertTensors

/// The order and the places of a native file's tensors.
package struct NativeLayout: Equatable, Sendable {
  /// A tensor and where its bytes lie, counted from the start of the data.
  package struct Place: Equatable, Sendable {
    /// The tensor.
    package let tensor: TensorDescription
    /// The range of its bytes.
    package let range: Range<Int>
  }

  /// The tensors in the order of their bytes, without holes.
  package let places: [Place]

  /// The bytes of all tensors.
  package var byteCount: Int { places.last?.range.upperBound ?? 0 }

  /// Places tensors that are given in order of use: by falling alignment, ties as given.
  package init(inOrderOfUse tensors: [TensorDescription]) {
    let sorted = tensors.enumerated().sorted { left, right in
      let (a, b) = (Self.alignment(left.element), Self.alignment(right.element))
      return a == b ? left.offset < right.offset : a > b
    }
    var end = 0
    places = sorted.map { _, tensor in
      defer { end += tensor.byteCount }
      return Place(tensor: tensor, range: end..<end + tensor.byteCount)
    }
  }

  /// The largest power of two up to 64 that divides the tensor's size in bytes.
  private static func alignment(_ tensor: TensorDescription) -> Int {
    let size = tensor.byteCount
    return size == 0
      ? NativeProfile.tensorAlignment
      : min(NativeProfile.tensorAlignment, size & -size)
  }
}

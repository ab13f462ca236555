internal import AlbertTensors

/// A number that is known with the layout, as a dataset without axes.
package struct HDF5Value: Equatable, Sendable {
  /// What it is.
  package enum Number: Equatable, Sendable {
    case int64(Int64)
    case float32(Float)
  }

  /// The dataset's path.
  package let name: String
  /// The number.
  package let number: Number

  /// States a number.
  package init(_ name: String, _ number: Number) {
    self.name = name
    self.number = number
  }

  var tensor: TensorDescription {
    switch number {
    case .int64: TensorDescription(name: name, type: .int64, shape: Shape([]))
    case .float32: TensorDescription(name: name, type: .float32, shape: Shape([]))
    }
  }
}

/// A further path of a dataset, which is stored once.
package struct HDF5Link: Equatable, Sendable {
  /// The further path.
  package let name: String
  /// The dataset's own path.
  package let target: String

  /// States a link.
  package init(_ name: String, to target: String) {
    self.name = name
    self.target = target
  }
}

/// A text attribute of a group or dataset.
package struct HDF5Attribute: Equatable, Sendable {
  /// What it says.
  package enum Value: Equatable, Sendable {
    /// One text of any length, in UTF-8: what h5py makes of a `str`.
    case text(String)
    /// Texts of one length, padded with zeros: what h5py makes of an array of `bytes`. An empty list
    /// has NumPy's usual type, float64.
    case list([String])
  }

  /// The path of the group or dataset; empty for the root.
  package let holder: String
  /// The attribute's name.
  package let name: String
  /// What it says.
  package let value: Value

  /// States an attribute.
  package init(_ holder: String, _ name: String, _ value: Value) {
    self.holder = holder
    self.name = name
    self.value = value
  }

  /// A list as Keras' older format keeps it.
  ///
  /// It stands under `name` or, where an object's header could not hold it, in equal parts under
  /// `name0`, `name1` and so on. Follows `save_attributes_to_hdf5_group` (keras, hdf5_format.py).
  package static func kerasList(_ holder: String, _ name: String, _ values: [String]) -> [Self] {
    let size = values.map(\.utf8.count).max() ?? 0
    var parts = 1
    while parts < values.count,
      (values.count + parts - 1) / parts > max(1, largestKerasList / max(1, size))
    {
      parts += 1
    }
    guard parts > 1 else { return [Self(holder, name, .list(values))] }
    // As numpy.array_split: the first ones are longer by one.
    let (least, longer) = values.count.quotientAndRemainder(dividingBy: parts)
    var start = 0
    return (0..<parts).map { part in
      let count = least + (part < longer ? 1 : 0)
      defer { start += count }
      return Self(holder, "\(name)\(part)", .list(Array(values[start..<start + count])))
    }
  }

  /// Keras' `HDF5_OBJECT_HEADER_LIMIT`, in bytes.
  static let largestKerasList = 64_512
}

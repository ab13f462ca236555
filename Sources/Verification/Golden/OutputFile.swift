package import AlbertArchitecture
package import AlbertBytes
internal import AlbertArchives
package import SystemPackage
package import AlbertTensors

/// Writes the stages of a forward pass as they are computed, to `.npz` or `.safetensors`.
///
/// The file appears whole or not at all, and the same stages give the same bytes. It holds the
/// inputs too, so that it is a golden file of its own.
package struct OutputFile {
  private let file: AtomicFile
  /// The archive of a `.npz`, changed where it stands: it knows all that was added.
  private var zip: ZipWriter?
  /// Where the arrays of a `.safetensors` are, by name.
  private var places: [String: Range<Int>] = [:]

  /// Begins a file for the inputs and the given stages of a model, in the order in which they come.
  ///
  /// Throws where the path ends in neither extension, or exists and is not to be replaced.
  package init(
    _ path: FilePath, replacing: Bool, inputs: ModelInputs, stages: [(stage: Stage, shape: Shape)],
    type: ElementType
  ) throws(FileError) {
    let arrays = inputs.arrays
    try self.init(
      path, replacing: replacing,
      arrays: arrays.map { TensorDescription(name: $0.name, type: .int64, shape: inputs.shape) }
        + stages.map { TensorDescription(name: $0.stage.name, type: type, shape: $0.shape) })
    for array in arrays {
      try add(
        TensorDescription(name: array.name, type: .int64, shape: inputs.shape),
        littleEndian(array.values.map { UInt64(bitPattern: Int64($0)) }))
    }
  }

  /// Begins a file for the given arrays, each of another name, in the order in which they come.
  ///
  /// Throws where the path ends in neither extension, or exists and is not to be replaced.
  package init(
    _ path: FilePath, replacing: Bool, arrays: [TensorDescription]
  ) throws(FileError) {
    let place = try OutputPlace(path)
    // A pipe or a device has no ending of its own.
    switch path.extension ?? (place.isStream ? "npz" : "") {
    case "npz":
      file = try AtomicFile(at: place, replacing: replacing)
      zip = ZipWriter(to: file)
    case "safetensors":
      let header = try SafetensorsHeader(layingOut: arrays, path: path.string)
      file = try AtomicFile(at: place, replacing: replacing)
      for entry in header.entries { places[entry.tensor.name] = header.place(of: entry) }
      try unsafe file.write(header.bytes.span.bytes, at: 0)
    default:
      throw FileError(
        path.string, .unsupported("this extension for outputs"),
        remedy: "name a file that ends in .npz or .safetensors")
    }
  }

  /// Adds a stage in Float64.
  package mutating func add(_ output: StageOutput<Double>) throws(FileError) {
    try add(
      TensorDescription(name: output.stage.name, type: .float64, shape: output.shape),
      littleEndian(output.values.map(\.bitPattern)))
  }

  /// Adds a stage in Float32.
  package mutating func add(_ output: StageOutput<Float>) throws(FileError) {
    try add(
      TensorDescription(name: output.stage.name, type: .float32, shape: output.shape),
      littleEndian(output.values.map(\.bitPattern)))
  }

  /// Brings the file to the disk and gives it its name.
  package func commit() throws(FileError) {
    var zip = zip
    _ = try zip?.finish()
    try file.commit()
  }

  /// Adds an announced array: its elements in row-major order, little-endian.
  package mutating func add(
    _ tensor: TensorDescription, _ bytes: [UInt8]
  ) throws(FileError) {
    guard zip == nil else {
      try zip?.add(tensor.name + ".npy", [NumPyWriting.header(of: tensor), bytes])
      return
    }
    guard let place = places[tensor.name], place.count == bytes.count else {
      preconditionFailure("'\(tensor.name)' was not announced")
    }
    try unsafe file.write(bytes.span.bytes, at: place.lowerBound)
  }
}

extension ModelInputs {
  /// The three arrays by their names in files.
  var arrays: [(name: String, values: [Int])] {
    [
      (InputName.inputIDs, inputIDs), (InputName.attentionMask, attentionMask),
      (InputName.tokenTypeIDs, tokenTypeIDs),
    ]
  }
}

/// The bytes of an array, lowest first.
private func littleEndian<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
  let size = MemoryLayout<T>.size
  return unsafe [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, count in
    let target = UnsafeMutableRawBufferPointer(buffer)
    for (index, value) in values.enumerated() {
      unsafe target.storeBytes(of: value.littleEndian, toByteOffset: index * size, as: T.self)
    }
    count = values.count * size
  }
}

internal import Albert
internal import Bytes
internal import Tensors

/// The bytes of one planned tensor, as the output wants them.
struct TensorContent {
  let archive: any TensorArchive
  let planned: PlannedTensor

  /// Hands the output's bytes to `body` in windows: as they are read where the layout stays, else
  /// from the whole tensor, which is held once.
  func stream(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    switch planned.origin {
    case .stored(let tensor, _) where planned.passesThrough:
      try archive.read(tensor.name, body)
    case .stored(let tensor, let layout):
      var done = 0
      func change(_ window: RawSpan) throws(FileError) {
        let bytes = try ElementConversion.convert(
          window, from: tensor.type, to: planned.type, tensor: tensor.name, path: path,
          firstElement: done)
        done += window.byteCount / tensor.type.size
        try unsafe body(bytes.span.bytes)
      }
      guard layout.transposes else {
        try streamWholeElements(tensor, change)
        return
      }
      let d = planned.spec.shape.dimensions
      let isChanged = tensor.type != planned.type
      try streamTransposed(
        try whole(tensor), rows: d[1], columns: d[0], elementSize: tensor.type.size
      ) { (window) throws(FileError) in
        if isChanged { try change(window) } else { try body(window) }
      }
    case .identity:
      try unsafe body(identity().span.bytes)
    }
  }

  /// Reads a tensor whole and turns it to the canonical layout.
  func canonical(_ tensor: TensorDescription, _ layout: Layout) throws(FileError) -> [UInt8] {
    layout.toCanonical(
      try whole(tensor), canonical: planned.spec.shape, elementSize: tensor.type.size)
  }

  private var path: String { archive.files.first?.path.string ?? "" }

  private func whole(_ tensor: TensorDescription) throws(FileError) -> [UInt8] {
    let bytes = try archive.bytes(of: tensor)
    guard bytes.count == tensor.byteCount else {
      throw FileError(
        path,
        .mismatch(
          of: "the tensor's content", expected: "\(tensor.byteCount) bytes",
          found: "\(bytes.count) bytes"), tensor: tensor.name)
    }
    return bytes
  }

  /// Hands over windows that hold whole elements; an archive's own may end inside one.
  private func streamWholeElements(
    _ tensor: TensorDescription, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var rest: [UInt8] = []
    try archive.read(tensor.name) { (window) throws(FileError) in
      if rest.isEmpty && window.byteCount.isMultiple(of: tensor.type.size) {
        try body(window)
        return
      }
      unsafe window.withUnsafeBytes { unsafe rest.append(contentsOf: $0) }
      let count = rest.count - rest.count % tensor.type.size
      try body(unsafe rest.span.bytes.extracting(0..<count))
      rest.removeFirst(count)
    }
  }

  /// Weight I, or bias +0.0, in Float32.
  private func identity() -> [UInt8] {
    let shape = planned.spec.shape
    var bytes = [UInt8](repeating: 0, count: shape.count * 4)
    guard shape.rank == 2 else { return bytes }
    let one = Float(1).bitPattern.littleEndian
    for row in 0..<shape.dimensions[0] {
      let start = (row * shape.dimensions[1] + row) * 4
      for byte in 0..<4 { bytes[start + byte] = UInt8(truncatingIfNeeded: one >> (8 * byte)) }
    }
    return bytes
  }
}

internal import Albert
internal import Bytes
internal import Tensors

/// The bytes of one planned tensor, as the output wants them.
struct TensorContent {
  let archive: any TensorArchive
  let planned: PlannedTensor
  let heads: Int

  /// Hands the output's bytes to `body`: in windows as they are read where nothing changes, else
  /// whole after the change.
  func stream(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    switch planned.origin {
    case .stored(let tensor, _) where planned.passesThrough:
      try archive.read(tensor.name, body)
    case .stored(let tensor, let layout):
      let canonical = try canonical(tensor, layout)
      let bytes = try ElementConversion.convert(
        canonical, from: tensor.type, to: planned.type, tensor: tensor.name,
        path: archive.files.first?.path.string ?? "")
      try unsafe body(bytes.span.bytes)
    case .identity:
      try unsafe body(identity().span.bytes)
    }
  }

  /// Reads a tensor whole and turns it to the canonical layout.
  func canonical(_ tensor: TensorDescription, _ layout: Layout) throws(FileError) -> [UInt8] {
    let bytes = try archive.bytes(of: tensor)
    guard bytes.count == tensor.byteCount else {
      throw FileError(
        archive.files.first?.path.string ?? "",
        .mismatch(
          of: "the tensor's content", expected: "\(tensor.byteCount) bytes",
          found: "\(bytes.count) bytes"), tensor: tensor.name)
    }
    return layout.toCanonical(
      bytes, canonical: planned.spec.shape, elementSize: tensor.type.size)
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

package import AlbertBytes
package import AlbertTensors

/// Weights under PyTorch's pruning: `NAME_orig` and `NAME_mask`, whose product the layer computes with
/// (torch/nn/utils/prune.py, `apply_mask`).
package enum Pruning {
  private static let original = "_orig"
  private static let mask = "_mask"

  /// The container with the products in the place of their factors; itself where there are none.
  package static func applied(
    to archive: any TensorArchive
  ) throws(FileError) -> any TensorArchive {
    guard archive.graph == nil else { return archive }
    let tensors = archive.tensors.byName
    let pruned = archive.tensors.compactMap { tensor -> PrunedTensor? in
      guard tensor.name.hasSuffix(original), tensor.type.isFloatingPoint, tensor.shape.rank > 0
      else { return nil }
      let name = String(tensor.name.dropLast(original.count))
      guard tensors[name] == nil, let mask = tensors[name + mask], mask.shape == tensor.shape,
        mask.type.isFloatingPoint
      else { return nil }
      return PrunedTensor(name, original: tensor, mask: mask)
    }
    guard !pruned.isEmpty else { return archive }
    let note = ArchiveNote(
      .note, code: "pruned",
      message:
        "\(pruned.count) tensors are pruned by torch.nn.utils.prune; they are read as the original "
        + "times the mask, as its layers compute them")
    return try DerivedArchive(archive, pruned, notes: [note])
  }
}

/// The product of a tensor and its mask.
private struct PrunedTensor: DerivedTensor {
  let tensor: TensorDescription
  let parts: [String]
  private let original: TensorDescription
  private let mask: TensorDescription

  init(_ name: String, original: TensorDescription, mask: TensorDescription) {
    tensor = TensorDescription(name: name, type: original.type, shape: original.shape)
    parts = [original.name, mask.name]
    self.original = original
    self.mask = mask
  }

  func read(
    from archive: any TensorArchive, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let width = max(1, tensor.shape.dimensions.last ?? 1)
    // A bit for each element, since the mask is as large as the tensor.
    var kept: [UInt8] = []
    kept.reserveCapacity(tensor.shape.count / 8 + 1)
    var index = 0
    try archive.rows(of: mask, width: width) { (row) throws(FileError) in
      for column in 0..<width {
        let value = row.double(at: column, of: mask.type) ?? .nan
        guard value == 0 || value == 1 else {
          throw FileError(
            archive.path,
            .malformed("a mask of torch.nn.utils.prune holds \(value)"), tensor: mask.name,
            remedy: "call torch.nn.utils.prune.remove on that layer and save the model again")
        }
        if index.isMultiple(of: 8) { kept.append(0) }
        if value == 1 { kept[index / 8] |= 1 << UInt8(index % 8) }
        index += 1
      }
    }
    index = 0
    var writer = NumberWriter(tensor.type)
    try archive.rows(of: original, width: width) { (row) throws(FileError) in
      for column in 0..<width {
        let value = row.double(at: column, of: original.type) ?? .nan
        let isKept = index / 8 < kept.count && kept[index / 8] >> UInt8(index % 8) & 1 == 1
        // As PyTorch multiplies: a negative number leaves a negative zero.
        writer.append(isKept ? value : value * 0)
        index += 1
      }
      try writer.pass(body)
    }
    try writer.pass(last: true, body)
  }
}

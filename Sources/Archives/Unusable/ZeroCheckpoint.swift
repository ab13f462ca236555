package import AlbertBytes
internal import SystemPackage
package import AlbertTensors

/// DeepSpeed's checkpoints, whose weights lie in parts by number instead of by name, and what single ranks of
/// PyTorch's FSDP save of their pieces.
package enum ZeroCheckpoint {
  private static let script = "zero_to_fp32.py"
  private static let remedy: Remedy =
    "merge the parts with the script that DeepSpeed puts beside its checkpoint, python "
    + "\(script) FOLDER OUTPUT, and convert what it writes"

  /// Throws where a file holds the empty tensors that ZeRO-3 leaves in the place of weights, or one rank's
  /// pieces of a model.
  package static func check(_ archive: any TensorArchive) throws(FileError) {
    if let piece = piece(in: archive) {
      throw FileError(
        archive.path,
        .rejected(
          code: "fsdp-pieces",
          message:
            "these are the pieces that PyTorch's FSDP cut a model into for its ranks, such as "
            + "'\(piece.name)' \(piece.shape)"),
        remedy: "save the model under StateDictType.FULL_STATE_DICT, or with "
          + "torch.distributed.checkpoint under SHARDED_STATE_DICT, and convert that")
    }
    let empty = archive.tensors.filter { $0.shape.dimensions == [0] && $0.type.isFloatingPoint }
    guard empty.count > 1, let first = empty.first(where: { $0.name.hasSuffix(".weight") }) else {
      return
    }
    throw FileError(
      archive.path,
      .rejected(
        code: "zero3-placeholders",
        message: "\(empty.count) of \(archive.tensors.count) tensors are empty, such as "
          + "'\(first.name)': DeepSpeed's ZeRO-3 keeps the weights elsewhere, in parts"),
      remedy: remedy)
  }

  /// One of the pieces that FSDP's LOCAL_STATE_DICT holds: all of a module in one list, or of each matrix the
  /// numbers that a rank has, which may be none.
  private static func piece(in archive: any TensorArchive) -> TensorDescription? {
    let tensors = archive.tensors.filter { $0.type.isFloatingPoint }
    if let flat = archive.tensors.first(where: { $0.name.hasSuffix("_flat_param") }) { return flat }
    guard tensors.contains(where: { $0.shape.dimensions == [0] }) else { return nil }
    let sizes = Dictionary(firstOfEach: tensors.map { ($0.name, $0.shape.count) })
    // A LayerNorm's weight is as long as its bias.
    return tensors.first { tensor in
      guard tensor.shape.rank == 1, tensor.shape.count > 0, tensor.name.hasSuffix(".weight")
      else { return false }
      return sizes[tensor.name.dropLast("weight".count) + "bias"] != tensor.shape.count
    }
  }

  /// The error for a folder of DeepSpeed's; nil for any other.
  static func error(folder: FilePath, _ names: [FilePath.Component]) -> FileError? {
    let part = names.first {
      $0.string.contains("zero_pp_rank_") || $0.string.hasSuffix("_optim_states.pt")
    }
    guard let sign = part ?? names.first(where: { $0.string == script }) else { return nil }
    // ZeRO-1 and 2 cut the optimizer's numbers alone, and with them the weights in full precision.
    let whole = names.filter {
      $0.string.hasPrefix("mp_rank_") && $0.string.hasSuffix("_model_states.pt")
    }
    let other =
      whole.count == 1
      ? "; or name '\(whole[0].string)' itself, which holds the weights as they are computed with"
      : ""
    return FileError(
      folder.string,
      .rejected(
        code: "zero-checkpoint",
        message:
          "this is a checkpoint of DeepSpeed's ZeRO ('\(sign.string)'), which keeps the weights "
          + "\(other.isEmpty ? "" : "of its optimizer ")in parts without names"),
      remedy: remedy + other)
  }
}

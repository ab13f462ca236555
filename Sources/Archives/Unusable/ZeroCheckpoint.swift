package import AlbertBytes
internal import SystemPackage
package import AlbertTensors

/// DeepSpeed's checkpoints, whose weights lie in parts by number instead of by name.
package enum ZeroCheckpoint {
  private static let script = "zero_to_fp32.py"
  private static let remedy: Remedy =
    "merge the parts with the script that DeepSpeed puts beside its checkpoint, python "
    + "\(script) FOLDER OUTPUT, and convert what it writes"

  /// Throws where a file holds the empty tensors that ZeRO-3 leaves in the place of weights.
  package static func check(_ archive: any TensorArchive) throws(FileError) {
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

  /// The error for a folder of DeepSpeed's; nil for any other.
  static func error(folder: FilePath, _ names: [FilePath.Component]) -> FileError? {
    let part = names.first {
      $0.string.contains("zero_pp_rank_") || $0.string.hasSuffix("_optim_states.pt")
    }
    guard let sign = part ?? names.first(where: { $0.string == script }) else { return nil }
    return FileError(
      folder.string,
      .rejected(
        code: "zero-checkpoint",
        message:
          "this is a checkpoint of DeepSpeed's ZeRO ('\(sign.string)'), which keeps the weights "
          + "in parts without names"), remedy: remedy)
  }
}

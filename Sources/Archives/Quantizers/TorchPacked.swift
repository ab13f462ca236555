internal import AlbertBytes
internal import AlbertTensors

/// PyTorch's dynamically quantised layers: matrix and bias in one packed parameter, beside the scale and
/// zero point of what the layer gives, which a dynamic one has no use for; of embeddings the table alone.
///
/// (torch/ao/nn/quantized/modules, `LinearPackedParams` and `EmbeddingPackedParams`.) The matrix itself is
/// read as numbers already.
enum TorchPacked: Quantizer {
  static let title = "PyTorch (quantize_dynamic)"

  private static let packed = "._packed_params"
  private static let table = "._packed_weight"

  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor] {
    var matrices: [any DerivedTensor] = []
    // A tuple of both since version 3 of such layers, each by itself before. Embeddings' object of C++ holds
    // a list of the table alone.
    for (matrix, bias) in [
      (packed + ".0", packed + ".1"), (".weight", ".bias"), (table, nil), (table + ".1.0", nil),
    ] {
      for (stem, tensor) in archive.named(packed + matrix) {
        guard tensor.type == .float32 else {
          throw archive.error(title, tensor.name, "its integers are not read here,")
        }
        var weight = RenamedTensor(tensor, as: stem + ".weight")
        weight.parts += ["scale", "zero_point"].compactMap {
          let name = "\(stem).\($0)"
          return archive.tensors[name].flatMap { $0.shape.count == 1 ? name : nil }
        }
        matrices.append(weight)
        if let bias = bias.flatMap({ archive.tensors[stem + packed + $0] }) {
          matrices.append(RenamedTensor(bias, as: stem + ".bias"))
        }
      }
    }
    return matrices
  }
  static func notes(on matrices: [any DerivedTensor]) -> [ArchiveNote] {
    guard matrices.contains(where: { !($0.parts.first ?? "").contains(table) }) else { return [] }
    return [
      ArchiveNote(
        .note, code: "activations-quantized",
        message:
          "where a layer is of 8 bits, PyTorch rounds what goes into it to 8 bits, too: its outputs differ "
          + "from what the numbers give")
    ]
  }
}

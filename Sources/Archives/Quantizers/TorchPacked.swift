internal import AlbertBytes
internal import AlbertTensors

/// PyTorch's dynamically quantised layers: matrix and bias in one packed parameter, beside the scale and
/// zero point of what the layer gives, which a dynamic one has no use for.
///
/// (torch/ao/nn/quantized/modules/linear.py, `LinearPackedParams`.) The matrix itself is read as numbers
/// already.
enum TorchPacked: Quantizer {
  static let title = "PyTorch (quantize_dynamic)"

  private static let packed = "._packed_params"

  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor] {
    var matrices: [any DerivedTensor] = []
    // A tuple of both since version 3 of such layers, each by itself before.
    for (matrix, bias) in [(packed + ".0", packed + ".1"), (".weight", ".bias")] {
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
        if let bias = archive.tensors[stem + packed + bias] {
          matrices.append(RenamedTensor(bias, as: stem + ".bias"))
        }
      }
    }
    return matrices
  }
}

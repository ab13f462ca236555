internal import AlbertBytes
internal import AlbertTensors

/// Quantisers whose numbers are not read, known by what they call their tensors.
enum ForeignQuantizer {
  /// One line per quantiser: its name, and an ending that only it uses.
  private static let endings: [(title: String, ending: String)] = [
    ("GPTQ", ".g_idx"),
    ("AWQ or GPTQ", ".qweight"),
    ("compressed-tensors", ".weight_packed"),
    ("FP8 with scales of blocks", ".weight_scale_inv"),
    ("compressed-tensors or FBGEMM", ".weight_scale"),
    ("EETQ", ".weight_scales"),
    ("HQQ", ".W_q"),
    ("Quanto", ".weight._data"),
    ("Quanto", ".weight._data._data"),
    ("AQLM", ".codebooks"),
    ("VPTQ", ".centroids.weight"),
    ("bitsandbytes without the state of its matrices", ".weight.absmax"),
  ]

  /// The error for a container that one of them wrote; nil for any other.
  static func error(_ archive: QuantizedArchive) -> FileError? {
    // A layer's first variable is its matrix, which Keras puts integers into.
    if let (_, tensor) = archive.named("/vars/0").first(where: {
      $0.tensor.shape.rank > 1 && $0.tensor.type == .int8
    }) {
      return error(archive, "Keras (quantize)", tensor)
    }
    for (title, ending) in endings {
      guard let tensor = archive.named(ending).first?.tensor else { continue }
      if ending == ".weight.absmax", isTold(tensor, archive) { continue }
      let method = archive.config?["quantization_config"]?["quant_method"]?.string
      return error(archive, method.map { "'\($0)'" } ?? title, tensor)
    }
    return nil
  }

  private static func error(
    _ archive: QuantizedArchive, _ title: String, _ tensor: TensorDescription
  ) -> FileError {
    FileError(
      archive.path,
      .rejected(
        code: "quantized",
        message:
          "the weights were quantised by \(title), which is not "
          + "read: there is '\(tensor.name)' \(tensor.shape)"), remedy: Quantization.remedy)
  }

  /// Whether bitsandbytes' scales have the text beside them that says what they are.
  private static func isTold(_ absmax: TensorDescription, _ archive: QuantizedArchive) -> Bool {
    let stem = absmax.name.dropLast("absmax".count)
    return archive.tensors.keys.contains { $0.hasPrefix(stem + "quant_state.") }
  }
}

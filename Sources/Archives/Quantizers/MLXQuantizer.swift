internal import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

/// MLX's `affine` mode: integers of 2 to 8 bits in words of 32, the first in the lowest bits, and a scale
/// and a bias for each group of a row.
///
/// A number is integer × scale + bias, each step rounded to the scales' type, as `mlx.core.dequantize`
/// has it (mlx/ops.cpp, `affine_dequantize`).
enum MLXQuantizer: Quantizer {
  static let title = "MLX"

  private static let bits = [2, 3, 4, 5, 6, 8]
  private static let usual = (bits: 4, group: 64)

  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor] {
    var matrices: [any DerivedTensor] = []
    for (stem, scales) in archive.named(".scales") {
      guard let data = archive.tensors[stem + ".weight"], data.type == .uint32 else { continue }
      matrices.append(try matrix(stem, data, scales, archive))
    }
    return matrices
  }

  private static func matrix(
    _ stem: String, _ data: TensorDescription, _ scales: TensorDescription,
    _ archive: QuantizedArchive
  ) throws(FileError) -> QuantizedMatrix {
    func wrong(_ what: String) -> FileError { archive.error(title, data.name, what) }
    let stated = settings(of: stem, archive)
    guard let biases = archive.tensors[stem + ".biases"], scales.type.isFloatingPoint else {
      throw wrong(
        "its mode\(stated.mode.map { " '\($0)'" } ?? "") has no biases, which is not read here,")
    }
    guard data.shape.rank == 2, scales.shape.rank == 2, scales.shape == biases.shape,
      biases.type == scales.type, scales.type != .float64,
      data.shape.dimensions[0] == scales.shape.dimensions[0], scales.shape.count > 0,
      let rowBits = data.shape.dimensions[1].multiplied(by: 32)
    else { throw wrong("scales and biases do not fit the integers") }
    let groups = scales.shape.dimensions[1]
    let group = stated.group ?? usual.group
    let bits = stated.bits ?? usual.bits
    // MLX cuts rows into whole groups alone; others that write its format let the last one be short.
    guard Self.bits.contains(bits), group > 0, rowBits.isMultiple(of: bits), rowBits > 0,
      case let columns = rowBits / bits, groups == (columns - 1) / group + 1,
      let shape = Shape(checking: [data.shape.dimensions[0], columns])
    else {
      let source =
        stated.group != nil && stated.bits != nil
        ? "the config's"
        : archive.config?["quantization"] ?? archive.config?["quantization_config"] == nil
          ? "no config says 'quantization', and MLX's usual"
          : "the config's 'quantization' does not state both in whole numbers, and MLX's usual"
      throw wrong(
        "\(source) \(bits) bits in groups of \(group) do not fit \(groups) scales for "
          + "\(rowBits) bits in a row; state both in the config as "
          + #""quantization": {"group_size": G, "bits": B},"#)
    }
    return QuantizedMatrix(
      tensor: TensorDescription(name: data.name, type: scales.type, shape: shape),
      parts: [data.name, scales.name, biases.name], data: data,
      codes: PackedCodes(bits: bits, rowBytes: rowBits / 8, rowCount: columns),
      formula: .biased(biases: biases), scales: .stored(scales),
      places: .grid(columns: columns, block: (1, group)))
  }

  /// What the config says of a module, or of all.
  private static func settings(
    of stem: String, _ archive: QuantizedArchive
  ) -> (bits: Int?, group: Int?, mode: String?) {
    let all = archive.config?["quantization"] ?? archive.config?["quantization_config"]
    let own = all?[stem]
    return (
      own?["bits"]?.integer ?? all?["bits"]?.integer,
      own?["group_size"]?.integer ?? all?["group_size"]?.integer,
      own?["mode"]?.string ?? all?["mode"]?.string
    )
  }
}

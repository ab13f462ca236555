internal import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

/// torchao's tensors in safetensors: integers, scales and zero points under names of their own, and a
/// text in the metadata that says what they are (torchao/prototype/safetensors).
///
/// A number is (integer − zero point) × scale, rounded to the type that the text says, as
/// `dequantize_affine` has it (torchao/quantization/quant_primitives.py).
enum TorchAO: Quantizer {
  static let title = "torchao"

  private static let read: Set = ["Int8Tensor", "IntxUnpackedToInt8Tensor"]

  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor] {
    var matrices: [any DerivedTensor] = []
    for (name, text) in archive.archive.metadata.short.sorted(by: { $0.key < $1.key })
    where text.hasPrefix("{") && text.contains("_tensor_data_names") {
      guard let json = try? JSONValue.parse(Array(text.utf8), path: archive.path),
        let kind = json["_type"]?.string
      else { continue }
      guard read.contains(kind) else {
        throw archive.error(title, name, "its \(kind) is not read here,")
      }
      matrices.append(try matrix(name, json["_data"] ?? .null, archive))
    }
    return matrices
  }

  private static func matrix(
    _ name: String, _ json: JSONValue, _ archive: QuantizedArchive
  ) throws(FileError) -> QuantizedMatrix {
    // `albert.pooler.weight` lies in `albert.pooler._weight_qdata` and so on.
    let dot = name.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex
    let stem = "\(name[..<dot])_\(name[dot...])_"
    guard let data = archive.tensors[stem + "qdata"], data.type == .int8, data.shape.rank == 2,
      let scales = archive.tensors[stem + "scale"], scales.type.isFloatingPoint,
      let block = json["block_size"]?.elements?.compactMap(\.integer), block.count == 2,
      let type = json["dtype"]?["_data"]?.string.flatMap(BitsAndBytes4.numberType)
    else { throw archive.error(title, name, "integers, scales or their type are missing") }
    let size = zip(data.shape.dimensions, block)
    guard size.allSatisfy({ $1 > 0 && $0.isMultiple(of: $1) }),
      scales.shape.count == size.map({ $0 / $1 }).reduce(1, *)
    else { throw archive.error(title, name, "the scales do not fit blocks of \(block)") }
    let zeros = archive.tensors[stem + "zero_point"]
    guard zeros.map({ $0.shape.count == scales.shape.count }) ?? true else {
      throw archive.error(title, name, "there is not a zero point for each scale")
    }
    return QuantizedMatrix(
      tensor: TensorDescription(name: name, type: type, shape: data.shape),
      parts: [data.name, scales.name] + (zeros.map { [$0.name] } ?? []), data: data,
      codes: .signedBytes(data.shape), formula: .affine(zeros: zeros), scales: .stored(scales),
      places: .grid(
        columns: max(1, data.shape.dimensions[1]), block: (block[0], block[1])))
  }
}

internal import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

/// bitsandbytes' nf4 and fp4: integers of 4 bits, the first of a byte in its high half, that name a
/// number of a table, and a scale for each block of the elements in a row.
///
/// As `QuantState.from_dict` and `dequantize_4bit` have it (bitsandbytes/functional.py,
/// backends/default/ops.py). The library's kernel for CPUs cuts rows that are not a multiple of a block
/// otherwise than its quantiser did; its other kernels do as here.
enum BitsAndBytes4: Quantizer {
  static let title = "bitsandbytes (4 bits)"

  private static let states = [".quant_state.bitsandbytes__nf4", ".quant_state.bitsandbytes__fp4"]
  private static let maxState = 1 << 12

  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor] {
    var matrices: [any DerivedTensor] = []
    for ending in states {
      for (name, state) in archive.named(ending) {
        matrices.append(try matrix(name, state, archive))
      }
    }
    return matrices
  }

  private static func matrix(
    _ name: String, _ state: TensorDescription, _ archive: QuantizedArchive
  ) throws(FileError) -> QuantizedMatrix {
    func wrong(_ what: String) -> FileError { archive.error(title, name, what) }
    guard state.type == .uint8, state.shape.count <= maxState else {
      throw wrong("'quant_state' is no text")
    }
    let text = try archive.archive.bytes(of: state)
    guard let json = try? JSONValue.parse(text, path: archive.path),
      let shape = json["shape"]?.elements?.compactMap(\.integer), shape.count == 2,
      let shape = Shape(checking: shape), let block = json["blocksize"]?.integer, block > 0,
      let type = json["dtype"]?.string.flatMap(numberType)
    else { throw wrong("'quant_state' does not say shape, block size and type") }
    guard let data = archive.tensors[name], data.byteCount == (shape.count + 1) / 2 else {
      throw wrong("there are not the bytes that 4 bits of \(shape) take")
    }
    let blocks = shape.count / block + (shape.count.isMultiple(of: block) ? 0 : 1)
    guard let map = archive.tensors[name + ".quant_map"], map.type == .float32,
      map.shape.count == 16, let absmax = archive.tensors[name + ".absmax"],
      absmax.shape.count == blocks
    else { throw wrong("there are not 16 numbers and \(blocks) scales") }
    var parts = [name, absmax.name, map.name, state.name]
    let scales: QuantizedMatrix.Scales
    if absmax.type == .uint8 {
      scales = try nested(name, absmax, json, archive, &parts)
    } else if absmax.type.isFloatingPoint {
      scales = .stored(absmax)
    } else {
      throw wrong("the scales are \(absmax.type.name)")
    }
    return QuantizedMatrix(
      tensor: TensorDescription(name: name, type: type, shape: shape), parts: parts, data: data,
      codes: PackedCodes(
        bits: 4, isHighFirst: true, rowBytes: max(1, data.byteCount), rowCount: shape.count),
      formula: .table(try archive.archive.numbers(of: map)), scales: scales,
      places: .flat(block: block))
  }

  /// Scales that are quantised themselves.
  private static func nested(
    _ name: String, _ absmax: TensorDescription, _ json: JSONValue, _ archive: QuantizedArchive,
    _ parts: inout [String]
  ) throws(FileError) -> QuantizedMatrix.Scales {
    guard let block = json["nested_blocksize"]?.integer, block > 0,
      let offset = json["nested_offset"]?.double,
      let map = archive.tensors[name + ".nested_quant_map"], map.type == .float32,
      map.shape.count == 256, let scales = archive.tensors[name + ".nested_absmax"],
      scales.type == .float32,
      scales.shape.count == (absmax.shape.count - 1) / block + 1
    else { throw archive.error(title, name, "the scales' own scales do not fit them") }
    parts += [map.name, scales.name]
    return .nested(
      absmax, table: try archive.archive.numbers(of: map),
      scales: try archive.archive.numbers(of: scales), block: block, offset: Float(offset))
  }

  /// The type that PyTorch calls `name`.
  static func numberType(_ name: String) -> ElementType? {
    [ElementType.float32, .float16, .bfloat16].first { $0.name == name }
  }
}

internal import AlbertBytes
internal import AlbertTensors

extension TorchPickle {
  /// The matrix that a tensor of torchao's stands for; nil for any other.
  ///
  /// It is a tensor without data of its own, whose attributes are integers, scales and zero points
  /// (torchao/quantization/quantize_/workflows). A number is (integer − zero point) × scale, rounded to
  /// the tensor's type, as `dequantize_affine` has it.
  func torchAO(
    _ arguments: [PickleValue], _ inner: [PickleValue]
  ) throws(FileError) -> TorchTensor? {
    guard arguments.count >= 4, let kind = tree.global(arguments[1]), kind.hasPrefix("torchao."),
      Self.readable.contains(where: { kind.hasSuffix("." + $0) }),
      let state = tree.node(arguments[3], .dictionary)
    else { return nil }
    guard case .view(let data)? = try tensor(attribute("qdata", state)), data.element.type == .int8,
      data.shape.rank == 2, case .view(let scales)? = try tensor(attribute("scale", state)),
      scales.element.type.isFloatingPoint, inner.count > 1,
      let type = tree.global(inner[1]).flatMap(TorchElement.init(dtype:))?.type,
      type.isFloatingPoint, let block = integers(attribute("block_size", state)), block.count == 2
    else { return nil }
    let size = zip(data.shape.dimensions, block)
    guard size.allSatisfy({ $1 > 0 && $0.isMultiple(of: $1) }),
      scales.shape.count == size.map({ $0 / $1 }).reduce(1, *)
    else { throw malformed("the scales of a \(kind)") }
    var zeros: TorchView?
    if case .view(let view)? = try tensor(attribute("zero_point", state)) {
      guard view.shape.count == scales.shape.count, view.element.type.size > 0,
        !view.element.isComplex
      else { throw malformed("the zero points of a \(kind)") }
      zeros = view
    }
    let places = BlockPlaces.grid(
      columns: max(1, data.shape.dimensions[1]), block: (block[0], block[1]))
    return .quantized(data, .blocks(places, scales: scales, zeros: zeros, type: type))
  }

  /// That a class of tensors holds a quantiser's integers, with the quantiser; nil for any other class.
  static func quantizer(of kind: String) -> String? {
    quantizers.first { kind.hasPrefix($0.package) }.map {
      let name = kind.split(separator: ".").last ?? ""
      return "\(quantised) \($0.title) (\(name))"
    }
  }

  /// Beginnings of what is said of a quantiser's tensors.
  static let quantised = "quantised by"

  private static let quantizers: [(package: String, title: String)] = [
    ("torchao.", "torchao"), ("optimum.quanto.", "Quanto"), ("quanto.", "Quanto"),
    ("bitsandbytes.", "bitsandbytes"), ("hqq.", "HQQ"),
    ("compressed_tensors.", "compressed-tensors"),
    ("transformer_engine.", "Transformer Engine"),
  ]

  private static let readable = ["Int8Tensor", "IntxUnpackedToInt8Tensor"]

  private func attribute(_ name: String, _ state: PickleNode) -> PickleValue {
    state.pairs.inPairs.first { tree.text($0.key) == name }?.value ?? .null
  }
}

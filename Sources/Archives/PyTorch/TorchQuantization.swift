internal import AlbertBytes
internal import AlbertTensors

/// What turns the integers of a quantised tensor into numbers: (integer − zero point) × scale in Float32,
/// as `dequantize` has it (aten/src/ATen/native/quantized/AffineQuantizer.cpp).
enum TorchQuantization: Sendable {
  /// One scale and zero point for all.
  case whole(scale: Float, zero: Float)
  /// One of each for every index of an axis.
  case axis(Int, scales: TorchView, zeros: TorchView)
  /// One of each for every block of a matrix; the numbers are rounded to a type.
  case blocks(BlockPlaces, scales: TorchView, zeros: TorchView?, type: ElementType)

  /// What the numbers are.
  var type: ElementType {
    if case .blocks(_, _, _, let type) = self { type } else { .float32 }
  }
}

extension TorchPickle {
  /// Integers with what turns them into numbers.
  func quantized(_ name: String, _ arguments: [PickleValue]) throws(FileError) -> TorchTensor {
    guard arguments.count >= 5, case .node(let place) = arguments[0],
      let storage = storagesByNode[place], let facts = tree.tuple(arguments[4]), facts.count >= 3,
      let scheme = tree.global(facts[0])
    else { throw malformed(name) }
    let types = ["qint8": "int8", "quint8": "uint8", "qint32": "int32"]
    guard let type = types[storage.element.word],
      let element = TorchElement(dtype: "torch." + type)
    else { return .unreadable(Shape([]), reason: "of type \(storage.element.word)") }
    let tensor = try view(name, arguments, as: element)
    guard case .view(let view) = tensor else { return tensor }
    switch scheme {
    case "torch.per_tensor_affine":
      guard let scale = tree.number(facts[1]), let zero = tree.integer(facts[2]) else {
        throw malformed(name)
      }
      return .quantized(view, .whole(scale: Float(scale), zero: Float(zero)))
    case "torch.per_channel_affine":
      guard facts.count >= 4, case .view(let scales)? = try self.tensor(facts[1]),
        case .view(let zeros)? = try self.tensor(facts[2]), let axis = tree.integer(facts[3]),
        view.shape.dimensions.indices.contains(axis),
        case let extent = view.shape.dimensions[axis], scales.shape.count == extent,
        zeros.shape.count == extent, scales.element.type.isFloatingPoint,
        zeros.element.type.size > 0, !zeros.element.isComplex
      else { throw malformed(name) }
      return .quantized(view, .axis(axis, scales: scales, zeros: zeros))
    default: return .unreadable(view.shape, reason: "quantized (\(scheme))")
    }
  }
}

extension TorchFile {
  /// What turns the integers of `view` into numbers, its scales read.
  func dequantizer(
    _ view: TorchView, _ quantization: TorchQuantization
  ) throws(FileError) -> TorchDequantizer {
    switch quantization {
    case .whole(let scale, let zero):
      return TorchDequantizer(type: view.element.type, scales: [scale], zeros: [zero])
    case .axis(let axis, let scales, let zeros):
      return TorchDequantizer(
        type: view.element.type, scales: try floats(scales), zeros: try floats(zeros),
        stride: view.shape.dimensions[(axis + 1)...].reduce(1, *))
    case .blocks(let places, let scales, let zeros, let type):
      return TorchDequantizer(
        type: view.element.type, scales: try floats(scales), zeros: try zeros.map(floats) ?? [],
        places: places, result: type)
    }
  }

  private func floats(_ view: TorchView) throws(FileError) -> [Float] {
    var bytes: [UInt8] = []
    try read(view) { (window) throws(FileError) in
      bytes.append(window)
    }
    return unsafe bytes.span.bytes.floats(of: view.element.type) ?? []
  }
}

/// Turns integers that come in windows into numbers.
struct TorchDequantizer {
  private let type: ElementType
  private let scales: [Float]
  private let zeros: [Float]
  /// Elements between two indices of the axis that has scales.
  private let stride: Int
  /// Which scale an element has, where not an axis says it.
  private let places: BlockPlaces?
  private let result: ElementType
  private var position = 0

  init(
    type: ElementType, scales: [Float], zeros: [Float], stride: Int = 1, places: BlockPlaces? = nil,
    result: ElementType = .float32
  ) {
    self.type = type
    self.scales = scales
    self.zeros = zeros
    self.stride = stride
    self.places = places
    self.result = result
  }

  /// Hands on the numbers of the next window, which holds whole integers.
  mutating func pass(
    _ window: RawSpan, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var writer = NumberWriter(result)
    for index in 0..<window.byteCount / type.size {
      let place = places?.place(position) ?? position / max(1, stride) % scales.count
      position += 1
      let integer = window.double(at: index, of: type) ?? 0
      // The difference is an integer, which Double holds exactly; PyTorch's is one of Int32.
      let zero = zeros.isEmpty ? 0 : Double(zeros[place])
      writer.append(Float(integer - zero) * scales[place])
      try writer.pass(body)
    }
    try writer.pass(last: true, body)
  }
}

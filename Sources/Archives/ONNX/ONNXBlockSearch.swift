internal import AlbertBytes
internal import AlbertTensors

/// The search for tensors of packed integers that a graph turns back into numbers block by block.
struct ONNXBlockSearch {
  private let graph: OperatorGraph
  /// Tensors of less than 8 bits per element.
  private let small: [String: ONNXSmallType]
  /// By the name of the tensor of integers.
  private(set) var found: [String: ONNXBlocks] = [:]
  /// Tensors that are turned back in a way that is not read here, or in two ways.
  private(set) var unclear: Set<String> = []
  /// Further tensors of scales, which must hold the same numbers: optimisers keep scales in two types.
  private(set) var otherScales: [String: Set<String>] = [:]

  /// Bits of the integers of `MatMulNBits` that onnxruntime computes with; how others lie in bytes, its
  /// code does not say.
  private static let bits = [2, 4, 8]
  private static let farthest = 16

  init(_ graph: OperatorGraph, small: [String: ONNXSmallType]) {
    self.graph = graph
    self.small = small
    for node in graph.nodes {
      switch node.operation {
      case "MatMulNBits": record(node.input(1), product(node))
      case "MatMulBnb4": record(node.input(1), bnb4(node))
      case "GatherBlockQuantized": record(node.input(0), gathered(node))
      case "DequantizeLinear":
        let isPacked = constant(node.input(0)).map { small[$0.name] != nil } ?? false
        if isPacked || node.integer("block_size") ?? 0 != 0 {
          record(node.input(0), dequantized(node))
        }
      default: break
      }
    }
  }

  private mutating func record(_ value: String?, _ blocks: ONNXBlocks?) {
    guard let name = constant(value)?.name else { return }
    guard let blocks else {
      unclear.insert(name)
      return
    }
    guard let other = found[name] else {
      found[name] = blocks
      return
    }
    var renamed = blocks
    renamed.scales = other.scales
    if renamed != other { unclear.insert(name) }
    if blocks.scales != other.scales { otherScales[name, default: []].insert(blocks.scales) }
  }

  /// The constant that `value` is, copies passed over, and where `isWidened` casts to Float32 too.
  private func constant(_ value: String?, isWidened: Bool = false) -> TensorDescription? {
    guard var value else { return nil }
    for _ in 0..<Self.farthest {
      if let tensor = graph.constants[value]?.tensor { return tensor }
      guard let node = graph.producer(of: value), let input = node.input(0),
        node.operation == "Identity"
          || (isWidened && node.operation == "Cast" && node.integer("to") == Self.float32)
      else { return nil }
      value = input
    }
    return nil
  }

  /// ONNX's code of Float32, in which onnxruntime computes what it has no kernel of float16 for.
  private static let float32 = 1

  /// Numbers, as many as `count`.
  private func numbers(_ value: String?, _ count: Int) -> TensorDescription? {
    guard let tensor = constant(value, isWidened: true), tensor.type.isFloatingPoint,
      tensor.shape.count == count
    else { return nil }
    return tensor
  }

  /// `MatMulNBits`: [outputs, blocks, bytes of a block], each row of outputs cut along the inputs.
  ///
  /// With a block's number for each input (`g_idx`) it is unclear: onnxruntime's kernel for CPUs looks
  /// them up at other places than those who write them mean.
  private func product(_ node: OperatorNode) -> ONNXBlocks? {
    guard let data = constant(node.input(1)), data.type == .uint8, node.input(4) == nil,
      let inputs = node.integer("K"), let outputs = node.integer("N"),
      let block = node.integer("block_size"), inputs > 0, outputs > 0, block > 0,
      // More would be taken for a block of more than a whole matrix of any model.
      block <= 1 << 20, block.isMultiple(of: 8),
      let shape = Shape(checking: [outputs, inputs]),
      case let bits = node.integer("bits") ?? 4, Self.bits.contains(bits)
    else { return nil }
    let blocks = ONNXBlockPlaces.blocks(inputs, block)
    let rowBytes = blocks * (block / 8 * bits)
    guard let stored = Shape(checking: [outputs, rowBytes]), stored.count == data.shape.count,
      let scales = numbers(node.input(2), outputs * blocks)
    else { return nil }
    var zero = ONNXBlocks.Zero.fixed(1 << (bits - 1))
    if let value = node.input(3) {
      guard let points = constant(value) else { return nil }
      let zeroBytes = ONNXSmallType(bits: bits, isSigned: false).bytes(blocks)
      if points.type == .uint8, points.shape.count == outputs * zeroBytes {
        zero = .packed(points.name, PackedCodes(bits: bits, rowBytes: zeroBytes, rowCount: blocks))
      } else if numbers(value, outputs * blocks) != nil {
        zero = .numbers(points.name)
      } else {
        return nil
      }
    }
    return ONNXBlocks(
      shape: shape, codes: PackedCodes(bits: bits, rowBytes: rowBytes, rowCount: inputs),
      places: ONNXBlockPlaces(shape, axis: 1, block: block), scales: scales.name, zero: zero)
  }

  /// `MatMulBnb4`: the elements [outputs, inputs] in one row, cut without regard to its axes.
  private func bnb4(_ node: OperatorNode) -> ONNXBlocks? {
    guard let data = constant(node.input(1)), data.type == .uint8,
      let inputs = node.integer("K"), let outputs = node.integer("N"),
      let block = node.integer("block_size"), inputs > 0, outputs > 0, block > 0,
      node.integer("transB") ?? 1 == 1,
      let table = node.integer("quant_type").flatMap({ FourBitTable.all[$0]?.map { Float($0) } }),
      let shape = Shape(checking: [outputs, inputs]),
      case let type = ONNXSmallType(bits: 4, isSigned: false),
      data.shape.count == type.bytes(shape.count),
      let scales = numbers(node.input(2), ONNXBlockPlaces.blocks(shape.count, block))
    else { return nil }
    var codes = PackedCodes.flat(shape.count, type)
    codes.isHighFirst = true
    return ONNXBlocks(
      shape: shape, codes: codes,
      places: ONNXBlockPlaces(Shape([shape.count]), axis: 0, block: block), scales: scales.name,
      zero: .table(table))
  }

  /// `GatherBlockQuantized`: a table whose bytes hold several elements of its last axis, or a packed one.
  private func gathered(_ node: OperatorNode) -> ONNXBlocks? {
    guard let data = constant(node.input(0)), let last = data.shape.dimensions.last else {
      return nil
    }
    let isBytes = data.type == .uint8
    let type =
      isBytes
      ? ONNXSmallType(bits: node.integer("bits") ?? 4, isSigned: false) : small[data.name]
    guard let type, [2, 4, 8].contains(type.bits) else { return nil }
    guard let width = last.multiplied(by: isBytes ? 8 / type.bits : 1),
      let shape = Shape(checking: data.shape.dimensions.dropLast() + [width])
    else { return nil }
    return blocked(
      node, shape, .flat(shape.count, type), axis: node.integer("quantize_axis") ?? 1,
      block: node.integer("block_size") ?? 128, scales: node.input(2), zero: node.input(3),
      fixed: isBytes ? 1 << (type.bits - 1) : 0
    ) { points, scales in
      if isBytes, points.type == .uint8, let row = points.shape.dimensions.last,
        let count = scales.shape.dimensions.last, row == type.bytes(count),
        points.shape.dimensions.dropLast() == scales.shape.dimensions.dropLast()
      {
        return PackedCodes(bits: type.bits, rowBytes: row, rowCount: count)
      }
      return !isBytes && small[points.name] == type && points.shape == scales.shape
        ? .flat(scales.shape.count, type) : nil
    }
  }

  /// `DequantizeLinear` over blocks, or over integers of less than 8 bits.
  private func dequantized(_ node: OperatorNode) -> ONNXBlocks? {
    guard let data = constant(node.input(0)), let type = small[data.name] ?? data.type.small else {
      return nil
    }
    let zeroCodes: (TensorDescription, TensorDescription) -> PackedCodes? = { points, scales in
      let isSame = (small[points.name] ?? points.type.small) == type
      return isSame && points.shape.count == scales.shape.count
        ? .flat(scales.shape.count, type) : nil
    }
    let codes = PackedCodes.flat(data.shape.count, type)
    return blocked(
      node, data.shape, codes, axis: node.integer("axis") ?? 1,
      block: node.integer("block_size") ?? 0, scales: node.input(1), zero: node.input(2), fixed: 0,
      zeroCodes)
  }

  /// Blocks of `block` along `axis`; with 0, scales for its indices or one for all.
  private func blocked(
    _ node: OperatorNode, _ shape: Shape, _ codes: PackedCodes, axis: Int, block: Int,
    scales: String?, zero: String?, fixed: Int,
    _ zeroCodes: (TensorDescription, TensorDescription) -> PackedCodes?
  ) -> ONNXBlocks? {
    guard let scales = constant(scales), scales.type.isFloatingPoint, block >= 0, shape.count > 0,
      case let type = node.integer("output_dtype") ?? 0,
      type == 0 || ONNXElementType.type(of: type) == scales.type
    else { return nil }
    let counted = axis < 0 ? axis + shape.rank : axis
    let isAxis = (0..<shape.rank).contains(counted)
    let places: ONNXBlockPlaces
    if block > 0 {
      var expected = shape.dimensions
      guard isAxis else { return nil }
      expected[counted] = ONNXBlockPlaces.blocks(expected[counted], block)
      guard scales.shape.dimensions == expected else { return nil }
      places = ONNXBlockPlaces(shape, axis: counted, block: block)
    } else if scales.shape.count == 1 {
      places = .one
    } else {
      guard isAxis, scales.shape.dimensions == [shape.dimensions[counted]] else { return nil }
      places = ONNXBlockPlaces(shape, scalesOf: counted)
    }
    var taken = ONNXBlocks.Zero.fixed(fixed)
    if let zero {
      guard let points = constant(zero), let codes = zeroCodes(points, scales) else { return nil }
      taken = .packed(points.name, codes)
    }
    return ONNXBlocks(
      shape: shape, codes: codes, places: places, scales: scales.name, zero: taken,
      rounding: scales.type)
  }
}

extension ElementType {
  /// Integers of 8 and 16 bits, which are packed as smaller ones are.
  fileprivate var small: ONNXSmallType? {
    switch self {
    case .int8: ONNXSmallType(bits: 8, isSigned: true)
    case .uint8: ONNXSmallType(bits: 8, isSigned: false)
    case .int16: ONNXSmallType(bits: 16, isSigned: true)
    case .uint16: ONNXSmallType(bits: 16, isSigned: false)
    default: nil
    }
  }
}

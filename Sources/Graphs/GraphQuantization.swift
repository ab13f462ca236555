internal import AlbertBytes
internal import AlbertTensors

/// How a graph turns stored integers back into numbers: (q - zero point) x scale.
struct GraphQuantization {
  /// Stored values that are the scale: several where the file states it at each use.
  var scales: [String]
  let zeroPoint: String?
  /// The axis along which scales differ, counted from the end where it is negative.
  let axis: Int

  /// Every stored tensor of integers that some operator turns back, and how.
  ///
  /// One that is turned back in two ways is left out, so that nobody takes it for either.
  static func find(in graph: Graph) -> [String: GraphQuantization] {
    var producers: [String: GraphNode] = [:]
    for node in graph.nodes {
      for output in node.outputs where !output.isEmpty { producers[output] = node }
    }
    var found: [String: GraphQuantization] = [:]
    var unclear: Set<String> = []
    for node in graph.nodes {
      guard let (value, quantization) = use(node),
        let name = stored(behind: value, graph, producers, isUniform: quantization.isUniform(graph))
      else { continue }
      guard var known = found[name] else {
        found[name] = quantization
        continue
      }
      if known.isSame(as: quantization, in: graph) {
        known.scales += quantization.scales
        found[name] = known
      } else {
        unclear.insert(name)
      }
    }
    for name in unclear { found[name] = nil }
    return found
  }

  /// The integers that an operator turns back.
  private static func use(_ node: GraphNode) -> (value: String, GraphQuantization)? {
    func input(_ index: Int) -> String? {
      index < node.inputs.count && !node.inputs[index].isEmpty ? node.inputs[index] : nil
    }
    func integer(_ name: String) -> Int? {
      if case .integer(let value) = node.attributes[name] { value } else { nil }
    }
    switch node.operation {
    case "DequantizeLinear":
      guard let value = input(0), let scale = input(1), integer("block_size") ?? 0 == 0 else {
        return nil
      }
      return (
        value,
        GraphQuantization(scales: [scale], zeroPoint: input(2), axis: integer("axis") ?? 1)
      )
    case "HybridFullyConnected":
      guard let value = input(1), let scale = input(2) else { return nil }
      return (value, GraphQuantization(scales: [scale], zeroPoint: nil, axis: 0))
    default: return nil
    }
  }

  /// The stored tensor that `value` is; with one scale for all, also one of which it is rows.
  private static func stored(
    behind value: String, _ graph: Graph, _ producers: [String: GraphNode], isUniform: Bool
  ) -> String? {
    var value = value
    for _ in 0..<8 {
      if let tensor = graph.initializers[value] {
        return tensor.type.family == .integers && tensor.type.bits <= 16 ? value : nil
      }
      let moving = ["Gather", "Reshape", "Identity", "Squeeze", "Unsqueeze"]
      guard isUniform, let node = producers[value], moving.contains(node.operation),
        let input = node.inputs.first
      else { return nil }
      value = input
    }
    return nil
  }

  private func isUniform(_ graph: Graph) -> Bool {
    scales.first.flatMap { graph.initializers[$0] }?.shape.count == 1
  }

  private func isSame(as other: GraphQuantization, in graph: Graph) -> Bool {
    guard isUniform(graph) == other.isUniform(graph), isUniform(graph) || axis == other.axis
    else { return false }
    let pairs = [(scales.first, other.scales.first), (zeroPoint, other.zeroPoint)]
    return pairs.allSatisfy { mine, theirs in
      let (mine, theirs) = (
        mine.flatMap { graph.initializers[$0] }, theirs.flatMap { graph.initializers[$0] }
      )
      if mine == nil && theirs == nil { return true }
      guard let mine, let theirs, let a = try? mine.bytes(), let b = try? theirs.bytes() else {
        return false
      }
      return a == b
    }
  }

  /// The numbers as bytes of Float32.
  ///
  /// Throws where scales do not fit the tensor or cannot be read.
  func dequantized(
    _ tensor: GraphTensor, in graph: Graph, path: String
  ) throws(FileError) -> [UInt8] {
    let rank = tensor.shape.rank
    let place = axis < 0 ? axis + rank : axis
    guard let scale = scales.first.flatMap({ graph.initializers[$0] }), scale.shape.count > 0 else {
      throw FileError(path, .missing("the scale of '\(tensor.name)'"))
    }
    let factors = try scale.numbers().map { Float($0) }
    var zeros: [Int] = []
    if let zeroPoint {
      guard let stored = graph.initializers[zeroPoint] else {
        throw FileError(path, .missing("the zero point of '\(tensor.name)'"))
      }
      zeros = Self.integers(try stored.bytes(), stored.type, stored.shape.count)
    }
    let isOne = factors.count == 1
    let extents = tensor.shape.dimensions
    guard isOne || (extents.indices.contains(place) && extents[place] == factors.count),
      zeros.isEmpty || zeros.count == 1 || zeros.count == factors.count
    else {
      throw FileError(
        path, .malformed("\(factors.count) scales do not fit \(tensor.shape)"), tensor: tensor.name)
    }
    let inner = isOne ? 1 : extents.dropFirst(place + 1).reduce(1, *)
    let codes = Self.integers(try tensor.bytes(), tensor.type, tensor.shape.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * codes.count)
    for (index, code) in codes.enumerated() {
      let step = isOne ? 0 : index / inner % factors.count
      let zero = zeros.isEmpty ? 0 : zeros[zeros.count == 1 ? 0 : step]
      ElementType.float32.append(Double(Float(code - zero) * factors[step]), to: &bytes)
    }
    return bytes
  }

  /// Stored integers of up to 16 bits.
  private static func integers(_ bytes: [UInt8], _ type: GraphType, _ count: Int) -> [Int] {
    (0..<count).map { index in
      let bits: Int64
      if type.bits == 16 {
        bits = Int64(bytes[2 * index]) | Int64(bytes[2 * index + 1]) << 8
      } else {
        let place = index * type.bits
        bits = Int64(bytes[place / 8] >> UInt8(place % 8))
      }
      return Int(type.wrapped(bits))
    }
  }
}

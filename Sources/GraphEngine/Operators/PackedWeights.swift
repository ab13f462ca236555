internal import AlbertGraphs
internal import AlbertTensors

/// Products and look-ups of weights that are packed in blocks of a few bits.
enum PackedWeightOperators {
  static let operators: [Operator] = [
    Operator("MatMulNBits", domain: "com.microsoft", run: matMulBits),
    Operator("MatMulBnb4", domain: "com.microsoft", run: matMulTable),
    Operator("GatherBlockQuantized", domain: "com.microsoft", run: gather),
  ]

  private static func matMulBits(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let inner = try call.count("K")
    let columns = try call.count("N")
    let block = try call.count("block_size")
    let bits = try call.integer("bits", else: 4)
    guard [2, 4, 8].contains(bits), block.isMultiple(of: 8 / bits) else {
      throw .unsupported("weights of \(bits) bits in blocks of \(block)")
    }
    guard try call.integer("weight_prepacked", else: 0) == 0 else {
      throw .unsupported("weights that are packed for one kind of machine")
    }
    let blocks = (inner - 1) / block + 1
    let packed = PackedIntegers(bytes: try call.integers(1), bits: bits)
    let scales = try call.numbers(2)
    let padded = try call.shape([columns, blocks, block]).count
    guard packed.count == padded, scales.count == columns * blocks else {
      throw .invalid("the weights are not \(columns) columns of \(inner) in blocks of \(block)")
    }
    let zeros = try BlockZeros(call, 3, rows: columns, blocks: blocks, bits: bits)
    let groups = try call.list(4)
    if let groups {
      guard groups.count >= inner, groups.allSatisfy({ (0..<blocks).contains($0) }) else {
        throw .invalid("the places of the scales do not fit")
      }
    }
    let shape = try call.shape([columns, inner])
    var weights: [Double] = []
    weights.reserveCapacity(shape.count)
    for column in 0..<columns {
      for row in 0..<inner {
        let group = groups?[row] ?? row / block
        let place = column * blocks + group
        weights.append(
          (Double(packed[column * blocks * block + row]) - zeros[column, group]) * scales[place])
      }
    }
    var x = try call.input(0)
    let kernel = RoundedBlocks(size: block, bits: bits)
    // Level 4 lets a runtime round what goes in; one does where it has a kernel for it.
    let isPlain = groups == nil && call.optional(3)?.type.family != .numbers
    var panel: Int? = MatrixProduct.panel(depth: inner, columns: columns, isPacked: false)
    if try call.integer("accuracy_level", else: 0) == 4, kernel.exists, isPlain,
      call.isSingle(x), x.dimensions.last == inner
    {
      x = GraphValue(kernel.rounded(try call.numbers(0), width: inner), x.type, x.shape)
      panel = nil
    } else if bits == 4, kernel.exists, isPlain {
      // Its own kernel sums whole rows in their order; that of a single row depends on the machine.
      panel = x.count > inner ? inner : nil
    }
    return [
      try multiply(call, x, weights, inner: inner, columns: columns, bias: 5, panel: panel)
    ]
  }

  private static func matMulTable(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let inner = try call.count("K")
    let columns = try call.count("N")
    let block = try call.count("block_size")
    guard let table = FourBitTable.all[try call.integer("quant_type", else: -1)] else {
      throw .unsupported("this kind of 4-bit weights")
    }
    guard try call.integer("transB", else: 1) == 1 else {
      throw .unsupported("a product with the weights turned")
    }
    let count = try call.shape([columns, inner]).count
    let packed = PackedIntegers(bytes: try call.integers(1), bits: 4)
    let scales = try call.numbers(2)
    guard packed.count >= count, scales.count == (count - 1) / block + 1 else {
      throw .invalid("the weights are not \(columns) columns of \(inner) in blocks of \(block)")
    }
    // The first of two stands in the high bits.
    let weights = (0..<count).map { table[packed[$0 ^ 1]] * scales[$0 / block] }
    return [
      try multiply(
        call, try call.input(0), weights, inner: inner, columns: columns, bias: nil, panel: nil)
    ]
  }

  /// The first input, which may be rounded, times weights that stand column by column; in Float32 where the
  /// terms are known after which onnxruntime begins its sums anew.
  private static func multiply(
    _ call: OperatorCall, _ x: GraphValue, _ weights: [Double], inner: Int, columns: Int,
    bias: Int?, panel: Int?
  ) throws(OperatorError) -> GraphValue {
    guard x.dimensions.last == inner else {
      throw .invalid("the input is \(x.shape), where rows of \(inner) are wanted")
    }
    _ = try call.numbers(0)
    let isSingle = panel != nil && call.isSingle(x)
    let type: GraphType = isSingle ? .float32 : .float64
    let matrix = GraphValue(weights, type, try call.shape([columns, inner]))
    let product = try ProductOperators.product(
      call, GraphValue(x.doubles, type, x.shape), MovementOperators.transposed(matrix, [1, 0]),
      panel: panel)
    var numbers = product.doubles
    if let bias, let added = try call.optionalNumbers(bias) {
      guard added.count == columns else { throw .invalid("the bias does not fit the columns") }
      for index in numbers.indices { numbers[index] += added[index % columns] }
    }
    return GraphValue(numbers, x.type, product.shape)
  }

  private static func gather(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let data = try call.input(0)
    let table = try BlockTable(call, data)
    let indices = try call.input(1)
    let axis = try call.axis(try call.integer("gather_axis", else: 0), rank: data.rank)
    let extents = table.shape.dimensions
    let shape = try call.shape(
      Array(extents[..<axis]) + indices.dimensions + Array(extents[(axis + 1)...]))
    let inner = extents[(axis + 1)...].reduce(1, *)
    let places = try call.integers(1)
    var numbers: [Double] = []
    numbers.reserveCapacity(shape.count)
    try call.spend(extents: Array(extents[..<axis]) + [places.count])
    for outer in 0..<extents[..<axis].reduce(1, *) {
      for stated in places {
        let place = stated < 0 ? Int(stated) + extents[axis] : Int(stated)
        // Beyond the table there is nothing, which is zero.
        guard place >= 0, place < extents[axis] else {
          numbers.append(contentsOf: repeatElement(0, count: inner))
          continue
        }
        let start = (outer * extents[axis] + place) * inner
        for element in start..<start + inner { numbers.append(table[element]) }
      }
    }
    return [GraphValue(numbers, try call.input(2).type, shape)]
  }
}

extension OperatorCall {
  /// The setting `name`, which counts something there must be at least one of.
  func count(_ name: String) throws(OperatorError) -> Int {
    let value = try integer(name, else: 0)
    guard value > 0, value <= 1 << 40 else { throw .invalid("the setting '\(name)' is \(value)") }
    return value
  }
}

/// Integers of a few bits, packed from the low bits of bytes up.
struct PackedIntegers {
  let bytes: [Int64]
  let bits: Int

  /// All that the bytes hold.
  var count: Int { bytes.count * (8 / bits) }

  subscript(index: Int) -> Int {
    let perByte = 8 / bits
    return Int(bytes[index / perByte]) >> (index % perByte * bits) & ((1 << bits) - 1)
  }

  /// What whole rows hold of `width` integers each, which begin with a byte; nil of other bytes.
  static func rows(_ bytes: [Int64], bits: Int, width: Int) -> [Double]? {
    let perByte = 8 / bits
    let perRow = (width - 1) / perByte + 1
    guard width > 0, bytes.count.isMultiple(of: perRow) else { return nil }
    let packed = PackedIntegers(bytes: bytes, bits: bits)
    return (0..<bytes.count / perRow * width).map { place in
      Double(packed[place / width * perRow * perByte + place % width])
    }
  }
}

/// What is subtracted from the integers of each block: numbers, or integers packed row by row.
private struct BlockZeros {
  private let values: [Double]
  private let blocks: Int

  init(
    _ call: OperatorCall, _ index: Int, rows: Int, blocks: Int, bits: Int
  ) throws(OperatorError) {
    self.blocks = blocks
    guard let stated = call.optional(index) else {
      values = []
      middle = Double(1 << (bits - 1))
      return
    }
    middle = 0
    let numbers: [Double]?
    if case .numbers(let stated) = stated.storage {
      numbers = stated
    } else {
      let bytes = try call.integers(index)
      numbers =
        stated.type == .uint8 ? PackedIntegers.rows(bytes, bits: bits, width: blocks) : nil
    }
    guard let numbers, numbers.count == rows * blocks else {
      throw .invalid("the zero points are \(stated.shape)")
    }
    values = numbers
  }

  /// What is subtracted where nothing is stated: the middle of the range.
  private let middle: Double

  subscript(row: Int, block: Int) -> Double {
    values.isEmpty ? middle : values[row * blocks + block]
  }
}

/// A table of integers in blocks, as GatherBlockQuantized has it.
private struct BlockTable {
  /// The shape of the numbers.
  let shape: Shape
  private let integers: [Int64]
  private let packed: PackedIntegers?
  private let scales: [Double]
  private let zeros: [Double]
  private let middle: Double
  private let grid: QuantizationGrid

  init(_ call: OperatorCall, _ data: GraphValue) throws(OperatorError) {
    let bits = try call.integer("bits", else: 4)
    let axis = try call.axis(try call.integer("quantize_axis", else: 1), rank: data.rank)
    let block = try call.integer("block_size") == nil ? 128 : try call.count("block_size")
    integers = try call.integers(0)
    var extents = data.dimensions
    if data.type == .uint8 {
      guard [2, 4, 8].contains(bits) else { throw .unsupported("integers of \(bits) bits") }
      packed = PackedIntegers(bytes: integers, bits: bits)
      extents[extents.count - 1] *= 8 / bits
      middle = Double(1 << (bits - 1))
    } else {
      packed = nil
      middle = 0
    }
    shape = try call.shape(extents)
    scales = try call.numbers(2)
    let scale = try call.input(2)
    grid = try QuantizationGrid(over: shape, scale: scale, blocksOf: block, along: axis)
    guard let points = call.optional(3) else {
      zeros = []
      return
    }
    let integers = try call.integers(3)
    let numbers =
      data.type == .uint8
      ? PackedIntegers.rows(integers, bits: bits, width: scale.dimensions.last ?? 1)
      : integers.map(Double.init)
    guard let numbers, numbers.count == scales.count else {
      throw .invalid("the zero points are \(points.shape)")
    }
    zeros = numbers
  }

  /// The number at `index` in row-major order.
  subscript(index: Int) -> Double {
    let place = grid.place(of: index)
    let integer = packed.map { Double($0[index]) } ?? Double(integers[index])
    return (integer - (zeros.isEmpty ? middle : zeros[place])) * scales[place]
  }
}

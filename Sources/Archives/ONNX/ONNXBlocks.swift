internal import AlbertTensors

/// How a graph turns packed integers back into numbers with a scale per block of them.
///
/// As onnxruntime computes it (contrib_ops/cpu/quantization: matmul_nbits.cc, matmul_bnb4.cc,
/// gather_block_quantized.cc; quantize_linear.cc), down to the rounding of each step.
struct ONNXBlocks: Equatable {
  /// What is subtracted from an integer before it is scaled.
  enum Zero: Equatable {
    case fixed(Int)
    /// An integer for each scale, packed, in the tensor of this name.
    case packed(String, PackedCodes)
    /// A number for each scale, in the tensor of this name.
    case numbers(String)
    /// Nothing: the integer is the index of the number that is scaled.
    case table([Float])
  }

  /// The shape of the numbers.
  let shape: Shape
  let codes: PackedCodes
  let places: ONNXBlockPlaces
  /// The tensor of the scales.
  var scales: String
  let zero: Zero
  /// The type that each number is rounded to; nil for none.
  var rounding: ElementType?

  /// Rows of the tensor that a block reaches over at most.
  var rowsPerScale: Int {
    let width = max(1, shape.dimensions.last ?? 1)
    let block = min(places.block, shape.count)
    if places.inner > 1 { return block }
    // One that begins within a row ends within a row.
    return places.extent == width ? 1 : block / width + 2
  }

  /// Every constant that turning back takes.
  var parts: [String] {
    switch zero {
    case .packed(let name, _), .numbers(let name): [scales, name]
    case .fixed, .table: [scales]
    }
  }
}

/// Which scale an element of a tensor has.
struct ONNXBlockPlaces: Equatable {
  /// Indices of the axis that is cut into blocks, and elements between two of them.
  let extent: Int
  let inner: Int
  /// Indices of the axis in a block.
  let block: Int
  /// Scales between the tensor's parts before the axis, between blocks, and between elements behind it.
  let steps: [Int]

  /// A scale per block along `axis` of `shape`.
  init(_ shape: Shape, axis: Int, block: Int) {
    let dimensions = shape.dimensions
    extent = dimensions[axis]
    inner = dimensions[(axis + 1)...].reduce(1, *)
    self.block = block
    steps = [Self.blocks(extent, block) * inner, inner, 1]
  }

  /// A scale per index of `axis` of `shape`.
  init(_ shape: Shape, scalesOf axis: Int) {
    extent = shape.dimensions[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    block = 1
    steps = [0, 1, 0]
  }

  /// One scale for all.
  static let one = ONNXBlockPlaces(Shape([1]), scalesOf: 0)

  /// The number of blocks that `extent` is cut into, the last of which may be short.
  static func blocks(_ extent: Int, _ block: Int) -> Int {
    extent / block + (extent.isMultiple(of: block) ? 0 : 1)
  }

  /// The scale of the element at `index` in row-major order.
  func place(_ index: Int) -> Int {
    let (row, within) = index.quotientAndRemainder(dividingBy: inner)
    let (outer, along) = row.quotientAndRemainder(dividingBy: extent)
    return outer * steps[0] + along / block * steps[1] + within * steps[2]
  }
}

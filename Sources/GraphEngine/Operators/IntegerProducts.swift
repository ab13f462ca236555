internal import AlbertGraphs
internal import AlbertTensors

/// Products of quantised matrices, which are sums of whole numbers and so exact.
enum IntegerProductOperators {
  static let operators: [Operator] = [
    Operator("MatMulInteger", since: 10, run: matMulInteger),
    Operator("QLinearMatMul", since: 10, run: quantizedMatMul),
    Operator("DynamicQuantizeMatMul", domain: "com.microsoft", run: dynamicMatMul),
    Operator("MatMulIntegerToFloat", domain: "com.microsoft", run: matMulToNumbers),
    Operator("QGemm", domain: "com.microsoft", run: quantizedGemm),
  ]

  private static func matMulInteger(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let sums = try ProductSums(
      call, try OffsetMatrix(call, 0, zeroPoint: 2, isLeft: true),
      try OffsetMatrix(call, 1, zeroPoint: 3, isLeft: false))
    if call.keepsNumbers { return [GraphValue(sums.values, .float64, sums.shape)] }
    return [
      GraphValue(sums.values.map { GraphType.int32.wrapped(Int64($0)) }, .int32, sums.shape)
    ]
  }

  private static func quantizedMatMul(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let sums = try ProductSums(
      call, try OffsetMatrix(call, 0, zeroPoint: 2, isLeft: true),
      try OffsetMatrix(call, 3, zeroPoint: 5, isLeft: false))
    let (left, right) = (try call.numbers(1), try call.numbers(4))
    let type = try call.input(7).type
    return [
      try sums.requantized(
        call,
        scale: { row, column throws(OperatorError) in
          try sums.entry(left, of: sums.rows, at: row, "a scale")
            * sums.entry(right, of: sums.columns, at: column, "a scale")
        }, output: try call.single(6) ?? 1, zeroPoint: try call.zeroPoint(7), type)
    ]
  }

  private static func dynamicMatMul(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let a = try call.input(0)
    let numbers = try call.numbers(0)
    let left: OffsetMatrix
    var scale = 1.0
    if call.keepsNumbers {
      left = OffsetMatrix(numbers, a.shape)
    } else {
      let quantized = Quantizing.dynamically(numbers)
      let offset = quantized.integers.map { $0 - quantized.zeroPoint }
      call.rounds(to: offset)
      left = OffsetMatrix(offset.map(Double.init), a.shape)
      scale = Double(quantized.scale)
    }
    let sums = try ProductSums(
      call, left, try OffsetMatrix(call, 1, zeroPoint: 3, isLeft: false))
    return [
      try sums.scaled(
        [scale], try call.numbers(2),
        bias: try call.optionalNumbers(4), a.type)
    ]
  }

  private static func matMulToNumbers(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let sums = try ProductSums(
      call, try OffsetMatrix(call, 0, zeroPoint: 4, isLeft: true),
      try OffsetMatrix(call, 1, zeroPoint: 5, isLeft: false))
    return [
      try sums.scaled(
        try call.numbers(2), try call.numbers(3),
        bias: try call.optionalNumbers(6), try call.input(2).type)
    ]
  }

  private static func quantizedGemm(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let isLeftTurned = try call.integer("transA", else: 0) != 0
    let isRightTurned = try call.integer("transB", else: 0) != 0
    let (a, b) = (try call.input(0), try call.input(3))
    guard a.rank == 2, b.rank == 2 else { throw .invalid("it takes matrices") }
    let left = try OffsetMatrix(
      isLeftTurned ? MovementOperators.transposed(a, [1, 0]) : a, zeroPoint: call.optional(2),
      isLeft: true)
    let right = try OffsetMatrix(
      isRightTurned ? MovementOperators.transposed(b, [1, 0]) : b, zeroPoint: call.optional(5),
      isLeft: false)
    var sums = try ProductSums(call, left, right)
    if let c = call.optional(6) {
      guard Broadcast.fits(c.dimensions, sums.shape.dimensions) else {
        throw .invalid("the third matrix does not fit the product")
      }
      for (index, added) in c.expanded(to: sums.shape).doubles.enumerated() {
        sums.values[index] += added
      }
    }
    let alpha = try call.number("alpha", else: 1)
    let scales = try call.numbers(4).map {
      call.keepsNumbers ? alpha * $0 : Double(Float(alpha) * Float($0))
    }
    guard let output = try call.single(7) else {
      return [try sums.scaled(try call.numbers(1), scales, bias: nil, try call.input(1).type)]
    }
    let factor = try call.single(1) ?? 1
    return [
      try sums.requantized(
        call,
        scale: { _, column throws(OperatorError) in
          try factor * sums.entry(scales, of: sums.columns, at: column, "a scale")
        }, output: output, zeroPoint: try call.zeroPoint(8),
        call.optional(8)?.type ?? a.type)
    ]
  }
}

/// A matrix of integers less its zero points, which belong to all of it, to rows or to columns.
struct OffsetMatrix {
  let values: [Double]
  let shape: Shape

  init(_ values: [Double], _ shape: Shape) {
    self.values = values
    self.shape = shape
  }

  init(
    _ call: OperatorCall, _ index: Int, zeroPoint: Int, isLeft: Bool
  ) throws(OperatorError) {
    try self.init(
      try call.input(index), zeroPoint: call.optional(zeroPoint), isLeft: isLeft)
  }

  /// The zero points of a left matrix belong to its rows, those of a right one to its columns.
  init(_ matrix: GraphValue, zeroPoint: GraphValue?, isLeft: Bool) throws(OperatorError) {
    let entries: [Double]
    switch (matrix.storage, matrix.grid) {
    case (.integers(let integers), _) where matrix.type.bits <= 16:
      entries = integers.map(Double.init)
    case (.numbers(let numbers), let grid?): entries = numbers.map { $0 / grid.scale }
    default: throw .invalid("a matrix of \(matrix.type.rawValue) where integers are wanted")
    }
    shape = matrix.shape
    let zero = matrix.grid?.zeroPoint ?? 0
    guard var point = zeroPoint else {
      values = zero == 0 ? entries : entries.map { $0 + zero }
      return
    }
    guard point.type == matrix.type || matrix.type.family == .numbers else {
      throw .invalid("a zero point is of another type than its matrix")
    }
    if isLeft, point.rank == 1, point.count > 1 {
      point = point.reshaped(Shape([point.count, 1]))
    }
    guard
      point.count == 1
        || Broadcast.fits(point.dimensions, matrix.dimensions)
    else { throw .invalid("the zero points \(point.shape) do not fit the matrix") }
    let points =
      point.count == 1 ? point.repeated(matrix.shape) : point.expanded(to: matrix.shape)
    values = zip(entries, points.doubles).map { $0 + (zero - $1) }
  }
}

extension OperatorCall {
  /// The one zero point at input `index`; 0 where it is left out.
  func zeroPoint(_ index: Int) throws(OperatorError) -> Int64 {
    guard let point = optional(index) else { return 0 }
    guard point.count == 1, point.type.bits <= 32 else {
      throw .invalid("the zero point is \(point.type.rawValue) \(point.shape)")
    }
    return try integers(index)[0]
  }
}

/// The sums of a product of whole numbers.
struct ProductSums {
  var values: [Double]
  let shape: Shape
  /// Rows and columns of each of the product's matrices; a vector has one.
  let rows: Int
  let columns: Int

  init(_ call: OperatorCall, _ a: OffsetMatrix, _ b: OffsetMatrix) throws(OperatorError) {
    let product = try ProductOperators.product(
      call, GraphValue(a.values, .float64, a.shape), GraphValue(b.values, .float64, b.shape))
    // Whole numbers of up to 17 bits: each sum is one that Float64 holds.
    values = product.doubles
    shape = product.shape
    rows = a.shape.rank == 1 ? 1 : a.shape.dimensions[a.shape.rank - 2]
    columns = b.shape.rank == 1 ? 1 : b.shape.dimensions[b.shape.rank - 1]
  }

  /// The one of `values`, of which there is one or one for each of `count` places, at `place`.
  func entry(
    _ values: [Double], of count: Int, at place: Int, _ what: String
  ) throws(OperatorError) -> Double {
    guard values.count == 1 || values.count == count else {
      throw .invalid("there are \(values.count) of what must be 1 or \(count): \(what)")
    }
    return values.count == 1 ? values[0] : values[place]
  }

  /// The sums as numbers: times the scales, plus the bias.
  func scaled(
    _ left: [Double], _ right: [Double], bias: [Double]?, _ type: GraphType
  ) throws(OperatorError) -> GraphValue {
    var numbers: [Double] = []
    numbers.reserveCapacity(values.count)
    if let bias, bias.count != columns { throw .invalid("the bias does not fit the columns") }
    for (index, sum) in values.enumerated() {
      let column = index % columns
      let scale =
        try entry(left, of: rows, at: index / columns % rows, "a scale")
        * entry(right, of: columns, at: column, "a scale")
      numbers.append(sum * scale + (bias?[column] ?? 0))
    }
    return GraphValue(numbers, type, shape)
  }

  /// The sums as integers of `type`; the factor and the product are Float32, as runtimes have them.
  func requantized(
    _ call: OperatorCall,
    scale: (_ row: Int, _ column: Int) throws(OperatorError) -> Double, output: Double,
    zeroPoint: Int64, _ type: GraphType
  ) throws(OperatorError) -> GraphValue {
    if call.keepsNumbers {
      var numbers: [Double] = []
      numbers.reserveCapacity(values.count)
      for (index, sum) in values.enumerated() {
        let number = sum * (try scale(index / columns % rows, index % columns))
        numbers.append(Quantizing.kept(number, zeroPoint: zeroPoint, type))
      }
      let grid = GraphValue.Grid(scale: output, zeroPoint: Double(zeroPoint))
      return GraphValue(numbers, on: grid, shape)
    }
    guard type.family == .integers, type.bits <= 32 else {
      throw .invalid("the result is \(type.rawValue), which nothing is quantised to")
    }
    var integers: [Int64] = []
    integers.reserveCapacity(values.count)
    for (index, sum) in values.enumerated() {
      let joint = Float(try scale(index / columns % rows, index % columns))
      let factor = joint / Float(output)
      integers.append(
        Quantizing.integer(Double(Float(sum) * factor), zeroPoint: zeroPoint, type))
    }
    call.rounds(to: integers.map { $0 - zeroPoint })
    return GraphValue(integers, type, shape)
  }
}

internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Products of matrices.
enum ProductOperators {
  static let operators: [Operator] = [
    Operator("MatMul", run: matMul),
    Operator("Gemm", run: gemm),
    Operator("Einsum", since: 12, run: EinsteinSum.run),
  ]

  private static func matMul(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    [try product(call, try call.input(0), try call.input(1))]
  }

  /// The product of two values by NumPy's rule: the last two axes are matrices, the others a batch.
  ///
  /// In Float32 sums begin anew after `panel` terms; nil is as onnxruntime's MatMul has it.
  static func product(
    _ call: OperatorCall, _ a: GraphValue, _ b: GraphValue, panel: Int? = nil
  ) throws(OperatorError) -> GraphValue {
    guard a.rank > 0, b.rank > 0 else { throw .invalid("a number without axes is no matrix") }
    guard a.type == b.type else { throw .invalid("the inputs have different types") }
    let left = a.rank == 1 ? [1] + a.dimensions : a.dimensions
    let right = b.rank == 1 ? b.dimensions + [1] : b.dimensions
    let (rows, depth) = (left[left.count - 2], left[left.count - 1])
    let columns = right[right.count - 1]
    guard right[right.count - 2] == depth,
      let batch = Broadcast.extents([Array(left.dropLast(2)), Array(right.dropLast(2))])
    else { throw .invalid("the matrices do not fit together") }
    let full = try call.shape(batch + [rows, columns])
    var extents = batch
    if a.rank > 1 { extents.append(rows) }
    if b.rank > 1 { extents.append(columns) }
    let shape = try call.shape(extents)
    guard full.count > 0 else { return .zeros(a.type, shape) }
    let count = batch.reduce(1, *)
    try call.spend(product: count, rows, columns, depth)
    var aPlaces = StridedPlaces(
      batch, strides: Broadcast.strides(try call.shape(Array(left.dropLast(2))), over: batch))
    var bPlaces = StridedPlaces(
      batch, strides: Broadcast.strides(try call.shape(Array(right.dropLast(2))), over: batch))
    let pairs = (0..<count).map { _ in
      (aPlaces.next() * rows * depth, bPlaces.next() * depth * columns)
    }
    switch (a.storage, b.storage) {
    case (.numbers(let x), .numbers(let y)):
      // A batch over one matrix is one product of more rows.
      let isOne = right.dropLast(2).allSatisfy { $0 == 1 } && batch == Array(left.dropLast(2))
      let (pairs, rows) = isOne ? ([(0, 0)], count * rows) : (pairs, rows)
      let result =
        call.isSingle(a)
        ? MatrixProduct.multiplySingle(
          x, y, pairs, rows: rows, depth: depth, columns: columns,
          panel: panel
            ?? MatrixProduct.panel(depth: depth, columns: columns, isPacked: call.isStored(1)))
        : MatrixProduct.multiply(x, y, pairs, rows: rows, depth: depth, columns: columns)
      return GraphValue(result, a.type, full).reshaped(shape)
    case (.integers(let x), .integers(let y)):
      var result: [Int64] = []
      result.reserveCapacity(full.count)
      for (aStart, bStart) in pairs {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum: Int64 = 0
            for k in 0..<depth {
              sum &+= x[aStart + row * depth + k] &* y[bStart + k * columns + column]
            }
            result.append(a.type.wrapped(sum))
          }
        }
      }
      return GraphValue(result, a.type, full).reshaped(shape)
    default: throw .invalid("it takes numbers only")
    }
  }

  private static func gemm(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    var (a, b) = (try call.input(0), try call.input(1))
    guard a.rank == 2, b.rank == 2 else { throw .invalid("it takes two matrices") }
    if try call.integer("transA", else: 0) != 0 { a = MovementOperators.transposed(a, [1, 0]) }
    if try call.integer("transB", else: 0) != 0 { b = MovementOperators.transposed(b, [1, 0]) }
    let alpha = try call.number("alpha", else: 1)
    let beta = try call.number("beta", else: 1)
    var y = try product(call, a, b)
    if alpha != 1 { y = try scaled(y, alpha) }
    guard var c = call.optional(2) else { return [y] }
    if beta != 1 { c = try scaled(c, beta) }
    guard Broadcast.fits(c.dimensions, y.dimensions) else {
      throw .invalid("\(c.shape) does not fit the product \(y.shape)")
    }
    return [try ArithmeticOperators.sum(call, y, c)]
  }

  private static func scaled(_ x: GraphValue, _ factor: Double) throws(OperatorError) -> GraphValue
  {
    switch x.storage {
    case .numbers(let values): return GraphValue(values.each { $0 * factor }, x.type, x.shape)
    case .integers(let values):
      guard let factor = Int64(exactly: factor) else {
        throw .unsupported("integers by a factor with a fraction")
      }
      return GraphValue(values.map { x.type.wrapped($0 &* factor) }, x.type, x.shape)
    case .flags: throw .invalid("it takes numbers only")
    }
  }
}
